-- Create media
--
-- revision: e3e540adb7ec
-- revises: 4b4cfa27c5f7
-- branch_labels: media
-- depends_on:
-- create_date: 2025-05-07T11:04:52Z

-- migrate:up
CREATE TABLE media (
    id INTEGER PRIMARY KEY,
    checklist_id INTEGER NOT NULL,
    species_id INTEGER NOT NULL,
    owner_id INTEGER NOT NULL REFERENCES observers (id),
    kind TEXT NOT NULL CONSTRAINT media_kind_check CHECK (kind IN ('image', 'sound', 'video')),
    sha256 BLOB NOT NULL CONSTRAINT media_sha256_key UNIQUE,
    taken_at TEXT,
    CONSTRAINT media_sighting_fkey FOREIGN KEY (checklist_id, species_id)
        REFERENCES sightings (checklist_id, species_id) ON DELETE CASCADE,
    CONSTRAINT media_sha256_check CHECK (length(sha256) = 32)
) STRICT;

CREATE INDEX media_sighting_idx ON media (checklist_id, species_id);
CREATE INDEX media_owner_idx ON media (owner_id, kind);

-- migrate:down
DROP TABLE media;
