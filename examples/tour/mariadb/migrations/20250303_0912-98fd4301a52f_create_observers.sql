-- Create observers
--
-- revision: 98fd4301a52f
-- revises:
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-03T09:12:00Z

-- migrate:up
CREATE TABLE observers (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    handle VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'The observer''s name in addresses; lower case',
    email VARCHAR(254) NOT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    joined_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT observers_handle_key UNIQUE (handle),
    CONSTRAINT observers_handle_check CHECK (handle REGEXP '^[a-z][a-z0-9_]{2,31}$'),
    CONSTRAINT observers_email_check CHECK (LOCATE('@', email) > 1)
) COMMENT = 'People who count birds; nobody is deleted, only made inactive';

-- migrate:down
DROP TABLE observers;
