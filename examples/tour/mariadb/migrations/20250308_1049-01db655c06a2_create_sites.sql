-- Create sites
--
-- revision: 01db655c06a2
-- revises: 98fd4301a52f
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-08T10:49:37Z

-- migrate:up
CREATE TABLE sites (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    lat DECIMAL(8, 5) NOT NULL,
    lon DECIMAL(8, 5) NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    added_by BIGINT UNSIGNED,
    CONSTRAINT sites_country_name_key UNIQUE (country, name),
    CONSTRAINT sites_name_check CHECK (CHAR_LENGTH(TRIM(name)) > 0),
    CONSTRAINT sites_country_check CHECK (country REGEXP '^[A-Z]{2}$'),
    CONSTRAINT sites_lat_check CHECK (lat BETWEEN -90 AND 90),
    CONSTRAINT sites_lon_check CHECK (lon BETWEEN -180 AND 180),
    CONSTRAINT sites_added_by_fkey FOREIGN KEY (added_by) REFERENCES observers (id)
        ON DELETE SET NULL
);

-- migrate:down
DROP TABLE sites;
