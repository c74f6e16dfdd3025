-- Keep monthly counts of each species
--
-- revision: 5456cf18ba14
-- revises: 5be5731b7b82
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-16T16:25:13Z

-- migrate:up
-- There are no materialized views here: an event makes the table anew every night.
CREATE TABLE monthly_counts (
    month DATE NOT NULL,
    species_id BIGINT UNSIGNED NOT NULL,
    checklists INT UNSIGNED NOT NULL,
    birds BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (month, species_id)
);

DELIMITER //
CREATE PROCEDURE refresh_monthly_counts()
MODIFIES SQL DATA
BEGIN
    DELETE FROM monthly_counts;
    INSERT INTO monthly_counts
    SELECT DATE_FORMAT(c.started_at, '%Y-%m-01'), g.species_id, COUNT(*), COALESCE(SUM(g.tally), 0)
    FROM sightings g JOIN checklists c ON c.id = g.checklist_id
    GROUP BY 1, 2;
END//

CREATE EVENT monthly_counts_refresh
ON SCHEDULE EVERY 1 DAY STARTS '2025-10-01 03:00:00'
DO BEGIN
    CALL refresh_monthly_counts();
END//
DELIMITER ;

CALL refresh_monthly_counts();

-- migrate:down
DROP EVENT monthly_counts_refresh;
DROP PROCEDURE refresh_monthly_counts;
DROP TABLE monthly_counts;
