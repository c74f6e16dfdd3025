-- Compute the daily facts
--
-- revision: cd7536e96c1a
-- revises: 7c0a637652ee
-- branch_labels:
-- depends_on: 8db54c12cd79
-- create_date: 2025-07-25T11:24:12Z

-- migrate:up
CREATE PROCEDURE refresh_report_facts(from_day DATE, to_day DATE)
MODIFIES SQL DATA
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;

    START TRANSACTION;
    DELETE FROM report_facts WHERE day BETWEEN from_day AND to_day;
    INSERT INTO report_facts (day, site_id, species_id, checklists, birds)
    SELECT DATE(c.started_at), c.site_id, g.species_id, COUNT(*), COALESCE(SUM(g.tally), 0)
    FROM sightings g JOIN checklists c ON c.id = g.checklist_id
    WHERE c.started_at >= from_day AND c.started_at < to_day + INTERVAL 1 DAY
    GROUP BY 1, 2, 3;
    COMMIT;
END;

CALL refresh_report_facts('2024-01-01', '2026-12-31');

-- migrate:down
DELETE FROM report_facts;
DROP PROCEDURE refresh_report_facts;
