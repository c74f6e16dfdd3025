-- Create the calendar of the reports
--
-- revision: 49862357d5da
-- revises:
-- branch_labels: reporting
-- depends_on: 59498dd3f744
-- create_date: 2025-04-13T09:22:10Z

-- migrate:up
CREATE TABLE report_days (
    day date PRIMARY KEY,
    year smallint GENERATED ALWAYS AS (extract(year FROM day)::smallint) STORED,
    iso_week smallint GENERATED ALWAYS AS (extract(week FROM day)::smallint) STORED
);

INSERT INTO report_days (day)
SELECT d::date FROM generate_series(date '2024-01-01', date '2026-12-31', interval '1 day') d;

-- migrate:down
DROP TABLE report_days;
