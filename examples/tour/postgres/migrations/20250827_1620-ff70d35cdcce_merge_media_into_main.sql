-- Merge media into main
--
-- revision: ff70d35cdcce
-- revises: d5e0bee369e9, 2c03b2c2a3de
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-27T16:20:08Z

-- migrate:up
CREATE VIEW contributions AS
SELECT o.id AS observer_id, o.handle,
       (SELECT count(*) FROM checklists c WHERE c.observer_id = o.id) AS checklists,
       (SELECT count(*) FROM life_lists l WHERE l.observer_id = o.id) AS species,
       coalesce((SELECT sum(t.media_count) FROM media_totals t
                 WHERE t.owner_id = o.id), 0) AS media
FROM observers o
WHERE o.is_active;

-- migrate:down
DROP VIEW contributions;
