-- Let a review change its state by the rules only
--
-- revision: 871675f79880
-- revises: c03375c30daa
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-23T09:32:20Z

-- migrate:up
CREATE TRIGGER reviews_state BEFORE UPDATE OF state ON reviews
WHEN OLD.state <> NEW.state
BEGIN
    SELECT CASE
        WHEN OLD.state IN ('accepted', 'rejected')
            THEN RAISE(ABORT, 'a closed review stays closed; open a new one')
        WHEN OLD.state = 'asked' AND NEW.state NOT IN ('open', 'accepted', 'rejected')
            THEN RAISE(ABORT, 'an asked review is answered; see the rules')
    END;
END;

CREATE VIEW review_queue AS
SELECT r.id, r.state, s.scientific_name, r.reason,
       CASE r.state WHEN 'open' THEN 1 WHEN 'asked' THEN 2 END AS "end"
FROM reviews r JOIN species s ON s.id = r.species_id
WHERE r.closed_at IS NULL;

-- A reviewer closes a review in one statement; the time is put in here.
CREATE TRIGGER review_queue_close INSTEAD OF UPDATE OF state ON review_queue
BEGIN
    UPDATE reviews
    SET state = NEW.state,
        closed_at = CASE WHEN NEW.state IN ('accepted', 'rejected')
                         THEN strftime('%Y-%m-%dT%H:%M:%SZ', 'now') END
    WHERE id = OLD.id;
END;

-- migrate:down
DROP TRIGGER review_queue_close;
DROP VIEW review_queue;
DROP TRIGGER reviews_state;
