-- Give every observer a display name
--
-- revision: 421ef3f2d6d1
-- revises: 23f75ee00e28
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-08T15:45:33Z

-- migrate:up
-- NOT NULL needs a default here. A check that refuses this default would be tested on the old rows
-- at once, so a trigger refuses it for new ones.
ALTER TABLE observers ADD COLUMN display_name TEXT NOT NULL DEFAULT '';

UPDATE observers
SET display_name = upper(substr(handle, 1, 1)) || replace(substr(handle, 2), '_', ' ');

CREATE TRIGGER observers_display_name BEFORE INSERT ON observers
WHEN trim(NEW.display_name) = ''
BEGIN
    SELECT RAISE(ABORT, 'an observer needs a display name');
END;

-- migrate:down
DROP TRIGGER observers_display_name;
ALTER TABLE observers DROP COLUMN display_name;
