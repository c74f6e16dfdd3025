-- Table 4
--
-- revision: r04
-- revises: r03

-- migrate:up
CREATE TABLE item_4 (id integer PRIMARY KEY, label text);
INSERT INTO item_4 SELECT i, 'label ' || i FROM generate_series(1, 50) AS i;
CREATE INDEX item_4_label ON item_4 (label);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect SELECT 'r04 ' || label FROM item_4 WHERE id = 1;

-- migrate:down
DROP TABLE item_4;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r04 down');
