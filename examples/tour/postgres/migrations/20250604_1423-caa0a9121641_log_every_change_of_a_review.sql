-- Log every change of a review
--
-- revision: caa0a9121641
-- revises: 871675f79880
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-04T14:23:11Z

-- migrate:up
CREATE TABLE review_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    review_id bigint NOT NULL,
    logged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    was jsonb,
    became jsonb,
    CONSTRAINT review_log_change_check CHECK (was IS DISTINCT FROM became)
);

CREATE INDEX review_log_review_idx ON review_log (review_id, logged_at);

CREATE FUNCTION log_review() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    -- $$ is no end of this body; neither is $other$.
    INSERT INTO review_log (review_id, was, became)
    VALUES (coalesce(NEW.id, OLD.id),
            CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
            CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
    RETURN NULL;
END
$body$;

CREATE TRIGGER reviews_log AFTER INSERT OR UPDATE OR DELETE ON reviews
    FOR EACH ROW EXECUTE FUNCTION log_review();

INSERT INTO review_log (review_id, became) SELECT id, to_jsonb(r) FROM reviews r;

-- migrate:down
DROP TRIGGER reviews_log ON reviews;
DROP FUNCTION log_review();
DROP TABLE review_log;
