-- Create the daily facts
--
-- revision: 7c0a637652ee
-- revises: 49862357d5da
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-07T16:00:48Z

-- migrate:up
CREATE TABLE report_facts (
    day TEXT NOT NULL REFERENCES report_days (day),
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    species_id INTEGER NOT NULL REFERENCES species (id) ON DELETE CASCADE,
    checklists INTEGER NOT NULL,
    birds INTEGER NOT NULL,
    PRIMARY KEY (day, site_id, species_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX report_facts_species_idx ON report_facts (species_id, day);

-- migrate:down
DROP TABLE report_facts;
