-- Search species by words
--
-- revision: 2f31b59de0e8
-- revises: caa0a9121641
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-16T11:14:02Z

-- migrate:up
CREATE VIRTUAL TABLE species_fts USING fts5 (
    scientific_name, common_name, content = 'species', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);

INSERT INTO species_fts (species_fts) VALUES ('rebuild');

CREATE TRIGGER species_fts_insert AFTER INSERT ON species
BEGIN
    INSERT INTO species_fts (rowid, scientific_name, common_name)
    VALUES (NEW.id, NEW.scientific_name, NEW.common_name);
END;

CREATE TRIGGER species_fts_delete AFTER DELETE ON species
BEGIN
    INSERT INTO species_fts (species_fts, rowid, scientific_name, common_name)
    VALUES ('delete', OLD.id, OLD.scientific_name, OLD.common_name);
END;

CREATE TRIGGER species_fts_update AFTER UPDATE OF scientific_name, common_name ON species
BEGIN
    INSERT INTO species_fts (species_fts, rowid, scientific_name, common_name)
    VALUES ('delete', OLD.id, OLD.scientific_name, OLD.common_name);
    INSERT INTO species_fts (rowid, scientific_name, common_name)
    VALUES (NEW.id, NEW.scientific_name, NEW.common_name);
END;

-- migrate:down
DROP TRIGGER species_fts_update;
DROP TRIGGER species_fts_delete;
DROP TRIGGER species_fts_insert;
DROP TABLE species_fts;
