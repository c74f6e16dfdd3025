-- Create media
--
-- revision: e3e540adb7ec
-- revises: 4b4cfa27c5f7
-- branch_labels: media
-- depends_on:
-- create_date: 2025-05-07T11:04:52Z

-- migrate:up
CREATE TYPE media_kind AS ENUM ('image', 'sound', 'video');

CREATE TABLE media (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    checklist_id bigint NOT NULL,
    species_id bigint NOT NULL,
    owner_id bigint NOT NULL REFERENCES observers (id),
    kind media_kind NOT NULL,
    sha256 bytea NOT NULL CONSTRAINT media_sha256_key UNIQUE,
    taken_at timestamptz,
    CONSTRAINT media_sighting_fkey FOREIGN KEY (checklist_id, species_id)
        REFERENCES sightings (checklist_id, species_id) ON DELETE CASCADE,
    CONSTRAINT media_sha256_check CHECK (octet_length(sha256) = 32)
);

CREATE INDEX media_sighting_idx ON media (checklist_id, species_id);
CREATE INDEX media_owner_idx ON media (owner_id) INCLUDE (kind);

-- migrate:down
DROP TABLE media;
DROP TYPE media_kind;
