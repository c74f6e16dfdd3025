-- Create names of species in other languages
--
-- revision: 7f4516369517
-- revises: 2f31b59de0e8
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-28T16:05:53Z

-- migrate:up
CREATE TABLE species_names (
    species_id bigint NOT NULL REFERENCES species (id) ON DELETE CASCADE,
    language text NOT NULL CONSTRAINT species_names_language_check
        CHECK (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
    name text NOT NULL,
    is_preferred boolean NOT NULL DEFAULT false,
    PRIMARY KEY (species_id, language, name)
);

CREATE UNIQUE INDEX species_names_preferred_key ON species_names (species_id, language)
    WHERE is_preferred;

INSERT INTO species_names (species_id, language, name, is_preferred)
SELECT id, 'en', common_name, true FROM species WHERE common_name IS NOT NULL;
INSERT INTO species_names (species_id, language, name, is_preferred)
SELECT s.id, v.language, v.name, true
FROM (VALUES ('Numenius phaeopus', 'de', 'Regenbrachvogel'),
             ('Numenius phaeopus', 'nl', 'Regenwulp'),
             ('Calidris alpina', 'de', 'Alpenstrandl' || U&'\00E4' || 'ufer'))
    v (scientific, language, name)
JOIN species s ON s.scientific_name = v.scientific;

-- migrate:down
DROP TABLE species_names;
