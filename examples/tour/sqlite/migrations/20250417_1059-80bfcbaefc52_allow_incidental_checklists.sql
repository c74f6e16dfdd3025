-- Allow incidental checklists
--
-- revision: 80bfcbaefc52
-- revises: 421ef3f2d6d1
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-17T10:59:47Z

-- migrate:up transaction:false
-- A check can't be altered, so the table is built anew. Keys must be off, or DROP TABLE would
-- delete the sightings with their checklists; and that PRAGMA does nothing inside a transaction.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;

CREATE TABLE checklists_new (
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
        CHECK (protocol IN ('stationary', 'travelling', 'area', 'incidental')),
    CONSTRAINT checklists_minutes_check CHECK (minutes BETWEEN 1 AND 1440),
    CONSTRAINT checklists_metres_check
        CHECK (CASE WHEN protocol = 'travelling' THEN metres > 0 ELSE metres IS NULL END)
) STRICT;

INSERT INTO checklists_new
    (id, observer_id, site_id, protocol, started_at, minutes, metres, is_complete)
SELECT id, observer_id, site_id, protocol, started_at, minutes, metres, is_complete
FROM checklists;

DROP TABLE checklists;
ALTER TABLE checklists_new RENAME TO checklists;
CREATE INDEX checklists_site_day_idx ON checklists (site_id, started_at DESC);

-- PRAGMA foreign_key_check only reports; this makes what it finds an error.
CREATE TEMP TABLE broken_keys (found INTEGER CHECK (found = 0));
INSERT INTO broken_keys SELECT count(*) FROM pragma_foreign_key_check;
DROP TABLE temp.broken_keys;

COMMIT;
PRAGMA foreign_keys = ON;

-- migrate:down transaction:false
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;

CREATE TABLE checklists_new (
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

-- What was seen by the way becomes a stationary count of no stated length.
INSERT INTO checklists_new
    (id, observer_id, site_id, protocol, started_at, minutes, metres, is_complete)
SELECT id, observer_id, site_id,
       CASE protocol WHEN 'incidental' THEN 'stationary' ELSE protocol END,
       started_at, minutes, metres, is_complete
FROM checklists;

DROP TABLE checklists;
ALTER TABLE checklists_new RENAME TO checklists;
CREATE INDEX checklists_site_day_idx ON checklists (site_id, started_at DESC);

CREATE TEMP TABLE broken_keys (found INTEGER CHECK (found = 0));
INSERT INTO broken_keys SELECT count(*) FROM pragma_foreign_key_check;
DROP TABLE temp.broken_keys;

COMMIT;
PRAGMA foreign_keys = ON;
