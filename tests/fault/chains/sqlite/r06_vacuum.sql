-- Maintenance in the middle
--
-- revision: r06
-- revises: r05

-- migrate:up
UPDATE counter SET n = n + 1 WHERE name = 'up';
VACUUM;
INSERT INTO effect VALUES ('r06 up');
PRAGMA user_version = 6;

-- migrate:down
PRAGMA user_version = 5;
VACUUM;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r06 down');
