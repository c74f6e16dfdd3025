-- An index among other statements
--
-- revision: r03
-- revises: r02

-- migrate:up
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r03 up');
CREATE INDEX item_label ON item (label);
INSERT INTO effect SELECT 'r03 after the index' FROM item WHERE id = 1;
ALTER TABLE item ADD COLUMN made_by varchar(10) DEFAULT 'r03';

-- migrate:down
ALTER TABLE item DROP COLUMN made_by;
DROP INDEX item_label ON item;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r03 down');
