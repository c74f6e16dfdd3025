-- A trigger, and rows that fire it
--
-- revision: r08
-- revises: r07

-- migrate:up
CREATE TRIGGER count_item AFTER INSERT ON item BEGIN
  UPDATE counter SET n = n + 100 WHERE name = 'up';
END;
INSERT INTO item (id, label, price) VALUES (1000, 'label 1000', 1000);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r08 up');

-- migrate:down
DROP TRIGGER count_item;
DELETE FROM item WHERE id = 1000;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r08 down');
