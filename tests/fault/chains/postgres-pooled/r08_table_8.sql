-- Table 8
--
-- revision: r08
-- revises: r07

-- migrate:up
CREATE TABLE item_8 (id integer PRIMARY KEY, label text);
INSERT INTO item_8 SELECT i, 'label ' || i FROM generate_series(1, 50) AS i;
CREATE INDEX item_8_label ON item_8 (label);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect SELECT 'r08 ' || label FROM item_8 WHERE id = 1;

-- migrate:down
DROP TABLE item_8;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r08 down');
