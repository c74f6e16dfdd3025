-- Keep the life list of every observer
--
-- revision: 8db54c12cd79
-- revises: 2056ca485fb9
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-13T14:33:21Z

-- migrate:up
CREATE TABLE life_lists (
    observer_id bigint NOT NULL REFERENCES observers (id) ON DELETE CASCADE,
    species_id bigint NOT NULL REFERENCES species (id) ON DELETE CASCADE,
    first_seen date NOT NULL,
    PRIMARY KEY (observer_id, species_id)
);

INSERT INTO life_lists
SELECT c.observer_id, g.species_id, min((c.started_at AT TIME ZONE 'UTC')::date)
FROM sightings g JOIN checklists c ON c.id = g.checklist_id
GROUP BY c.observer_id, g.species_id;

CREATE FUNCTION note_first_seen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO life_lists
    SELECT c.observer_id, n.species_id, min((c.started_at AT TIME ZONE 'UTC')::date)
    FROM new_rows n JOIN checklists c ON c.id = n.checklist_id
    GROUP BY c.observer_id, n.species_id
    ON CONFLICT (observer_id, species_id)
        DO UPDATE SET first_seen = least(life_lists.first_seen, EXCLUDED.first_seen);
    RETURN NULL;
END;
$$;

CREATE TRIGGER sightings_life_list AFTER INSERT ON sightings
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION note_first_seen();

-- migrate:down
DROP TRIGGER sightings_life_list ON sightings;
DROP FUNCTION note_first_seen();
DROP TABLE life_lists;
