-- Table 7
--
-- revision: r07
-- revises: r06

-- migrate:up
CREATE TABLE item_7 (id integer PRIMARY KEY, label text);
INSERT INTO item_7 SELECT i, 'label ' || i FROM generate_series(1, 50) AS i;
CREATE INDEX item_7_label ON item_7 (label);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect SELECT 'r07 ' || label FROM item_7 WHERE id = 1;

-- migrate:down
DROP TABLE item_7;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r07 down');
