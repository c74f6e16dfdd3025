-- Create regions and put the sites in them
--
-- revision: e947df2171b9
-- revises: c1f338e2c1e0
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-29T15:50:38Z

-- migrate:up
CREATE TABLE regions (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    parent_id BIGINT UNSIGNED,
    code VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(120) NOT NULL,
    CONSTRAINT regions_code_key UNIQUE (code),
    CONSTRAINT regions_parent_fkey FOREIGN KEY (parent_id) REFERENCES regions (id)
);

INSERT INTO regions (code, name) VALUES ('EU', 'Europe');
INSERT INTO regions (parent_id, code, name)
SELECT e.id, s.country, CONCAT('Country ', s.country)
FROM (SELECT DISTINCT country FROM sites) s
CROSS JOIN regions e
WHERE e.code = 'EU';

ALTER TABLE sites ADD COLUMN region_id BIGINT UNSIGNED;
UPDATE sites s JOIN regions r ON r.code = s.country SET s.region_id = r.id;
ALTER TABLE sites ADD CONSTRAINT sites_region_fkey FOREIGN KEY (region_id) REFERENCES regions (id);

-- migrate:down
ALTER TABLE sites DROP FOREIGN KEY sites_region_fkey;
ALTER TABLE sites DROP COLUMN region_id;
DROP TABLE regions;
