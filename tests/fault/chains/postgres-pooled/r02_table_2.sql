-- Table 2
--
-- revision: r02
-- revises: r01

-- migrate:up
CREATE TABLE item_2 (id integer PRIMARY KEY, label text);
INSERT INTO item_2 SELECT i, 'label ' || i FROM generate_series(1, 50) AS i;
CREATE INDEX item_2_label ON item_2 (label);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect SELECT 'r02 ' || label FROM item_2 WHERE id = 1;

-- migrate:down
DROP TABLE item_2;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r02 down');
