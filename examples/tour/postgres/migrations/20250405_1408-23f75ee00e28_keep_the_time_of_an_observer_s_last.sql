-- Keep the time of an observer's last change
--
-- revision: 23f75ee00e28
-- revises: 6d8b4f461c5e
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-05T14:08:56Z

-- migrate:up
ALTER TABLE observers ADD COLUMN updated_at timestamptz;

CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END;
$$;

CREATE TRIGGER observers_touch BEFORE UPDATE ON observers
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at();

-- migrate:down
DROP TRIGGER observers_touch ON observers;
DROP FUNCTION touch_updated_at();
ALTER TABLE observers DROP COLUMN updated_at;
