-- Create the variants of a medium
--
-- revision: 5e081d21d61c
-- revises: e3e540adb7ec
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-14T14:18:06Z

-- migrate:up
CREATE TABLE media_variants (
    media_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL CONSTRAINT media_variants_mime_check CHECK (mime_type LIKE '%/%'),
    width INTEGER,
    height INTEGER,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (media_id, name),
    CONSTRAINT media_variants_size_check CHECK (size_bytes >= 0),
    CONSTRAINT media_variants_pixels_check
        CHECK ((width IS NULL) = (height IS NULL) AND width > 0 AND height > 0)
) STRICT, WITHOUT ROWID;

-- migrate:down
DROP TABLE media_variants;
