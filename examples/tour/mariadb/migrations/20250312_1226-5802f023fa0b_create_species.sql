-- Create species
--
-- revision: 5802f023fa0b
-- revises: 01db655c06a2
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-12T12:26:14Z

-- migrate:up
CREATE TABLE species (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    parent_id BIGINT UNSIGNED,
    `rank` ENUM('order', 'family', 'species', 'subspecies') NOT NULL,
    scientific_name VARCHAR(120) NOT NULL,
    common_name VARCHAR(120),
    wing_mm_min SMALLINT UNSIGNED,
    wing_mm_max SMALLINT UNSIGNED,
    CONSTRAINT species_scientific_name_key UNIQUE (scientific_name),
    CONSTRAINT species_parent_fkey FOREIGN KEY (parent_id) REFERENCES species (id),
    CONSTRAINT species_parent_check CHECK ((`rank` = 'order') = (parent_id IS NULL)),
    CONSTRAINT species_wing_check CHECK (wing_mm_min <= wing_mm_max)
);

-- migrate:down
DROP TABLE species;
