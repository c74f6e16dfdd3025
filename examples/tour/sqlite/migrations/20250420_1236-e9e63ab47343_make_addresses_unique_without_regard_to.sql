-- Make addresses unique without regard to case
--
-- revision: e9e63ab47343
-- revises: 80bfcbaefc52
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-20T12:36:24Z

-- migrate:up
CREATE UNIQUE INDEX observers_email_key ON observers (lower(email)) WHERE is_active = 1;

-- migrate:down
DROP INDEX observers_email_key;
