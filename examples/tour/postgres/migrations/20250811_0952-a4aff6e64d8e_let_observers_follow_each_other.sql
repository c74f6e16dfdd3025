-- Let observers follow each other
--
-- revision: a4aff6e64d8e
-- revises: 9f58a3c5e503
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-11T09:52:40Z

-- migrate:up
CREATE TABLE follows (
    follower_id bigint NOT NULL REFERENCES observers (id) ON DELETE CASCADE,
    followed_id bigint NOT NULL REFERENCES observers (id) ON DELETE CASCADE,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (follower_id, followed_id),
    CONSTRAINT follows_self_check CHECK (follower_id <> followed_id)
);

CREATE INDEX follows_followed_idx ON follows USING hash (followed_id);

-- Two who saw the same species on one site follow each other from the start.
INSERT INTO follows (follower_id, followed_id)
SELECT DISTINCT a.observer_id, b.observer_id
FROM checklists a
JOIN checklists b ON b.site_id = a.site_id AND b.observer_id <> a.observer_id
ON CONFLICT DO NOTHING;

-- migrate:down
DROP TABLE follows;
