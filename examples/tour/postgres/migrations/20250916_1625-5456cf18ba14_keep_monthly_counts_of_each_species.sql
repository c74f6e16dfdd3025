-- Keep monthly counts of each species
--
-- revision: 5456cf18ba14
-- revises: 5be5731b7b82
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-16T16:25:13Z

-- migrate:up
CREATE MATERIALIZED VIEW monthly_counts AS
SELECT date_trunc('month', c.started_at AT TIME ZONE 'UTC')::date AS month, g.species_id,
       count(*) AS checklists, coalesce(sum(g.tally), 0) AS birds
FROM sightings g JOIN checklists c ON c.id = g.checklist_id
GROUP BY 1, 2
WITH DATA;

-- REFRESH ... CONCURRENTLY needs a unique index.
CREATE UNIQUE INDEX monthly_counts_key ON monthly_counts (month, species_id);
REFRESH MATERIALIZED VIEW CONCURRENTLY monthly_counts;

-- migrate:down
DROP MATERIALIZED VIEW monthly_counts;
