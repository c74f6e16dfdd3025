-- Search species by words
--
-- revision: 2f31b59de0e8
-- revises: caa0a9121641
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-16T11:14:02Z

-- migrate:up
ALTER TABLE species ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', scientific_name), 'A')
    || setweight(to_tsvector('english', coalesce(common_name, '')), 'B')
) STORED;

CREATE INDEX species_words_idx ON species USING gin (words);

-- migrate:down
DROP INDEX species_words_idx;
ALTER TABLE species DROP COLUMN words;
