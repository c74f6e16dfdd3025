-- Let observers change only what is theirs
--
-- revision: ddd3542eed75
-- revises: 5456cf18ba14
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-20T10:02:50Z

-- migrate:up
-- The engine has no users, so the application says who is at work, in the one row of a table.
CREATE TABLE current_observer (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    observer_id INTEGER REFERENCES observers (id) ON DELETE SET NULL
) STRICT;

CREATE VIEW my_checklists AS
SELECT c.* FROM checklists c JOIN current_observer u ON u.observer_id = c.observer_id;

CREATE TRIGGER my_checklists_update
INSTEAD OF UPDATE OF minutes, metres, is_complete ON my_checklists
BEGIN
    UPDATE checklists
    SET minutes = NEW.minutes, metres = NEW.metres, is_complete = NEW.is_complete
    WHERE id = OLD.id;
END;

CREATE TRIGGER my_checklists_delete INSTEAD OF DELETE ON my_checklists
BEGIN
    DELETE FROM checklists WHERE id = OLD.id;
END;

-- migrate:down
DROP VIEW my_checklists;
DROP TABLE current_observer;
