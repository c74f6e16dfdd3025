-- Create the calendar of the reports
--
-- revision: 49862357d5da
-- revises:
-- branch_labels: reporting
-- depends_on: 59498dd3f744
-- create_date: 2025-04-13T09:22:10Z

-- migrate:up
CREATE TABLE report_days (
    day DATE NOT NULL PRIMARY KEY,
    year SMALLINT UNSIGNED AS (YEAR(day)) PERSISTENT,
    iso_week TINYINT UNSIGNED AS (WEEK(day, 3)) VIRTUAL
);

INSERT INTO report_days (day) SELECT DATE '2024-01-01' + INTERVAL seq DAY FROM seq_0_to_1095;

-- migrate:down
DROP TABLE report_days;
