-- Create species
--
-- revision: 5802f023fa0b
-- revises: 01db655c06a2
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-12T12:26:14Z

-- migrate:up
CREATE TABLE species (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER,
    rank TEXT NOT NULL
        CONSTRAINT species_rank_check CHECK (rank IN ('order', 'family', 'species', 'subspecies')),
    scientific_name TEXT NOT NULL CONSTRAINT species_scientific_name_key UNIQUE,
    common_name TEXT,
    wing_mm_min INTEGER,
    wing_mm_max INTEGER,
    CONSTRAINT species_parent_fkey FOREIGN KEY (parent_id) REFERENCES species (id)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT species_parent_check CHECK ((rank = 'order') = (parent_id IS NULL)),
    CONSTRAINT species_wing_check CHECK (wing_mm_min <= wing_mm_max)
) STRICT;

CREATE INDEX species_parent_id_idx ON species (parent_id);

-- migrate:down
DROP TABLE species;
