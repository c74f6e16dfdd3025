-- Index sightings by species and checklists by site
--
-- revision: 6d8b4f461c5e
-- revises: b43450ee944f
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-01T12:31:19Z

-- migrate:up
CREATE INDEX sightings_species_id_idx ON sightings (species_id);
CREATE INDEX checklists_site_day_idx ON checklists (site_id, started_at DESC);

-- migrate:down
DROP INDEX checklists_site_day_idx;
DROP INDEX sightings_species_id_idx;
