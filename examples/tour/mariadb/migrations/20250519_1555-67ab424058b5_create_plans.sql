-- Create plans
--
-- revision: 67ab424058b5
-- revises: c03375c30daa
-- branch_labels: billing
-- depends_on:
-- create_date: 2025-05-19T15:55:43Z

-- migrate:up
CREATE TABLE plans (
    code VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    monthly_cents INT UNSIGNED NOT NULL,
    media_gib INT UNSIGNED NOT NULL DEFAULT 1,
    features JSON NOT NULL DEFAULT '{}',
    CONSTRAINT plans_code_check CHECK (code REGEXP '^[a-z_]+$')
);

INSERT INTO plans VALUES
    ('free', 'Free', 0, 1, '{"exports": false}'),
    ('club', 'Club', 900, 50, '{"exports": true}'),
    ('agency', 'Agency', 12000, 2000, '{"exports": true, "api": {"per_minute": 600}}');

-- migrate:down
DROP TABLE plans;
