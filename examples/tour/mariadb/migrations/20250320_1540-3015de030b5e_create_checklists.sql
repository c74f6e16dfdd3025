-- Create checklists
--
-- revision: 3015de030b5e
-- revises: 2021966a4a9a
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-20T15:40:28Z

-- migrate:up
CREATE TABLE checklists (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    observer_id BIGINT UNSIGNED NOT NULL,
    site_id BIGINT UNSIGNED NOT NULL,
    protocol ENUM('stationary', 'travelling', 'area') NOT NULL DEFAULT 'stationary',
    started_at DATETIME NOT NULL COMMENT 'UTC',
    minutes SMALLINT UNSIGNED,
    metres INT UNSIGNED,
    is_complete BOOLEAN NOT NULL DEFAULT FALSE,
    CONSTRAINT checklists_visit_key UNIQUE (observer_id, site_id, started_at),
    INDEX checklists_site_idx (site_id),
    CONSTRAINT checklists_observer_fkey FOREIGN KEY (observer_id) REFERENCES observers (id),
    CONSTRAINT checklists_site_fkey FOREIGN KEY (site_id) REFERENCES sites (id)
        ON UPDATE CASCADE ON DELETE RESTRICT,
    CONSTRAINT checklists_minutes_check CHECK (minutes BETWEEN 1 AND 1440),
    CONSTRAINT checklists_metres_check
        CHECK (CASE WHEN protocol = 'travelling' THEN metres > 0 ELSE metres IS NULL END)
);

-- migrate:down
DROP TABLE checklists;
