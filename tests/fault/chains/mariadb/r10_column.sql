-- A column that is filled, and one that goes
--
-- revision: r10
-- revises: r09

-- migrate:up
ALTER TABLE item ADD COLUMN total integer, ALGORITHM=INPLACE;
UPDATE item SET total = price * 2;
UPDATE counter SET n = n + (SELECT count(*) FROM item WHERE total = 4) WHERE name = 'up';
ALTER TABLE item DROP COLUMN made_by;
INSERT INTO effect VALUES ('r10 up');

-- migrate:down
ALTER TABLE item ADD COLUMN made_by varchar(10) DEFAULT 'r03';
ALTER TABLE item DROP COLUMN total;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r10 down');
