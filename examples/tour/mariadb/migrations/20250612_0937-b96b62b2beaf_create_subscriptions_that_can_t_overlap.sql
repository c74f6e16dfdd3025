-- Create subscriptions that can't overlap
--
-- revision: b96b62b2beaf
-- revises: 3fe7b28a6b58
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-12T09:37:25Z

-- migrate:up
CREATE TABLE subscriptions (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    customer_id BIGINT UNSIGNED NOT NULL,
    plan VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL DEFAULT '9999-12-31' COMMENT 'The day after',
    PERIOD FOR term (starts_on, ends_on),
    CONSTRAINT subscriptions_no_overlap UNIQUE (customer_id, term WITHOUT OVERLAPS),
    CONSTRAINT subscriptions_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id)
        ON DELETE CASCADE,
    CONSTRAINT subscriptions_plan_fkey FOREIGN KEY (plan) REFERENCES plans (code)
);

-- migrate:down
DROP TABLE subscriptions;
