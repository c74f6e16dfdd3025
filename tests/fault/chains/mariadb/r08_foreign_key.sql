-- A foreign key, a view, a default
--
-- revision: r08
-- revises: r07

-- migrate:up
CREATE TABLE part (id integer PRIMARY KEY, item integer NOT NULL);
INSERT INTO part SELECT id, id FROM item;
ALTER TABLE part ADD CONSTRAINT part_item FOREIGN KEY (item) REFERENCES item (id);
CREATE VIEW cheap AS SELECT id, price FROM item WHERE price < 10;
INSERT INTO effect SELECT 'r08 cheap' FROM cheap;
ALTER TABLE item ALTER COLUMN kind SET DEFAULT 'none';
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r08 up');

-- migrate:down
ALTER TABLE item ALTER COLUMN kind DROP DEFAULT;
DROP VIEW cheap;
DROP TABLE part;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r08 down');
