-- Create the activity log in yearly parts
--
-- revision: 5be5731b7b82
-- revises: 6936a0d4a0d9
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-11T14:48:36Z

-- migrate:up
CREATE TABLE activity (
    at timestamptz NOT NULL,
    observer_id bigint NOT NULL REFERENCES observers (id),
    action text NOT NULL,
    details jsonb,
    PRIMARY KEY (at, observer_id, action)
) PARTITION BY RANGE (at);

CREATE TABLE activity_2024 PARTITION OF activity
    FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2025-01-01 00:00+00');
CREATE TABLE activity_2025 PARTITION OF activity
    FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2026-01-01 00:00+00');
CREATE TABLE activity_rest PARTITION OF activity DEFAULT;

CREATE INDEX activity_observer_idx ON activity (observer_id, at DESC);

INSERT INTO activity (at, observer_id, action)
SELECT joined_at, id, 'joined' FROM observers
UNION ALL
SELECT started_at, observer_id, 'counted' FROM checklists;

-- migrate:down
DROP TABLE activity;
