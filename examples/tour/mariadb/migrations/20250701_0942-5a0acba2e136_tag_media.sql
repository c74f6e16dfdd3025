-- Tag media
--
-- revision: 5a0acba2e136
-- revises: 3e885c076dbf
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-01T09:42:30Z

-- migrate:up
CREATE TABLE media_tags (
    media_id UUID NOT NULL PRIMARY KEY,
    tags JSON NOT NULL DEFAULT '[]',
    first_tag VARCHAR(60) AS (JSON_VALUE(tags, '$[0]')) PERSISTENT,
    CONSTRAINT media_tags_media_fkey FOREIGN KEY (media_id) REFERENCES media (id)
        ON DELETE CASCADE,
    CONSTRAINT media_tags_array_check CHECK (JSON_TYPE(tags) = 'ARRAY'),
    INDEX media_tags_first_idx (first_tag)
);

CREATE VIEW media_by_tag AS
SELECT t.media_id, j.tag
FROM media_tags t, JSON_TABLE(t.tags, '$[*]' COLUMNS (tag VARCHAR(60) PATH '$')) j;

-- migrate:down
DROP VIEW media_by_tag;
DROP TABLE media_tags;
