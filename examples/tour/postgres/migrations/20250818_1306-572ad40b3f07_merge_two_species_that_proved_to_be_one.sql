-- Merge two species that proved to be one
--
-- revision: 572ad40b3f07
-- revises: a4aff6e64d8e
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-18T13:06:54Z

-- migrate:up
CREATE PROCEDURE merge_species(loser bigint, winner bigint) LANGUAGE plpgsql AS $merge$
DECLARE
    seen record;
BEGIN
    IF loser = winner THEN
        RAISE EXCEPTION 'a species can not be merged with itself';
    END IF;
    FOR seen IN SELECT * FROM sightings WHERE species_id = loser FOR UPDATE LOOP
        INSERT INTO sightings VALUES (seen.checklist_id, winner, seen.tally, seen.remark)
        ON CONFLICT (checklist_id, species_id) DO UPDATE
            SET tally = CASE WHEN sightings.tally IS NULL THEN EXCLUDED.tally
                             ELSE sightings.tally + coalesce(EXCLUDED.tally, 0) END;
    END LOOP;
    UPDATE species SET parent_id = winner WHERE parent_id = loser;
    DELETE FROM sightings WHERE species_id = loser;
    DELETE FROM species WHERE id = loser;
END;
$merge$;

COMMENT ON PROCEDURE merge_species(bigint, bigint)
    IS $$Moves what was seen of "loser" to "winner"; counts are added$$;

-- migrate:down
DROP PROCEDURE merge_species(bigint, bigint);
