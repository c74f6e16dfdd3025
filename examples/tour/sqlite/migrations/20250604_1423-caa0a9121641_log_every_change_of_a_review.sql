-- Log every change of a review
--
-- revision: caa0a9121641
-- revises: 871675f79880
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-04T14:23:11Z

-- migrate:up
CREATE TABLE review_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id INTEGER NOT NULL,
    logged_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    was TEXT CHECK (was IS NULL OR json_valid(was)),
    became TEXT CHECK (became IS NULL OR json_valid(became)),
    CONSTRAINT review_log_change_check CHECK (was IS NOT became)
) STRICT;

CREATE INDEX review_log_review_idx ON review_log (review_id, logged_at);

CREATE TRIGGER reviews_log_insert AFTER INSERT ON reviews
BEGIN
    INSERT INTO review_log (review_id, became)
    VALUES (NEW.id, json_object('state', NEW.state, 'reason', NEW.reason));
END;

CREATE TRIGGER reviews_log_update AFTER UPDATE ON reviews
WHEN (OLD.state, OLD.reason) IS NOT (NEW.state, NEW.reason)
BEGIN
    INSERT INTO review_log (review_id, was, became)
    VALUES (NEW.id, json_object('state', OLD.state, 'reason', OLD.reason),
            json_object('state', NEW.state, 'reason', NEW.reason));
END;

CREATE TRIGGER reviews_log_delete AFTER DELETE ON reviews
BEGIN
    INSERT INTO review_log (review_id, was)
    VALUES (OLD.id, json_object('state', OLD.state, 'reason', OLD.reason));
END;

INSERT INTO review_log (review_id, became)
SELECT id, json_object('state', state, 'reason', reason) FROM reviews;

-- migrate:down
DROP TRIGGER reviews_log_delete;
DROP TRIGGER reviews_log_update;
DROP TRIGGER reviews_log_insert;
DROP TABLE review_log;
