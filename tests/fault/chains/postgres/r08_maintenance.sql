-- Maintenance and an enum
--
-- revision: r08
-- revises: r07

-- migrate:up
CREATE TYPE mood AS ENUM ('good', 'bad');
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r08 up');
REINDEX INDEX CONCURRENTLY item_label;
VACUUM item;
ALTER TYPE mood ADD VALUE 'middling' BEFORE 'bad';
INSERT INTO effect VALUES ('r08 after the vacuum');
REINDEX TABLE CONCURRENTLY note;

-- migrate:down
DROP TYPE mood;
VACUUM (ANALYZE) item;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r08 down');
