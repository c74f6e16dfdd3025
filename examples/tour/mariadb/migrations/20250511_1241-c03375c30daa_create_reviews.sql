-- Create reviews
--
-- revision: c03375c30daa
-- revises: 4b4cfa27c5f7
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-11T12:41:29Z

-- migrate:up
CREATE TABLE reviews (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    checklist_id BIGINT UNSIGNED NOT NULL,
    species_id BIGINT UNSIGNED NOT NULL,
    reviewer_id BIGINT UNSIGNED,
    state ENUM('open', 'asked', 'accepted', 'rejected') NOT NULL DEFAULT 'open',
    reason VARCHAR(200),
    opened_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    closed_at DATETIME,
    CONSTRAINT reviews_sighting_key UNIQUE (checklist_id, species_id),
    CONSTRAINT reviews_sighting_fkey FOREIGN KEY (checklist_id, species_id)
        REFERENCES sightings (checklist_id, species_id) ON DELETE CASCADE,
    CONSTRAINT reviews_reviewer_fkey FOREIGN KEY (reviewer_id) REFERENCES observers (id),
    CONSTRAINT reviews_closed_check
        CHECK ((state IN ('accepted', 'rejected')) = (closed_at IS NOT NULL)),
    INDEX reviews_open_idx (closed_at, opened_at)
);

-- What is unusually many waits for a reviewer.
INSERT INTO reviews (checklist_id, species_id, reason)
SELECT checklist_id, species_id, 'high count' FROM sightings WHERE tally > 1000;

-- migrate:down
DROP TABLE reviews;
