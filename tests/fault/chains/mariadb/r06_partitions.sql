-- Partitions and a table renamed
--
-- revision: r06
-- revises: r05

-- migrate:up
CREATE TABLE event (id integer NOT NULL, year integer NOT NULL) PARTITION BY RANGE (year)
  (PARTITION p2023 VALUES LESS THAN (2024), PARTITION p2024 VALUES LESS THAN (2025));
INSERT INTO event SELECT seq, 2023 + seq MOD 2 FROM seq_1_to_100;
ALTER TABLE event DROP PARTITION p2023;
RENAME TABLE event TO happening;
INSERT INTO effect SELECT 'r06 happening' FROM happening WHERE id = 1;
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r06 up');

-- migrate:down
DROP TABLE happening;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r06 down');
