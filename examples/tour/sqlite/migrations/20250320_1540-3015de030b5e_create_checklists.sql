-- Create checklists
--
-- revision: 3015de030b5e
-- revises: 2021966a4a9a
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-20T15:40:28Z

-- migrate:up
CREATE TABLE checklists (
    id INTEGER PRIMARY KEY,
    observer_id INTEGER NOT NULL REFERENCES observers (id) ON DELETE RESTRICT,
    site_id INTEGER NOT NULL REFERENCES sites (id) ON UPDATE CASCADE ON DELETE RESTRICT,
    protocol TEXT NOT NULL DEFAULT 'stationary',
    started_at TEXT NOT NULL,
    minutes INTEGER,
    metres INTEGER,
    is_complete INTEGER NOT NULL DEFAULT 0 CHECK (is_complete IN (0, 1)),
    CONSTRAINT checklists_visit_key UNIQUE (observer_id, site_id, started_at),
    CONSTRAINT checklists_protocol_check
        CHECK (protocol IN ('stationary', 'travelling', 'area')),
    CONSTRAINT checklists_minutes_check CHECK (minutes BETWEEN 1 AND 1440),
    CONSTRAINT checklists_metres_check
        CHECK (CASE WHEN protocol = 'travelling' THEN metres > 0 ELSE metres IS NULL END)
) STRICT;

-- migrate:down
DROP TABLE checklists;
