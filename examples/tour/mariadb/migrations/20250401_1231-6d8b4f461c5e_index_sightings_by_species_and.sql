-- Index sightings by species and checklists by site
--
-- revision: 6d8b4f461c5e
-- revises: b43450ee944f
-- branch_labels:
-- depends_on:
-- create_date: 2025-04-01T12:31:19Z

-- migrate:up
-- LOCK=NONE fails rather than hold up the writers. A foreign key needs an index at every moment, so
-- the wide one comes and the narrow one goes in one statement.
ALTER TABLE sightings
    ADD INDEX sightings_species_tally_idx (species_id, tally),
    DROP INDEX sightings_species_idx,
    ALGORITHM=INPLACE, LOCK=NONE;
ALTER TABLE checklists
    ADD INDEX checklists_site_day_idx (site_id, started_at),
    DROP INDEX checklists_site_idx,
    ALGORITHM=INPLACE, LOCK=NONE;

-- migrate:down
ALTER TABLE checklists
    ADD INDEX checklists_site_idx (site_id),
    DROP INDEX checklists_site_day_idx,
    ALGORITHM=INPLACE, LOCK=NONE;
ALTER TABLE sightings
    ADD INDEX sightings_species_idx (species_id),
    DROP INDEX sightings_species_tally_idx,
    ALGORITHM=INPLACE, LOCK=NONE;
