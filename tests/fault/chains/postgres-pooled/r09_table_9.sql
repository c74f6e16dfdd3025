-- Table 9
--
-- revision: r09
-- revises: r08

-- migrate:up
CREATE TABLE item_9 (id integer PRIMARY KEY, label text);
INSERT INTO item_9 SELECT i, 'label ' || i FROM generate_series(1, 50) AS i;
CREATE INDEX item_9_label ON item_9 (label);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect SELECT 'r09 ' || label FROM item_9 WHERE id = 1;

-- migrate:down
DROP TABLE item_9;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r09 down');
