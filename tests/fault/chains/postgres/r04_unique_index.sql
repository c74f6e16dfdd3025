-- A unique index, and one that may exist
--
-- revision: r04
-- revises: r03

-- migrate:up
CREATE UNIQUE INDEX CONCURRENTLY item_price ON item (price);
CREATE INDEX CONCURRENTLY IF NOT EXISTS item_kind ON item (kind, id);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r04 up');

-- migrate:down
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r04 down');
DROP INDEX CONCURRENTLY IF EXISTS item_kind;
DROP INDEX CONCURRENTLY item_price;
