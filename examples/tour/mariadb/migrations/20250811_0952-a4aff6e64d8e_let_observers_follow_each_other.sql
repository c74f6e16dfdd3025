-- Let observers follow each other
--
-- revision: a4aff6e64d8e
-- revises: 9f58a3c5e503
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-11T09:52:40Z

-- migrate:up
CREATE TABLE follows (
    follower_id BIGINT UNSIGNED NOT NULL,
    followed_id BIGINT UNSIGNED NOT NULL,
    since DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (follower_id, followed_id),
    CONSTRAINT follows_follower_fkey FOREIGN KEY (follower_id) REFERENCES observers (id)
        ON DELETE CASCADE,
    CONSTRAINT follows_followed_fkey FOREIGN KEY (followed_id) REFERENCES observers (id)
        ON DELETE CASCADE,
    CONSTRAINT follows_self_check CHECK (follower_id <> followed_id)
);

-- Two who counted on the same site follow each other from the start.
INSERT IGNORE INTO follows (follower_id, followed_id)
SELECT a.observer_id, b.observer_id
FROM checklists a
JOIN checklists b ON b.site_id = a.site_id AND b.observer_id <> a.observer_id;

-- migrate:down
DROP TABLE follows;
