-- Table 6
--
-- revision: r06
-- revises: r05

-- migrate:up
CREATE TABLE item_6 (id integer PRIMARY KEY, label text);
INSERT INTO item_6 SELECT i, 'label ' || i FROM generate_series(1, 50) AS i;
CREATE INDEX item_6_label ON item_6 (label);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect SELECT 'r06 ' || label FROM item_6 WHERE id = 1;

-- migrate:down
DROP TABLE item_6;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r06 down');
