-- Create the daily facts
--
-- revision: 7c0a637652ee
-- revises: 49862357d5da
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-07T16:00:48Z

-- migrate:up
CREATE TABLE report_facts (
    day DATE NOT NULL,
    site_id BIGINT UNSIGNED NOT NULL,
    species_id BIGINT UNSIGNED NOT NULL,
    checklists INT UNSIGNED NOT NULL,
    birds BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (day, site_id, species_id),
    CONSTRAINT report_facts_day_fkey FOREIGN KEY (day) REFERENCES report_days (day),
    CONSTRAINT report_facts_site_fkey FOREIGN KEY (site_id) REFERENCES sites (id)
        ON DELETE CASCADE,
    CONSTRAINT report_facts_species_fkey FOREIGN KEY (species_id) REFERENCES species (id)
        ON DELETE CASCADE
);

-- migrate:down
DROP TABLE report_facts;
