-- Search species by words
--
-- revision: 2f31b59de0e8
-- revises: caa0a9121641
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-16T11:14:02Z

-- migrate:up
CREATE FULLTEXT INDEX species_words_idx ON species (scientific_name, common_name);

-- migrate:down
DROP INDEX species_words_idx ON species;
