-- A partition detached concurrently
--
-- revision: r06
-- revises: r05

-- migrate:up
UPDATE counter SET n = n + 1 WHERE name = 'up';
ALTER TABLE event DETACH PARTITION event_2023 CONCURRENTLY;
INSERT INTO effect SELECT 'r06 up' FROM event_2023 WHERE id = 2;

-- migrate:down
ALTER TABLE event ATTACH PARTITION event_2023 FOR VALUES FROM (2023) TO (2024);
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r06 down');
