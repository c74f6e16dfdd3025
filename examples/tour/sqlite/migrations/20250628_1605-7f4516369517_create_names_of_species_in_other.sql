-- Create names of species in other languages
--
-- revision: 7f4516369517
-- revises: 2f31b59de0e8
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-28T16:05:53Z

-- migrate:up
CREATE TABLE species_names (
    species_id INTEGER NOT NULL REFERENCES species (id) ON DELETE CASCADE,
    language TEXT NOT NULL CONSTRAINT species_names_language_check
        CHECK (language GLOB '[a-z][a-z]' OR language GLOB '[a-z][a-z]-[A-Z][A-Z]'),
    name TEXT NOT NULL,
    is_preferred INTEGER NOT NULL DEFAULT 0 CHECK (is_preferred IN (0, 1)),
    PRIMARY KEY (species_id, language, name)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX species_names_preferred_key ON species_names (species_id, language)
    WHERE is_preferred;

INSERT INTO species_names (species_id, language, name, is_preferred)
SELECT id, 'en', common_name, 1 FROM species WHERE common_name IS NOT NULL;
INSERT INTO species_names (species_id, language, name, is_preferred)
SELECT s.id, v.column2, v.column3, 1
FROM (VALUES ('Numenius phaeopus', 'de', 'Regenbrachvogel'),
             ('Numenius phaeopus', 'nl', 'Regenwulp'),
             ('Calidris alpina', 'de', 'Alpenstrandl' || char(228) || 'ufer')) v
JOIN species s ON s.scientific_name = v.column1;

-- migrate:down
DROP TABLE species_names;
