-- A view, and a statement alone
--
-- revision: r10
-- revises: r09

-- migrate:up
CREATE VIEW cheap AS SELECT id, price FROM item WHERE price < 10;
INSERT INTO effect SELECT 'r10 cheap' FROM cheap;
-- whimbrel: transaction:false
UPDATE counter SET n = n + 1 WHERE name = 'up';
DROP INDEX item_label;
INSERT INTO effect VALUES ('r10 up');

-- migrate:down
CREATE INDEX item_label ON item (label);
DROP VIEW cheap;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r10 down');
