-- Tag media
--
-- revision: 5a0acba2e136
-- revises: 3e885c076dbf
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-01T09:42:30Z

-- migrate:up
CREATE TABLE media_tags (
    media_id uuid PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    tags jsonb NOT NULL DEFAULT '[]',
    CONSTRAINT media_tags_array_check CHECK (jsonb_typeof(tags) = 'array')
);

CREATE INDEX media_tags_tags_idx ON media_tags USING gin (tags jsonb_path_ops);

CREATE FUNCTION media_with_tag(tag text) RETURNS SETOF uuid
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT media_id FROM media_tags WHERE tags @> jsonb_build_array(tag);
END;

-- migrate:down
DROP FUNCTION media_with_tag(text);
DROP TABLE media_tags;
