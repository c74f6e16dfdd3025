-- Create the activity log in yearly parts
--
-- revision: 5be5731b7b82
-- revises: 6936a0d4a0d9
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-11T14:48:36Z

-- migrate:up
-- A table in parts can't have foreign keys here.
CREATE TABLE activity (
    at DATETIME(3) NOT NULL,
    observer_id BIGINT UNSIGNED NOT NULL,
    action VARCHAR(40) NOT NULL,
    details JSON,
    PRIMARY KEY (at, observer_id, action),
    INDEX activity_observer_idx (observer_id, at)
)
PARTITION BY RANGE COLUMNS (at) (
    PARTITION until_2024 VALUES LESS THAN ('2025-01-01'),
    PARTITION year_2025 VALUES LESS THAN ('2026-01-01'),
    PARTITION rest VALUES LESS THAN (MAXVALUE)
);

INSERT INTO activity (at, observer_id, action)
SELECT joined_at, id, 'joined' FROM observers
UNION ALL
SELECT started_at, observer_id, 'counted' FROM checklists;

-- migrate:down
DROP TABLE activity;
