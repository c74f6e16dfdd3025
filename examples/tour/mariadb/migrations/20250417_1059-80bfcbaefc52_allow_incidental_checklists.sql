-- Allow incidental checklists
--
-- revision: 80bfcbaefc52
-- revises: 421ef3f2d6d1
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-17T10:59:47Z

-- migrate:up
-- A value at the end of the list changes no stored row.
ALTER TABLE checklists
    MODIFY COLUMN protocol ENUM('stationary', 'travelling', 'area', 'incidental')
        NOT NULL DEFAULT 'stationary',
    ALGORITHM=INSTANT;

-- migrate:down
-- What was seen by the way becomes a stationary count of no stated length.
UPDATE checklists SET protocol = 'stationary' WHERE protocol = 'incidental';
ALTER TABLE checklists
    MODIFY COLUMN protocol ENUM('stationary', 'travelling', 'area') NOT NULL DEFAULT 'stationary';
