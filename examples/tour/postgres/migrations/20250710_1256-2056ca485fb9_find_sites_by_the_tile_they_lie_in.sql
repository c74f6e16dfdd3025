-- Find sites by the tile they lie in
--
-- revision: 2056ca485fb9
-- revises: 7f4516369517
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-10T12:56:44Z

-- migrate:up
CREATE FUNCTION tile_of(lat numeric, lon numeric) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_char(floor((lat + 90) * 10), 'FM0000') || ':'
        || to_char(floor((lon + 180) * 10), 'FM0000');

ALTER TABLE sites ADD COLUMN tile text GENERATED ALWAYS AS (tile_of(lat, lon)) STORED;
CREATE INDEX sites_tile_idx ON sites (tile text_pattern_ops);

-- migrate:down
ALTER TABLE sites DROP COLUMN tile;
DROP FUNCTION tile_of(numeric, numeric);
