-- Make addresses unique without regard to case
--
-- revision: e9e63ab47343
-- revises: 80bfcbaefc52
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-20T12:36:24Z

-- migrate:up
-- There are no partial indexes here; a null is no duplicate, so the inactive have no value.
ALTER TABLE observers
    ADD COLUMN active_email VARCHAR(254) AS (IF(is_active, LOWER(email), NULL)) VIRTUAL,
    ADD CONSTRAINT observers_email_key UNIQUE (active_email);

-- migrate:down
ALTER TABLE observers DROP INDEX observers_email_key, DROP COLUMN active_email;
