-- Create the calendar of the reports
--
-- revision: 49862357d5da
-- revises:
-- branch_labels: reporting
-- depends_on: 59498dd3f744
-- create_date: 2025-04-13T09:22:10Z

-- migrate:up
CREATE TABLE report_days (
    day TEXT PRIMARY KEY CHECK (day IS date(day)),
    year INTEGER GENERATED ALWAYS AS (CAST(strftime('%Y', day) AS INTEGER)) STORED,
    week INTEGER GENERATED ALWAYS AS (CAST(strftime('%W', day) AS INTEGER)) VIRTUAL
) STRICT, WITHOUT ROWID;

WITH RECURSIVE d (day) AS (
    VALUES ('2024-01-01')
    UNION ALL
    SELECT date(day, '+1 day') FROM d WHERE day < '2026-12-31'
)
INSERT INTO report_days (day) SELECT day FROM d;

-- migrate:down
DROP TABLE report_days;
