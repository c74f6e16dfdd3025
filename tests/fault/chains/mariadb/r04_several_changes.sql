-- Several changes in one statement
--
-- revision: r04
-- revises: r03

-- migrate:up
ALTER TABLE item ADD UNIQUE INDEX item_price (price), ADD COLUMN weight integer NOT NULL DEFAULT 1,
  MODIFY COLUMN kind varchar(20);
UPDATE item SET weight = weight + id;
UPDATE item SET weight = weight * 2;
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r04 up');

-- migrate:down
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r04 down');
ALTER TABLE item DROP INDEX item_price, DROP COLUMN weight, MODIFY COLUMN kind varchar(10);
