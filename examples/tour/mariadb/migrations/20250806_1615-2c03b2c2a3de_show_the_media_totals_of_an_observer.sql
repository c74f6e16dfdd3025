-- Show the media totals of an observer
--
-- revision: 2c03b2c2a3de
-- revises: e73a192f1f9a
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-06T16:15:03Z

-- migrate:up
CREATE VIEW media_totals AS
SELECT m.owner_id, m.kind, COUNT(DISTINCT m.id) AS media_count,
       COALESCE(SUM(v.size_bytes), 0) AS size_bytes
FROM media m LEFT JOIN media_variants v ON v.media_id = m.id
GROUP BY m.owner_id, m.kind;

-- migrate:down
DROP VIEW media_totals;
