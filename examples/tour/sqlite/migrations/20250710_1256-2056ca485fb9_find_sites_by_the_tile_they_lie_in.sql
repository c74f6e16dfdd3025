-- Find sites by the tile they lie in
--
-- revision: 2056ca485fb9
-- revises: 7f4516369517
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-10T12:56:44Z

-- migrate:up
ALTER TABLE sites ADD COLUMN tile TEXT GENERATED ALWAYS AS (
    printf('%04d:%04d', CAST((lat + 90) * 10 AS INTEGER), CAST((lon + 180) * 10 AS INTEGER))
) VIRTUAL;
CREATE INDEX sites_tile_idx ON sites (tile);

-- migrate:down
DROP INDEX sites_tile_idx;
ALTER TABLE sites DROP COLUMN tile;
