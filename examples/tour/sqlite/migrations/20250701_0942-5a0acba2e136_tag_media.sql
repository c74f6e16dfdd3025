-- Tag media
--
-- revision: 5a0acba2e136
-- revises: 3e885c076dbf
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-01T09:42:30Z

-- migrate:up
CREATE TABLE media_tags (
    media_id INTEGER PRIMARY KEY REFERENCES media (id) ON DELETE CASCADE,
    tags TEXT NOT NULL DEFAULT '[]',
    CONSTRAINT media_tags_array_check CHECK (json_valid(tags) AND json_type(tags) = 'array')
) STRICT;

CREATE VIEW media_by_tag AS
SELECT t.media_id, j.value AS tag FROM media_tags t, json_each(t.tags) j;

-- migrate:down
DROP VIEW media_by_tag;
DROP TABLE media_tags;
