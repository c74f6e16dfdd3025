-- Create the daily facts
--
-- revision: 7c0a637652ee
-- revises: 49862357d5da
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-07T16:00:48Z

-- migrate:up
CREATE TABLE report_facts (
    day date NOT NULL REFERENCES report_days (day),
    site_id bigint NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    species_id bigint NOT NULL REFERENCES species (id) ON DELETE CASCADE,
    checklists integer NOT NULL,
    birds bigint NOT NULL,
    PRIMARY KEY (day, site_id, species_id)
);

CREATE INDEX report_facts_species_idx ON report_facts USING brin (day);
CREATE STATISTICS report_facts_stats (dependencies) ON site_id, species_id FROM report_facts;

-- migrate:down
DROP TABLE report_facts;
