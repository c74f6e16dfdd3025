-- Let observers change only what is theirs
--
-- revision: ddd3542eed75
-- revises: 5456cf18ba14
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-20T10:02:50Z

-- migrate:up
CREATE FUNCTION current_observer() RETURNS bigint
    LANGUAGE sql STABLE
    RETURN nullif(current_setting('tideline.observer_id', true), '')::bigint;

ALTER TABLE checklists ENABLE ROW LEVEL SECURITY;
CREATE POLICY checklists_read ON checklists FOR SELECT USING (true);
CREATE POLICY checklists_write ON checklists
    USING (observer_id = current_observer()) WITH CHECK (observer_id = current_observer());

CREATE VIEW my_checklists WITH (security_barrier) AS
SELECT * FROM checklists WHERE observer_id = current_observer()
WITH CASCADED CHECK OPTION;

-- migrate:down
DROP VIEW my_checklists;
DROP POLICY checklists_write ON checklists;
DROP POLICY checklists_read ON checklists;
ALTER TABLE checklists DISABLE ROW LEVEL SECURITY;
DROP FUNCTION current_observer();
