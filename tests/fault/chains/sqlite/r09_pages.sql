-- Many rows, so that pages are written
--
-- revision: r09
-- revises: r08

-- migrate:up
CREATE TABLE page (id integer PRIMARY KEY, body text);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 400)
INSERT INTO page SELECT i, hex(zeroblob(400)) FROM s;
UPDATE page SET body = body || 'x';
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r09 up');

-- migrate:down
DROP TABLE page;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r09 down');
