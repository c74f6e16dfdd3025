-- Items
--
-- revision: r02
-- revises: r01

-- migrate:up
CREATE TABLE item (id integer PRIMARY KEY, label text NOT NULL, kind text, price integer);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 300)
INSERT INTO item SELECT i, 'label ' || i, 'kind ' || i % 7, i FROM s;
INSERT INTO effect SELECT 'r02 item ' || kind FROM item WHERE id <= 3;
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r02 up');

-- migrate:down
DROP TABLE item;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r02 down');
