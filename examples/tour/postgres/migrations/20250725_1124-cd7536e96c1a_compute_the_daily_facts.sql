-- Compute the daily facts
--
-- revision: cd7536e96c1a
-- revises: 7c0a637652ee
-- branch_labels:
-- depends_on: 8db54c12cd79
-- create_date: 2025-07-25T11:24:12Z

-- migrate:up
CREATE FUNCTION refresh_report_facts(from_day date, to_day date) RETURNS bigint
    LANGUAGE plpgsql AS $fn$
DECLARE
    written bigint;
BEGIN
    DELETE FROM report_facts WHERE day BETWEEN from_day AND to_day;
    INSERT INTO report_facts (day, site_id, species_id, checklists, birds)
    SELECT (c.started_at AT TIME ZONE 'UTC')::date, c.site_id, g.species_id,
           count(*), coalesce(sum(g.tally), 0)
    FROM sightings g JOIN checklists c ON c.id = g.checklist_id
    WHERE c.started_at >= from_day AND c.started_at < to_day + 1
    GROUP BY 1, 2, 3;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END;
$fn$;

SELECT refresh_report_facts('2024-01-01', '2026-12-31');

-- migrate:down
DELETE FROM report_facts;
DROP FUNCTION refresh_report_facts(date, date);
