-- Table 3
--
-- revision: r03
-- revises: r02

-- migrate:up
CREATE TABLE item_3 (id integer PRIMARY KEY, label text);
INSERT INTO item_3 SELECT i, 'label ' || i FROM generate_series(1, 50) AS i;
CREATE INDEX item_3_label ON item_3 (label);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect SELECT 'r03 ' || label FROM item_3 WHERE id = 1;

-- migrate:down
DROP TABLE item_3;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r03 down');
