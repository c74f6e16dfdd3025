-- Keep the time of an observer's last change
--
-- revision: 23f75ee00e28
-- revises: 6d8b4f461c5e
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-05T14:08:56Z

-- migrate:up
ALTER TABLE observers ADD COLUMN updated_at TEXT;

-- A BEFORE trigger can't change NEW here, so the row is written a second time.
CREATE TRIGGER observers_touch AFTER UPDATE ON observers
WHEN NEW.updated_at IS OLD.updated_at
BEGIN
    UPDATE observers SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = NEW.id;
END;

-- migrate:down
DROP TRIGGER observers_touch;
ALTER TABLE observers DROP COLUMN updated_at;
