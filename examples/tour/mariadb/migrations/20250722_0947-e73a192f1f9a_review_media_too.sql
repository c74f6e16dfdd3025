-- Review media too
--
-- revision: e73a192f1f9a
-- revises: 5a0acba2e136
-- branch_labels:
-- depends_on: 871675f79880
-- create_date: 2025-07-22T09:47:35Z

-- migrate:up
CREATE TABLE media_reviews (
    media_id UUID NOT NULL,
    review_id BIGINT UNSIGNED NOT NULL,
    shows_the_bird BOOLEAN,
    PRIMARY KEY (media_id, review_id),
    CONSTRAINT media_reviews_media_fkey FOREIGN KEY (media_id) REFERENCES media (id)
        ON DELETE CASCADE,
    CONSTRAINT media_reviews_review_fkey FOREIGN KEY (review_id) REFERENCES reviews (id)
        ON DELETE CASCADE
);

CREATE PROCEDURE close_by_media(review BIGINT UNSIGNED, shows_the_bird BOOLEAN)
MODIFIES SQL DATA
BEGIN
    IF shows_the_bird THEN
        UPDATE reviews SET state = 'accepted' WHERE id = review AND state IN ('open', 'asked');
    END IF;
END;

CREATE TRIGGER media_reviews_close_insert AFTER INSERT ON media_reviews
FOR EACH ROW CALL close_by_media(NEW.review_id, NEW.shows_the_bird);

CREATE TRIGGER media_reviews_close_update AFTER UPDATE ON media_reviews
FOR EACH ROW CALL close_by_media(NEW.review_id, NEW.shows_the_bird);

-- migrate:down
DROP TABLE media_reviews;
DROP PROCEDURE close_by_media;
