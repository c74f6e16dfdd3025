-- Create plans
--
-- revision: 67ab424058b5
-- revises: c03375c30daa
-- branch_labels: billing
-- depends_on:
-- create_date: 2025-05-19T15:55:43Z

-- migrate:up
CREATE TABLE plans (
    code text PRIMARY KEY CONSTRAINT plans_code_check CHECK (code ~ '^[a-z_]+$'),
    name text NOT NULL,
    monthly_cents integer NOT NULL CONSTRAINT plans_price_check CHECK (monthly_cents >= 0),
    media_gib integer NOT NULL DEFAULT 1,
    features jsonb NOT NULL DEFAULT '{}'
);

INSERT INTO plans VALUES
    ('free', 'Free', 0, 1, '{"exports": false}'),
    ('club', 'Club', 900, 50, '{"exports": true}'),
    ('agency', 'Agency', 12000, 2000, '{"exports": true, "api": {"per_minute": 600}}');

-- migrate:down
DROP TABLE plans;
