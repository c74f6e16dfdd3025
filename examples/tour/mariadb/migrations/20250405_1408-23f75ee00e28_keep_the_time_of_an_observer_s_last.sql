-- Keep the time of an observer's last change
--
-- revision: 23f75ee00e28
-- revises: 6d8b4f461c5e
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-05T14:08:56Z

-- migrate:up
ALTER TABLE observers
    ADD COLUMN updated_at DATETIME(6) NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(6);

-- migrate:down
ALTER TABLE observers DROP COLUMN updated_at;
