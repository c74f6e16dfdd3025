-- Index sightings by species and checklists by site
--
-- revision: 6d8b4f461c5e
-- revises: b43450ee944f
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-01T12:31:19Z

-- migrate:up transaction:false
-- Both tables are written to all day: an index is built beside the writers, not before them.
CREATE INDEX CONCURRENTLY sightings_species_id_idx ON sightings (species_id);
CREATE INDEX CONCURRENTLY checklists_site_day_idx ON checklists (site_id, started_at DESC);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY checklists_site_day_idx;
DROP INDEX CONCURRENTLY sightings_species_id_idx;
