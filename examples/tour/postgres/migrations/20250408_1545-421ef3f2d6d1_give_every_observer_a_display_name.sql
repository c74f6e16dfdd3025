-- Give every observer a display name
--
-- revision: 421ef3f2d6d1
-- revises: 23f75ee00e28
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-08T15:45:33Z

-- migrate:up
ALTER TABLE observers ADD COLUMN display_name text;

UPDATE observers SET display_name = initcap(replace(handle, '_', ' '));

-- A valid check lets SET NOT NULL pass without another scan of the table.
ALTER TABLE observers
    ADD CONSTRAINT observers_display_name_check CHECK (display_name IS NOT NULL) NOT VALID;
ALTER TABLE observers VALIDATE CONSTRAINT observers_display_name_check;
ALTER TABLE observers ALTER COLUMN display_name SET NOT NULL;
ALTER TABLE observers DROP CONSTRAINT observers_display_name_check;

-- migrate:down
ALTER TABLE observers DROP COLUMN display_name;
