-- Create names of species in other languages
--
-- revision: 7f4516369517
-- revises: 2f31b59de0e8
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-28T16:05:53Z

-- migrate:up
CREATE TABLE species_names (
    species_id BIGINT UNSIGNED NOT NULL,
    language VARCHAR(5) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(120) CHARACTER SET utf8mb4 NOT NULL,
    is_preferred BOOLEAN NOT NULL DEFAULT FALSE,
    preferred_language VARCHAR(5) CHARACTER SET ascii COLLATE ascii_bin
        AS (IF(is_preferred, language, NULL)) VIRTUAL INVISIBLE,
    PRIMARY KEY (species_id, language, name),
    CONSTRAINT species_names_preferred_key UNIQUE (species_id, preferred_language),
    CONSTRAINT species_names_species_fkey FOREIGN KEY (species_id) REFERENCES species (id)
        ON DELETE CASCADE,
    CONSTRAINT species_names_language_check CHECK (language REGEXP '^[a-z]{2}(-[A-Z]{2})?$')
);

INSERT INTO species_names (species_id, language, name, is_preferred)
SELECT id, 'en', common_name, TRUE FROM species WHERE common_name IS NOT NULL;
INSERT INTO species_names (species_id, language, name, is_preferred)
WITH v (scientific, language, name) AS (VALUES
    ('Numenius phaeopus', 'de', 'Regenbrachvogel'),
    ('Numenius phaeopus', 'nl', 'Regenwulp'),
    ('Calidris alpina', 'de', CONCAT('Alpenstrandl', CHAR(0xC3A4 USING utf8mb4), 'ufer')))
SELECT s.id, v.language, v.name, TRUE
FROM v JOIN species s ON s.scientific_name = v.scientific;

-- migrate:down
DROP TABLE species_names;
