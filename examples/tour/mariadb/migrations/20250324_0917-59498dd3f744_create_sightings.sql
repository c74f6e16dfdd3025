-- Create sightings
--
-- revision: 59498dd3f744
-- revises: 3015de030b5e
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-24T09:17:05Z

-- migrate:up
CREATE TABLE sightings (
    checklist_id BIGINT UNSIGNED NOT NULL,
    species_id BIGINT UNSIGNED NOT NULL,
    tally INT UNSIGNED COMMENT 'Birds counted; null where the species was only noted',
    remark TEXT,
    PRIMARY KEY (checklist_id, species_id),
    INDEX sightings_species_idx (species_id),
    CONSTRAINT sightings_checklist_fkey FOREIGN KEY (checklist_id) REFERENCES checklists (id)
        ON DELETE CASCADE,
    CONSTRAINT sightings_species_fkey FOREIGN KEY (species_id) REFERENCES species (id),
    CONSTRAINT sightings_tally_check CHECK (tally > 0)
);

-- migrate:down
DROP TABLE sightings;
