-- Create subscriptions that can't overlap
--
-- revision: b96b62b2beaf
-- revises: 3fe7b28a6b58
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-12T09:37:25Z

-- migrate:up
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    plan TEXT NOT NULL REFERENCES plans (code),
    starts_on TEXT NOT NULL CHECK (starts_on IS date(starts_on)),
    ends_on TEXT NOT NULL DEFAULT '9999-12-31' CHECK (ends_on IS date(ends_on)), -- the day after
    CONSTRAINT subscriptions_period_check CHECK (starts_on < ends_on)
) STRICT;

CREATE INDEX subscriptions_customer_idx ON subscriptions (customer_id, starts_on, ends_on);

CREATE TRIGGER subscriptions_no_overlap_insert BEFORE INSERT ON subscriptions
BEGIN
    SELECT RAISE(ABORT, 'subscriptions of a customer overlap')
    FROM subscriptions s
    WHERE s.customer_id = NEW.customer_id
      AND s.starts_on < NEW.ends_on AND NEW.starts_on < s.ends_on;
END;

CREATE TRIGGER subscriptions_no_overlap_update
BEFORE UPDATE OF customer_id, starts_on, ends_on ON subscriptions
BEGIN
    SELECT RAISE(ABORT, 'subscriptions of a customer overlap')
    FROM subscriptions s
    WHERE s.customer_id = NEW.customer_id AND s.id <> OLD.id
      AND s.starts_on < NEW.ends_on AND NEW.starts_on < s.ends_on;
END;

-- migrate:down
DROP TABLE subscriptions;
