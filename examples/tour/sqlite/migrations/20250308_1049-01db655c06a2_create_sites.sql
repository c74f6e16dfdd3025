-- Create sites
--
-- revision: 01db655c06a2
-- revises: 98fd4301a52f
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-08T10:49:37Z

-- migrate:up
CREATE TABLE sites (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE CONSTRAINT sites_name_check CHECK (length(trim(name)) > 0),
    country TEXT NOT NULL CONSTRAINT sites_country_check CHECK (country GLOB '[A-Z][A-Z]'),
    lat REAL NOT NULL CONSTRAINT sites_lat_check CHECK (lat BETWEEN -90 AND 90),
    lon REAL NOT NULL CONSTRAINT sites_lon_check CHECK (lon BETWEEN -180 AND 180),
    note TEXT NOT NULL DEFAULT '',
    added_by INTEGER REFERENCES observers (id) ON DELETE SET NULL,
    CONSTRAINT sites_country_name_key UNIQUE (country, name)
) STRICT;

-- A foreign key has no index of its own here, and deleting an observer would scan the table.
CREATE INDEX sites_added_by_idx ON sites (added_by) WHERE added_by IS NOT NULL;

-- migrate:down
DROP TABLE sites;
