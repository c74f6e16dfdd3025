-- Table 5
--
-- revision: r05
-- revises: r04

-- migrate:up
SET search_path = public, pg_catalog;
CREATE TABLE item_5 (id integer PRIMARY KEY, label text);
INSERT INTO item_5 SELECT i, 'label ' || i FROM generate_series(1, 50) AS i;
CREATE INDEX item_5_label ON item_5 (label);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect SELECT 'r05 ' || label FROM item_5 WHERE id = 1;

-- migrate:down
DROP TABLE item_5;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r05 down');
