-- Create observers
--
-- revision: 98fd4301a52f
-- revises:
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-03T09:12:00Z

-- migrate:up
CREATE TABLE observers (
    id INTEGER PRIMARY KEY,
    handle TEXT NOT NULL CONSTRAINT observers_handle_key UNIQUE,
    email TEXT NOT NULL,
    is_active INTEGER NOT NULL DEFAULT 1,
    joined_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    CONSTRAINT observers_handle_check
        CHECK (handle GLOB '[a-z][a-z0-9_][a-z0-9_]*' AND handle NOT GLOB '*[^a-z0-9_]*'
               AND length(handle) <= 32),
    CONSTRAINT observers_email_check CHECK (instr(email, '@') > 1),
    CONSTRAINT observers_active_check CHECK (is_active IN (0, 1)),
    CONSTRAINT observers_joined_check CHECK (joined_at IS strftime('%Y-%m-%dT%H:%M:%SZ', joined_at))
) STRICT;

-- migrate:down
DROP TABLE observers;
