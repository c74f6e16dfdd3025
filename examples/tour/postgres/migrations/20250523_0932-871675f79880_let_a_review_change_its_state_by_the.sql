-- Let a review change its state by the rules only
--
-- revision: 871675f79880
-- revises: c03375c30daa
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-23T09:32:20Z

-- migrate:up
CREATE FUNCTION check_review_state() RETURNS trigger LANGUAGE plpgsql AS $rules$
DECLARE
    allowed text[];
BEGIN
    allowed := CASE OLD.state
        WHEN 'open' THEN ARRAY['asked', 'accepted', 'rejected']
        WHEN 'asked' THEN ARRAY['open', 'accepted', 'rejected']
        ELSE ARRAY[]::text[]
    END;
    IF NOT (NEW.state = ANY (allowed)) THEN
        RAISE EXCEPTION 'a review can not go from % to %; see the rules', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('accepted', 'rejected') THEN
        NEW.closed_at := coalesce(NEW.closed_at, now());
    END IF;
    RETURN NEW;
END;
$rules$;

CREATE TRIGGER reviews_state BEFORE UPDATE OF state ON reviews
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION check_review_state();

-- migrate:down
DROP TRIGGER reviews_state ON reviews;
DROP FUNCTION check_review_state();
