-- Create regions and put the sites in them
--
-- revision: e947df2171b9
-- revises: c1f338e2c1e0
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-29T15:50:38Z

-- migrate:up
CREATE TABLE regions (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER REFERENCES regions (id) ON DELETE RESTRICT,
    code TEXT NOT NULL CONSTRAINT regions_code_key UNIQUE,
    name TEXT NOT NULL,
    CONSTRAINT regions_parent_check CHECK (parent_id <> id)
) STRICT;

INSERT INTO regions (code, name) VALUES ('EU', 'Europe');
INSERT INTO regions (parent_id, code, name)
SELECT e.id, s.country, 'Country ' || s.country
FROM (SELECT DISTINCT country FROM sites) s
CROSS JOIN regions e
WHERE e.code = 'EU';

ALTER TABLE sites ADD COLUMN region_id INTEGER REFERENCES regions (id);
UPDATE sites SET region_id = r.id FROM regions r WHERE r.code = sites.country;

-- migrate:down
ALTER TABLE sites DROP COLUMN region_id;
-- DROP TABLE deletes the rows first, and RESTRICT would hold the parents back.
UPDATE regions SET parent_id = NULL;
DROP TABLE regions;
