-- Make addresses unique without regard to case
--
-- revision: e9e63ab47343
-- revises: 80bfcbaefc52
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-20T12:36:24Z

-- migrate:up
-- No marker says so, but CONCURRENTLY refuses a transaction.
CREATE UNIQUE INDEX CONCURRENTLY observers_email_key ON observers (lower(email)) WHERE is_active;

-- migrate:down
DROP INDEX CONCURRENTLY observers_email_key;
