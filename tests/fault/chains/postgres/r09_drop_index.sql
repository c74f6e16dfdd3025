-- An index dropped concurrently, a function, a trigger
--
-- revision: r09
-- revises: r08

-- migrate:up
CREATE FUNCTION count_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE counter SET n = n + 100 WHERE name = 'up';
  RETURN new;
END $$;
CREATE TRIGGER count_item AFTER INSERT ON item FOR EACH ROW EXECUTE FUNCTION count_item();
INSERT INTO item VALUES (1000, 'label 1000', 'kind 9', 1000);
DROP INDEX CONCURRENTLY item_label;
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r09 up');

-- migrate:down
CREATE INDEX CONCURRENTLY item_label ON item (label);
DELETE FROM item WHERE id = 1000;
DROP FUNCTION count_item() CASCADE;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r09 down');
