-- Find sites by the tile they lie in
--
-- revision: 2056ca485fb9
-- revises: 7f4516369517
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-10T12:56:44Z

-- migrate:up
ALTER TABLE sites
    ADD COLUMN tile CHAR(9) CHARACTER SET ascii AS (
        CONCAT(LPAD(FLOOR((lat + 90) * 10), 4, '0'), ':', LPAD(FLOOR((lon + 180) * 10), 4, '0'))
    ) VIRTUAL,
    ADD INDEX sites_tile_idx (tile);

-- migrate:down
ALTER TABLE sites DROP INDEX sites_tile_idx, DROP COLUMN tile;
