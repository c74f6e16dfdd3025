-- Name the licence of every medium
--
-- revision: 27e58569e063
-- revises: 5e081d21d61c
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-31T12:46:34Z

-- migrate:up
CREATE TABLE licences (
    code text PRIMARY KEY,
    name text NOT NULL,
    url text,
    allows_trade boolean NOT NULL
);

INSERT INTO licences (code, name, url, allows_trade) VALUES
    ('all-rights', 'All rights reserved', NULL, false),
    ('cc-by-4.0', 'Attribution 4.0', 'https://creativecommons.org/licenses/by/4.0/', true),
    ('cc-by-nc-4.0', 'Attribution, not commercial 4.0',
     'https://creativecommons.org/licenses/by-nc/4.0/', false);

-- The constant default costs no rewrite, and old media keep all their rights.
ALTER TABLE media
    ADD COLUMN licence text NOT NULL DEFAULT 'all-rights',
    ADD CONSTRAINT media_licence_fkey FOREIGN KEY (licence) REFERENCES licences (code)
        ON UPDATE CASCADE;

-- migrate:down
ALTER TABLE media DROP COLUMN licence;
DROP TABLE licences;
