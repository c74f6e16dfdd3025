-- Announce new sightings through an outbox
--
-- revision: d5e0bee369e9
-- revises: 572ad40b3f07
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-23T14:43:31Z

-- migrate:up
CREATE TABLE outbox (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    topic VARCHAR(80) NOT NULL,
    payload JSON NOT NULL,
    made_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    sent_at DATETIME(6),
    INDEX outbox_unsent_idx (sent_at, id)
);

CREATE TRIGGER sightings_announce AFTER INSERT ON sightings
FOR EACH ROW FOLLOWS sightings_life_list
    INSERT INTO outbox (topic, payload) VALUES ('sighting;new', JSON_OBJECT(
        'checklist', NEW.checklist_id, 'species', NEW.species_id, 'tally', NEW.tally));

-- migrate:down
DROP TRIGGER sightings_announce;
DROP TABLE outbox;
