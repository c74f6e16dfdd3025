-- Keep the life list of every observer
--
-- revision: 8db54c12cd79
-- revises: 2056ca485fb9
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-13T14:33:21Z

-- migrate:up
CREATE TABLE life_lists (
    observer_id INTEGER NOT NULL REFERENCES observers (id) ON DELETE CASCADE,
    species_id INTEGER NOT NULL REFERENCES species (id) ON DELETE CASCADE,
    first_seen TEXT NOT NULL,
    PRIMARY KEY (observer_id, species_id)
) STRICT, WITHOUT ROWID;

INSERT INTO life_lists
SELECT c.observer_id, g.species_id, min(date(c.started_at))
FROM sightings g JOIN checklists c ON c.id = g.checklist_id
GROUP BY c.observer_id, g.species_id;

CREATE TRIGGER sightings_life_list AFTER INSERT ON sightings
BEGIN
    INSERT INTO life_lists (observer_id, species_id, first_seen)
    SELECT c.observer_id, NEW.species_id, date(c.started_at)
    FROM checklists c WHERE c.id = NEW.checklist_id
    ON CONFLICT (observer_id, species_id)
        DO UPDATE SET first_seen = min(first_seen, excluded.first_seen);
END;

-- migrate:down
DROP TRIGGER sightings_life_list;
DROP TABLE life_lists;
