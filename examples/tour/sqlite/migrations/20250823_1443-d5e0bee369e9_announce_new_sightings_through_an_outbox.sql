-- Announce new sightings through an outbox
--
-- revision: d5e0bee369e9
-- revises: 572ad40b3f07
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-23T14:43:31Z

-- migrate:up
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    made_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    sent_at TEXT
) STRICT;

CREATE INDEX outbox_unsent_idx ON outbox (id) WHERE sent_at IS NULL;

CREATE TRIGGER sightings_announce AFTER INSERT ON sightings
BEGIN
    INSERT INTO outbox (topic, payload) VALUES ('sighting;new', json_object(
        'checklist', NEW.checklist_id, 'species', NEW.species_id, 'tally', NEW.tally));
END;

-- migrate:down
DROP TRIGGER sightings_announce;
DROP TABLE outbox;
