-- Keep the life list of every observer
--
-- revision: 8db54c12cd79
-- revises: 2056ca485fb9
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-13T14:33:21Z

-- migrate:up
CREATE TABLE life_lists (
    observer_id BIGINT UNSIGNED NOT NULL,
    species_id BIGINT UNSIGNED NOT NULL,
    first_seen DATE NOT NULL,
    PRIMARY KEY (observer_id, species_id),
    CONSTRAINT life_lists_observer_fkey FOREIGN KEY (observer_id) REFERENCES observers (id)
        ON DELETE CASCADE,
    CONSTRAINT life_lists_species_fkey FOREIGN KEY (species_id) REFERENCES species (id)
        ON DELETE CASCADE
);

INSERT INTO life_lists
SELECT c.observer_id, g.species_id, MIN(DATE(c.started_at))
FROM sightings g JOIN checklists c ON c.id = g.checklist_id
GROUP BY c.observer_id, g.species_id;

CREATE TRIGGER sightings_life_list AFTER INSERT ON sightings
FOR EACH ROW
BEGIN
    INSERT INTO life_lists (observer_id, species_id, first_seen)
    SELECT c.observer_id, NEW.species_id, DATE(c.started_at)
    FROM checklists c WHERE c.id = NEW.checklist_id
    ON DUPLICATE KEY UPDATE first_seen = LEAST(life_lists.first_seen, VALUE(first_seen));
END;

-- migrate:down
DROP TRIGGER sightings_life_list;
DROP TABLE life_lists;
