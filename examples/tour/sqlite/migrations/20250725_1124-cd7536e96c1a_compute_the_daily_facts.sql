-- Compute the daily facts
--
-- revision: cd7536e96c1a
-- revises: 7c0a637652ee
-- branch_labels:
-- depends_on: 8db54c12cd79
-- create_date: 2025-07-25T11:24:12Z

-- migrate:up
-- There are no procedures here: an INSERT into this view is the call.
CREATE VIEW report_refreshes (from_day, to_day) AS SELECT NULL, NULL WHERE 0;

CREATE TRIGGER report_refreshes_run INSTEAD OF INSERT ON report_refreshes
BEGIN
    DELETE FROM report_facts WHERE day BETWEEN NEW.from_day AND NEW.to_day;
    INSERT INTO report_facts (day, site_id, species_id, checklists, birds)
    SELECT date(c.started_at), c.site_id, g.species_id, count(*), coalesce(sum(g.tally), 0)
    FROM sightings g JOIN checklists c ON c.id = g.checklist_id
    WHERE date(c.started_at) BETWEEN NEW.from_day AND NEW.to_day
    GROUP BY 1, 2, 3;
END;

INSERT INTO report_refreshes VALUES ('2024-01-01', '2026-12-31');

-- migrate:down
DELETE FROM report_facts;
DROP VIEW report_refreshes;
