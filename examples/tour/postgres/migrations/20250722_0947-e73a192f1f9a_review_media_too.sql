-- Review media too
--
-- revision: e73a192f1f9a
-- revises: 5a0acba2e136
-- branch_labels:
-- depends_on: 871675f79880
-- create_date: 2025-07-22T09:47:35Z

-- migrate:up
CREATE TABLE media_reviews (
    media_id uuid NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    review_id bigint NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
    shows_the_bird boolean,
    PRIMARY KEY (media_id, review_id)
);

CREATE FUNCTION close_by_media() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reviews SET state = 'accepted' WHERE id = NEW.review_id AND state IN ('open', 'asked');
    RETURN NULL;
END;
$$;

CREATE TRIGGER media_reviews_close AFTER INSERT OR UPDATE OF shows_the_bird ON media_reviews
    FOR EACH ROW WHEN (NEW.shows_the_bird) EXECUTE FUNCTION close_by_media();

-- migrate:down
DROP TABLE media_reviews;
DROP FUNCTION close_by_media();
