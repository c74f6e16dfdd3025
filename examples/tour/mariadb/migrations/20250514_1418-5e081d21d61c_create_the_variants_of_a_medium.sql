-- Create the variants of a medium
--
-- revision: 5e081d21d61c
-- revises: e3e540adb7ec
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-14T14:18:06Z

-- migrate:up
CREATE TABLE media_variants (
    media_id UUID NOT NULL,
    name VARCHAR(40) NOT NULL,
    mime_type VARCHAR(80) CHARACTER SET ascii NOT NULL,
    width INT UNSIGNED,
    height INT UNSIGNED,
    size_bytes BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (media_id, name),
    CONSTRAINT media_variants_media_fkey FOREIGN KEY (media_id) REFERENCES media (id)
        ON DELETE CASCADE,
    CONSTRAINT media_variants_mime_check CHECK (mime_type LIKE '%/%'),
    CONSTRAINT media_variants_pixels_check
        CHECK ((width IS NULL) = (height IS NULL) AND width > 0 AND height > 0)
);

-- migrate:down
DROP TABLE media_variants;
