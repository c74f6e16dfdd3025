-- Name the licence of every medium
--
-- revision: 27e58569e063
-- revises: 5e081d21d61c
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-31T12:46:34Z

-- migrate:up
CREATE TABLE licences (
    code VARCHAR(20) CHARACTER SET ascii NOT NULL PRIMARY KEY,
    name VARCHAR(80) NOT NULL,
    url VARCHAR(200) CHARACTER SET ascii,
    allows_trade BOOLEAN NOT NULL
);

INSERT INTO licences (code, name, url, allows_trade) VALUES
    ('all-rights', 'All rights reserved', NULL, FALSE),
    ('cc-by-4.0', 'Attribution 4.0', 'https://creativecommons.org/licenses/by/4.0/', TRUE),
    ('cc-by-nc-4.0', 'Attribution, not commercial 4.0',
     'https://creativecommons.org/licenses/by-nc/4.0/', FALSE);

-- Old media keep all their rights.
ALTER TABLE media
    ADD COLUMN licence VARCHAR(20) CHARACTER SET ascii NOT NULL DEFAULT 'all-rights',
    ADD CONSTRAINT media_licence_fkey FOREIGN KEY (licence) REFERENCES licences (code)
        ON UPDATE CASCADE;

-- migrate:down
ALTER TABLE media DROP FOREIGN KEY media_licence_fkey;
ALTER TABLE media DROP COLUMN licence;
DROP TABLE licences;
