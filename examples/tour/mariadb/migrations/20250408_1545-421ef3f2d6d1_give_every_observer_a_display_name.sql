-- Give every observer a display name
--
-- revision: 421ef3f2d6d1
-- revises: 23f75ee00e28
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-08T15:45:33Z

-- migrate:up
ALTER TABLE observers ADD COLUMN display_name VARCHAR(64) NULL;

UPDATE observers
SET display_name = CONCAT(UPPER(LEFT(handle, 1)), REPLACE(SUBSTRING(handle, 2), '_', ' '));

ALTER TABLE observers MODIFY COLUMN display_name VARCHAR(64) NOT NULL;

-- migrate:down
ALTER TABLE observers DROP COLUMN display_name;
