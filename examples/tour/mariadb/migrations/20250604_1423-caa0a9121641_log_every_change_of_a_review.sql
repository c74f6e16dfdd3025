-- Log every change of a review
--
-- revision: caa0a9121641
-- revises: 871675f79880
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-04T14:23:11Z

-- migrate:up
CREATE TABLE review_log (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    review_id BIGINT UNSIGNED NOT NULL,
    logged_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    was JSON,
    became JSON,
    INDEX review_log_review_idx (review_id, logged_at)
);

-- These bodies come without DELIMITER; their ends are found by their BEGIN and END.
CREATE TRIGGER reviews_log_insert AFTER INSERT ON reviews
FOR EACH ROW
BEGIN
    INSERT INTO review_log (review_id, became)
    VALUES (NEW.id, JSON_OBJECT('state', NEW.state, 'reason', NEW.reason));
END;

CREATE TRIGGER reviews_log_update AFTER UPDATE ON reviews
FOR EACH ROW
BEGIN
    DECLARE was JSON DEFAULT JSON_OBJECT('state', OLD.state, 'reason', OLD.reason);
    DECLARE became JSON DEFAULT JSON_OBJECT('state', NEW.state, 'reason', NEW.reason);
    IF NOT (was <=> became) THEN
        INSERT INTO review_log (review_id, was, became) VALUES (NEW.id, was, became);
    END IF;
END;

-- One statement needs no BEGIN at all.
CREATE TRIGGER reviews_log_delete AFTER DELETE ON reviews
FOR EACH ROW
    INSERT INTO review_log (review_id, was)
    VALUES (OLD.id, JSON_OBJECT('state', OLD.state, 'reason', OLD.reason));

INSERT INTO review_log (review_id, became)
SELECT id, JSON_OBJECT('state', state, 'reason', reason) FROM reviews;

-- migrate:down
DROP TRIGGER reviews_log_delete;
DROP TRIGGER reviews_log_update;
DROP TRIGGER reviews_log_insert;
DROP TABLE review_log;
