-- Create surveys
--
-- revision: 9f58a3c5e503
-- revises: 8db54c12cd79
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-30T13:01:49Z

-- migrate:up
CREATE TABLE surveys (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    leader_id INTEGER NOT NULL REFERENCES observers (id),
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    CHECK (starts_on < ends_on)
) STRICT;

CREATE TABLE survey_sites (
    survey_id INTEGER NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
    site_id INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    PRIMARY KEY (survey_id, site_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE checklists ADD COLUMN survey_id INTEGER REFERENCES surveys (id);

-- Only a site of the survey can be counted for it; a key of two columns would need a new table.
CREATE TRIGGER checklists_survey_insert BEFORE INSERT ON checklists
WHEN NEW.survey_id IS NOT NULL
BEGIN
    SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM survey_sites
                                 WHERE survey_id = NEW.survey_id AND site_id = NEW.site_id)
        THEN RAISE(ABORT, 'the site is not part of the survey') END;
END;

CREATE TRIGGER checklists_survey_update BEFORE UPDATE OF survey_id, site_id ON checklists
WHEN NEW.survey_id IS NOT NULL
BEGIN
    SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM survey_sites
                                 WHERE survey_id = NEW.survey_id AND site_id = NEW.site_id)
        THEN RAISE(ABORT, 'the site is not part of the survey') END;
END;

-- migrate:down
DROP TRIGGER checklists_survey_update;
DROP TRIGGER checklists_survey_insert;
ALTER TABLE checklists DROP COLUMN survey_id;
DROP TABLE survey_sites;
DROP TABLE surveys;
