-- Table 10
--
-- revision: r10
-- revises: r09

-- migrate:up
CREATE TABLE item_10 (id integer PRIMARY KEY, label text);
INSERT INTO item_10 SELECT i, 'label ' || i FROM generate_series(1, 50) AS i;
CREATE INDEX item_10_label ON item_10 (label);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect SELECT 'r10 ' || label FROM item_10 WHERE id = 1;

-- migrate:down
DROP TABLE item_10;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r10 down');
