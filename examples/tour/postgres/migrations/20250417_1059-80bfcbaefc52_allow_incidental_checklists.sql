-- Allow incidental checklists
--
-- revision: 80bfcbaefc52
-- revises: 421ef3f2d6d1
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-17T10:59:47Z

-- migrate:up
ALTER TYPE protocol ADD VALUE 'incidental';

-- migrate:down
-- A value can't leave a type, so the type is made anew. No checklist may use the value any more:
-- what was seen by the way is a stationary count of no stated length.
UPDATE checklists SET protocol = 'stationary' WHERE protocol = 'incidental';

ALTER TABLE checklists
    DROP CONSTRAINT checklists_metres_check,
    ALTER COLUMN protocol DROP DEFAULT;
ALTER TYPE protocol RENAME TO protocol_old;
CREATE TYPE protocol AS ENUM ('stationary', 'travelling', 'area');
ALTER TABLE checklists
    ALTER COLUMN protocol TYPE protocol USING protocol::text::protocol,
    ALTER COLUMN protocol SET DEFAULT 'stationary',
    ADD CONSTRAINT checklists_metres_check
        CHECK (CASE WHEN protocol = 'travelling' THEN metres > 0 ELSE metres IS NULL END);
DROP TYPE protocol_old;
