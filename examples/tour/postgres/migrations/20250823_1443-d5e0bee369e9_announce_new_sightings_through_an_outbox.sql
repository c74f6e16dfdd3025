-- Announce new sightings through an outbox
--
-- revision: d5e0bee369e9
-- revises: 572ad40b3f07
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-23T14:43:31Z

-- migrate:up
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    payload jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz
);

CREATE INDEX outbox_unsent_idx ON outbox (id) WHERE sent_at IS NULL;

CREATE FUNCTION announce_sighting() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
    INSERT INTO outbox (topic, payload) VALUES ('sighting;new', jsonb_build_object(
        'checklist', NEW.checklist_id, 'species', NEW.species_id, 'tally', NEW.tally));
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END;
$f$;

CREATE TRIGGER sightings_announce AFTER INSERT ON sightings
    FOR EACH ROW EXECUTE FUNCTION announce_sighting();

-- migrate:down
DROP TRIGGER sightings_announce ON sightings;
DROP FUNCTION announce_sighting();
DROP TABLE outbox;
