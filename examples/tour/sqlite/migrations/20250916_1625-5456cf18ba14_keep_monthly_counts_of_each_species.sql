-- Keep monthly counts of each species
--
-- revision: 5456cf18ba14
-- revises: 5be5731b7b82
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-16T16:25:13Z

-- migrate:up
-- There are no materialized views here: triggers keep the table.
CREATE TABLE monthly_counts (
    month TEXT NOT NULL,
    species_id INTEGER NOT NULL REFERENCES species (id) ON DELETE CASCADE,
    checklists INTEGER NOT NULL,
    birds INTEGER NOT NULL,
    PRIMARY KEY (month, species_id)
) STRICT, WITHOUT ROWID;

INSERT INTO monthly_counts
SELECT strftime('%Y-%m-01', c.started_at), g.species_id, count(*), coalesce(sum(g.tally), 0)
FROM sightings g JOIN checklists c ON c.id = g.checklist_id
GROUP BY 1, 2;

CREATE TRIGGER sightings_monthly_insert AFTER INSERT ON sightings
BEGIN
    INSERT INTO monthly_counts
    SELECT strftime('%Y-%m-01', c.started_at), NEW.species_id, 1, coalesce(NEW.tally, 0)
    FROM checklists c WHERE c.id = NEW.checklist_id
    ON CONFLICT (month, species_id) DO UPDATE
        SET checklists = checklists + 1, birds = birds + excluded.birds;
END;

CREATE TRIGGER sightings_monthly_update AFTER UPDATE OF tally ON sightings
BEGIN
    UPDATE monthly_counts
    SET birds = birds - coalesce(OLD.tally, 0) + coalesce(NEW.tally, 0)
    WHERE species_id = NEW.species_id
      AND month = (SELECT strftime('%Y-%m-01', started_at) FROM checklists
                   WHERE id = NEW.checklist_id);
END;

CREATE TRIGGER sightings_monthly_delete AFTER DELETE ON sightings
BEGIN
    UPDATE monthly_counts
    SET checklists = checklists - 1, birds = birds - coalesce(OLD.tally, 0)
    WHERE species_id = OLD.species_id
      AND month = (SELECT strftime('%Y-%m-01', started_at) FROM checklists
                   WHERE id = OLD.checklist_id);
END;

-- When a checklist takes its sightings with it, its month is gone before they are.
CREATE TRIGGER checklists_monthly_delete BEFORE DELETE ON checklists
BEGIN
    DELETE FROM sightings WHERE checklist_id = OLD.id;
END;

-- migrate:down
DROP TRIGGER checklists_monthly_delete;
DROP TRIGGER sightings_monthly_delete;
DROP TRIGGER sightings_monthly_update;
DROP TRIGGER sightings_monthly_insert;
DROP TABLE monthly_counts;
