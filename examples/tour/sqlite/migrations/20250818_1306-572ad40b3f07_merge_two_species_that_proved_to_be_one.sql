-- Merge two species that proved to be one
--
-- revision: 572ad40b3f07
-- revises: a4aff6e64d8e
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-18T13:06:54Z

-- migrate:up
-- There are no procedures here: an INSERT into this view is the call.
CREATE VIEW species_merges (loser, winner) AS SELECT NULL, NULL WHERE 0;

CREATE TRIGGER species_merges_run INSTEAD OF INSERT ON species_merges
BEGIN
    SELECT RAISE(ABORT, 'a species can not be merged with itself; nothing was changed')
    WHERE NEW.loser = NEW.winner;

    INSERT INTO sightings (checklist_id, species_id, tally, remark)
    SELECT checklist_id, NEW.winner, tally, remark FROM sightings WHERE species_id = NEW.loser
    ON CONFLICT (checklist_id, species_id) DO UPDATE
        SET tally = CASE WHEN tally IS NULL THEN excluded.tally
                         ELSE tally + coalesce(excluded.tally, 0) END;

    UPDATE species SET parent_id = NEW.winner WHERE parent_id = NEW.loser;
    DELETE FROM sightings WHERE species_id = NEW.loser;
    DELETE FROM species WHERE id = NEW.loser;
END;

-- migrate:down
DROP VIEW species_merges;
