-- Let observers follow each other
--
-- revision: a4aff6e64d8e
-- revises: 9f58a3c5e503
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-11T09:52:40Z

-- migrate:up
CREATE TABLE follows (
    follower_id INTEGER NOT NULL REFERENCES observers (id) ON DELETE CASCADE,
    followed_id INTEGER NOT NULL REFERENCES observers (id) ON DELETE CASCADE,
    since TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    PRIMARY KEY (follower_id, followed_id),
    CONSTRAINT follows_self_check CHECK (follower_id <> followed_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX follows_followed_idx ON follows (followed_id);

-- Two who counted on the same site follow each other from the start.
INSERT OR IGNORE INTO follows (follower_id, followed_id)
SELECT a.observer_id, b.observer_id
FROM checklists a
JOIN checklists b ON b.site_id = a.site_id AND b.observer_id <> a.observer_id;

-- migrate:down
DROP TABLE follows;
