-- Let a review change its state by the rules only
--
-- revision: 871675f79880
-- revises: c03375c30daa
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-23T09:32:20Z

-- migrate:up
DELIMITER //
CREATE TRIGGER reviews_state BEFORE UPDATE ON reviews
FOR EACH ROW
BEGIN
    DECLARE is_allowed BOOLEAN DEFAULT TRUE;
    IF OLD.state <> NEW.state THEN
        CASE OLD.state
            WHEN 'open' THEN SET is_allowed = TRUE;
            WHEN 'asked' THEN SET is_allowed = NEW.state IN ('open', 'accepted', 'rejected');
            ELSE SET is_allowed = FALSE;
        END CASE;
        IF NOT is_allowed THEN
            SIGNAL SQLSTATE '45000'
                SET MESSAGE_TEXT = 'a closed review stays closed; open a new one';
        END IF;
        IF NEW.state IN ('accepted', 'rejected') THEN
            SET NEW.closed_at = COALESCE(NEW.closed_at, CURRENT_TIMESTAMP);
        END IF;
    END IF;
END//
DELIMITER ;

-- migrate:down
DROP TRIGGER reviews_state;
