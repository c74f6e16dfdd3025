-- Name the licence of every medium
--
-- revision: 27e58569e063
-- revises: 5e081d21d61c
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-31T12:46:34Z

-- migrate:up
CREATE TABLE licences (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT,
    allows_trade INTEGER NOT NULL CHECK (allows_trade IN (0, 1))
) STRICT, WITHOUT ROWID;

INSERT INTO licences (code, name, url, allows_trade) VALUES
    ('all-rights', 'All rights reserved', NULL, 0),
    ('cc-by-4.0', 'Attribution 4.0', 'https://creativecommons.org/licenses/by/4.0/', 1),
    ('cc-by-nc-4.0', 'Attribution, not commercial 4.0',
     'https://creativecommons.org/licenses/by-nc/4.0/', 0);

-- A column that refers to a table can't have a default while keys are on, so the column starts as
-- NULL and a trigger demands a value from now on.
ALTER TABLE media ADD COLUMN licence TEXT REFERENCES licences (code) ON UPDATE CASCADE;
UPDATE media SET licence = 'all-rights';

CREATE TRIGGER media_licence_given BEFORE INSERT ON media WHEN NEW.licence IS NULL
BEGIN
    SELECT RAISE(ABORT, 'a medium needs a licence');
END;

-- migrate:down
DROP TRIGGER media_licence_given;
ALTER TABLE media DROP COLUMN licence;
DROP TABLE licences;
