-- Transactions of its own, and a view
--
-- revision: r10
-- revises: r09

-- migrate:up transaction:false
BEGIN;
ALTER TABLE item ADD COLUMN total integer;
UPDATE item SET total = price * 2;
UPDATE counter SET n = n + (SELECT count(*) FROM item WHERE total = 4) WHERE name = 'up';
COMMIT;
CREATE VIEW cheap AS SELECT id, total FROM item WHERE total < 10;
INSERT INTO effect SELECT 'r10 cheap' FROM cheap;

-- migrate:down transaction:false
DROP VIEW cheap;
ALTER TABLE item DROP COLUMN total;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r10 down');
