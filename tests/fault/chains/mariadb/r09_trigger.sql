-- A trigger, and rows that fire it
--
-- revision: r09
-- revises: r08

-- migrate:up
CREATE TRIGGER count_item AFTER INSERT ON item FOR EACH ROW
  UPDATE counter SET n = n + 100 WHERE name = 'up';
INSERT INTO item (id, label, kind, price, weight) VALUES (1000, 'label 1000', 'kind 9', 1000, 0);
DROP INDEX item_label ON item;
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r09 up');

-- migrate:down
CREATE INDEX item_label ON item (label);
DELETE FROM item WHERE id = 1000;
DROP TRIGGER count_item;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r09 down');
