-- Show each region with its whole path
--
-- revision: 4b4cfa27c5f7
-- revises: e947df2171b9
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-02T09:27:15Z

-- migrate:up
CREATE VIEW region_paths AS
WITH RECURSIVE path (id, code, path, depth) AS (
    SELECT id, code, name, 1 FROM regions WHERE parent_id IS NULL
    UNION ALL
    SELECT r.id, r.code, p.path || ' / ' || r.name, p.depth + 1
    FROM regions r JOIN path p ON p.id = r.parent_id
)
SELECT id, code, path, depth FROM path;

-- migrate:down
DROP VIEW region_paths;
