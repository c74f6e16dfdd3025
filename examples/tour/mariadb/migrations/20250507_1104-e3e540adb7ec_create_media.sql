-- Create media
--
-- revision: e3e540adb7ec
-- revises: 4b4cfa27c5f7
-- branch_labels: media
-- depends_on:
-- create_date: 2025-05-07T11:04:52Z

-- migrate:up
CREATE TABLE media (
    id UUID NOT NULL DEFAULT UUID() PRIMARY KEY,
    checklist_id BIGINT UNSIGNED NOT NULL,
    species_id BIGINT UNSIGNED NOT NULL,
    owner_id BIGINT UNSIGNED NOT NULL,
    kind ENUM('image', 'sound', 'video') NOT NULL,
    sha256 BINARY(32) NOT NULL,
    taken_at DATETIME(3),
    CONSTRAINT media_sha256_key UNIQUE (sha256),
    CONSTRAINT media_sighting_fkey FOREIGN KEY (checklist_id, species_id)
        REFERENCES sightings (checklist_id, species_id) ON DELETE CASCADE,
    CONSTRAINT media_owner_fkey FOREIGN KEY (owner_id) REFERENCES observers (id)
);

-- migrate:down
DROP TABLE media;
