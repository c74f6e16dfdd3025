-- Let observers change only what is theirs
--
-- revision: ddd3542eed75
-- revises: 5456cf18ba14
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-20T10:02:50Z

-- migrate:up
-- The application says who is at work, in a variable of its session. A view can't read one, but a
-- function can.
CREATE FUNCTION current_observer() RETURNS BIGINT UNSIGNED
NO SQL
RETURN @tideline_observer_id;

CREATE SQL SECURITY INVOKER VIEW my_checklists AS
SELECT * FROM checklists WHERE observer_id = current_observer()
WITH CASCADED CHECK OPTION;

-- migrate:down
DROP VIEW my_checklists;
DROP FUNCTION current_observer;
