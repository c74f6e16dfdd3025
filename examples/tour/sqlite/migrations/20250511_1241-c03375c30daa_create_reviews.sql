-- Create reviews
--
-- revision: c03375c30daa
-- revises: 4b4cfa27c5f7
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-11T12:41:29Z

-- migrate:up
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    checklist_id INTEGER NOT NULL,
    species_id INTEGER NOT NULL,
    reviewer_id INTEGER REFERENCES observers (id),
    state TEXT NOT NULL DEFAULT 'open',
    reason TEXT,
    opened_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    closed_at TEXT,
    CONSTRAINT reviews_sighting_key UNIQUE (checklist_id, species_id),
    CONSTRAINT reviews_sighting_fkey FOREIGN KEY (checklist_id, species_id)
        REFERENCES sightings (checklist_id, species_id) ON DELETE CASCADE,
    CONSTRAINT reviews_state_check CHECK (state IN ('open', 'asked', 'accepted', 'rejected')),
    CONSTRAINT reviews_closed_check
        CHECK ((state IN ('accepted', 'rejected')) = (closed_at IS NOT NULL))
) STRICT;

CREATE INDEX reviews_open_idx ON reviews (opened_at) WHERE closed_at IS NULL;

-- What is unusually many waits for a reviewer.
INSERT INTO reviews (checklist_id, species_id, reason)
SELECT checklist_id, species_id, 'high count' FROM sightings WHERE tally > 1000;

-- migrate:down
DROP TABLE reviews;
