-- Review media too
--
-- revision: e73a192f1f9a
-- revises: 5a0acba2e136
-- branch_labels:
-- depends_on: 871675f79880
-- create_date: 2025-07-22T09:47:35Z

-- migrate:up
CREATE TABLE media_reviews (
    media_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    review_id INTEGER NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
    shows_the_bird INTEGER CHECK (shows_the_bird IN (0, 1)),
    PRIMARY KEY (media_id, review_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER media_reviews_close_insert AFTER INSERT ON media_reviews WHEN NEW.shows_the_bird
BEGIN
    UPDATE review_queue SET state = 'accepted' WHERE id = NEW.review_id;
END;

CREATE TRIGGER media_reviews_close_update AFTER UPDATE OF shows_the_bird ON media_reviews
WHEN NEW.shows_the_bird
BEGIN
    UPDATE review_queue SET state = 'accepted' WHERE id = NEW.review_id;
END;

-- migrate:down
DROP TABLE media_reviews;
