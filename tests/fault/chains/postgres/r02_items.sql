-- Items
--
-- revision: r02
-- revises: r01

-- migrate:up
CREATE TABLE item (id integer PRIMARY KEY, label text NOT NULL, kind text, price integer);
INSERT INTO item SELECT i, 'label ' || i, 'kind ' || i % 7, i FROM generate_series(1, 300) AS i;
INSERT INTO effect SELECT 'r02 item ' || kind FROM item WHERE id <= 3;
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r02 up');

-- migrate:down
DROP TABLE item;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r02 down');
