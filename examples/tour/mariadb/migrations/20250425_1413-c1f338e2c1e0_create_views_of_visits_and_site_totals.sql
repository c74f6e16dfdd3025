-- Create views of visits and site totals
--
-- revision: c1f338e2c1e0
-- revises: e9e63ab47343
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-25T14:13:01Z

-- migrate:up
CREATE SQL SECURITY INVOKER VIEW visits AS
SELECT c.id AS checklist_id, s.id AS site_id, s.name AS site, s.country, o.handle,
       c.started_at, COUNT(g.species_id) AS species_count, COALESCE(SUM(g.tally), 0) AS birds
FROM checklists c
JOIN sites s ON s.id = c.site_id
JOIN observers o ON o.id = c.observer_id
LEFT JOIN sightings g ON g.checklist_id = c.id
GROUP BY c.id, s.id, o.id;

CREATE ALGORITHM = TEMPTABLE VIEW site_totals
    (site_id, site, country, visit_count, birds, last_visit) AS
SELECT site_id, site, country, COUNT(*), SUM(birds), MAX(started_at)
FROM visits
GROUP BY site_id, site, country;

CREATE VIEW country_totals AS
SELECT country, COUNT(*) AS site_count, SUM(birds) AS birds
FROM site_totals
GROUP BY country;

-- migrate:down
DROP VIEW country_totals, site_totals, visits;
