-- Partitions
--
-- revision: r05
-- revises: r04

-- migrate:up
CREATE TABLE event (id integer NOT NULL, year integer NOT NULL) PARTITION BY RANGE (year);
CREATE TABLE event_2023 PARTITION OF event FOR VALUES FROM (2023) TO (2024);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM (2024) TO (2025);
INSERT INTO event SELECT i, 2023 + i % 2 FROM generate_series(1, 100) AS i;
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r05 up');

-- migrate:down
DROP TABLE event;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r05 down');
