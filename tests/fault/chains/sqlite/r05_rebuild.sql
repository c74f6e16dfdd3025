-- A table rebuilt, with foreign keys off
--
-- revision: r05
-- revises: r04

-- migrate:up
PRAGMA foreign_keys = OFF;
CREATE TABLE item_new (id integer PRIMARY KEY, label text NOT NULL, kind text NOT NULL DEFAULT 'none',
  price integer CHECK (price >= 0), made_by text DEFAULT 'r03');
INSERT INTO item_new SELECT id, label, kind, price, made_by FROM item;
DROP TABLE item;
ALTER TABLE item_new RENAME TO item;
CREATE INDEX item_label ON item (label);
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r05 up');
PRAGMA foreign_keys = ON;

-- migrate:down
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r05 down');
