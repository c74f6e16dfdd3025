-- Call the note of a site what it is
--
-- revision: 6936a0d4a0d9
-- revises: 3107e240c0cf
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-04T11:34:22Z

-- migrate:up
ALTER TABLE sites RENAME COLUMN note TO access_note;

-- migrate:down
ALTER TABLE sites RENAME COLUMN access_note TO note;
