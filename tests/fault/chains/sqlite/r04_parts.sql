-- Parts that point at items
--
-- revision: r04
-- revises: r03

-- migrate:up
CREATE TABLE part (id integer PRIMARY KEY, item integer NOT NULL REFERENCES item (id) ON DELETE CASCADE);
INSERT INTO part SELECT id, id FROM item WHERE id <= 50;
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r04 up');

-- migrate:down
DROP TABLE part;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r04 down');
