-- Create surveys
--
-- revision: 9f58a3c5e503
-- revises: 8db54c12cd79
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-30T13:01:49Z

-- migrate:up
CREATE TABLE surveys (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    leader_id BIGINT UNSIGNED NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    CONSTRAINT surveys_name_key UNIQUE (name),
    CONSTRAINT surveys_leader_fkey FOREIGN KEY (leader_id) REFERENCES observers (id),
    CONSTRAINT surveys_dates_check CHECK (starts_on < ends_on)
);

CREATE TABLE survey_sites (
    survey_id BIGINT UNSIGNED NOT NULL,
    site_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (survey_id, site_id),
    CONSTRAINT survey_sites_survey_fkey FOREIGN KEY (survey_id) REFERENCES surveys (id)
        ON DELETE CASCADE,
    CONSTRAINT survey_sites_site_fkey FOREIGN KEY (site_id) REFERENCES sites (id)
        ON DELETE CASCADE
);

-- Only a site of the survey can be counted for it.
ALTER TABLE checklists
    ADD COLUMN survey_id BIGINT UNSIGNED,
    ADD CONSTRAINT checklists_survey_fkey FOREIGN KEY (survey_id, site_id)
        REFERENCES survey_sites (survey_id, site_id);

-- migrate:down
ALTER TABLE checklists DROP FOREIGN KEY checklists_survey_fkey;
ALTER TABLE checklists DROP INDEX checklists_survey_fkey, DROP COLUMN survey_id;
DROP TABLE survey_sites;
DROP TABLE surveys;
