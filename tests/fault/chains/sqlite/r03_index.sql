-- An index and a column
--
-- revision: r03
-- revises: r02

-- migrate:up
CREATE INDEX item_label ON item (label);
ALTER TABLE item ADD COLUMN made_by text DEFAULT 'r03';
INSERT INTO effect SELECT 'r03 after the index' FROM item WHERE id = 1;
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r03 up');

-- migrate:down
ALTER TABLE item DROP COLUMN made_by;
DROP INDEX item_label;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r03 down');
