-- Create the activity log in yearly parts
--
-- revision: 5be5731b7b82
-- revises: 6936a0d4a0d9
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-11T14:48:36Z

-- migrate:up
-- There are no partitions here: a table for each year, a view over them, and a trigger that puts
-- each row where it belongs.
CREATE TABLE activity_2024 (
    at TEXT NOT NULL CHECK (at >= '2024' AND at < '2025'),
    observer_id INTEGER NOT NULL REFERENCES observers (id),
    action TEXT NOT NULL,
    details TEXT,
    PRIMARY KEY (at, observer_id, action)
) STRICT, WITHOUT ROWID;

CREATE TABLE activity_rest (
    at TEXT NOT NULL CHECK (at < '2024' OR at >= '2025'),
    observer_id INTEGER NOT NULL REFERENCES observers (id),
    action TEXT NOT NULL,
    details TEXT,
    PRIMARY KEY (at, observer_id, action)
) STRICT, WITHOUT ROWID;

CREATE INDEX activity_2024_observer_idx ON activity_2024 (observer_id, at DESC);
CREATE INDEX activity_rest_observer_idx ON activity_rest (observer_id, at DESC);

CREATE VIEW activity AS SELECT * FROM activity_2024 UNION ALL SELECT * FROM activity_rest;

CREATE TRIGGER activity_insert INSTEAD OF INSERT ON activity
BEGIN
    INSERT INTO activity_2024
    SELECT NEW.at, NEW.observer_id, NEW.action, NEW.details
    WHERE NEW.at >= '2024' AND NEW.at < '2025';
    INSERT INTO activity_rest
    SELECT NEW.at, NEW.observer_id, NEW.action, NEW.details
    WHERE NEW.at < '2024' OR NEW.at >= '2025';
END;

INSERT INTO activity (at, observer_id, action)
SELECT joined_at, id, 'joined' FROM observers
UNION ALL
SELECT started_at, observer_id, 'counted' FROM checklists;

-- migrate:down
DROP VIEW activity;
DROP TABLE activity_rest;
DROP TABLE activity_2024;
