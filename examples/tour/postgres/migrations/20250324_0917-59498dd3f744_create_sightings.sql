-- Create sightings
--
-- revision: 59498dd3f744
-- revises: 3015de030b5e
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-24T09:17:05Z

-- migrate:up
CREATE TABLE sightings (
    checklist_id bigint NOT NULL REFERENCES checklists (id) ON DELETE CASCADE,
    species_id bigint NOT NULL REFERENCES species (id),
    tally integer,
    remark text,
    PRIMARY KEY (checklist_id, species_id),
    CONSTRAINT sightings_tally_check CHECK (tally > 0)
);

COMMENT ON COLUMN sightings.tally IS 'Birds counted; null where the species was only noted';

-- migrate:down
DROP TABLE sightings;
