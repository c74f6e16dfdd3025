-- Number invoices when they are sent
--
-- revision: b3f3e77f12d0
-- revises: 1b691f5bb210
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-06T11:19:07Z

-- migrate:up
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE invoices ADD COLUMN number INTEGER;
CREATE UNIQUE INDEX invoices_number_key ON invoices (number);

-- Old invoices are numbered in the order in which they were issued.
UPDATE invoices SET number = n.number
FROM (SELECT id, 999 + row_number() OVER (ORDER BY issued_on, id) AS number
      FROM invoices WHERE state <> 'draft') n
WHERE n.id = invoices.id;
INSERT INTO counters SELECT 'invoice', coalesce(max(number) + 1, 1000) FROM invoices;

CREATE TRIGGER invoices_number_insert AFTER INSERT ON invoices
WHEN NEW.number IS NULL AND NEW.state <> 'draft'
BEGIN
    UPDATE invoices SET number = (SELECT next FROM counters WHERE name = 'invoice')
    WHERE id = NEW.id;
    UPDATE counters SET next = next + 1 WHERE name = 'invoice';
END;

CREATE TRIGGER invoices_number_update AFTER UPDATE OF state ON invoices
WHEN NEW.number IS NULL AND NEW.state <> 'draft'
BEGIN
    UPDATE invoices SET number = (SELECT next FROM counters WHERE name = 'invoice')
    WHERE id = NEW.id;
    UPDATE counters SET next = next + 1 WHERE name = 'invoice';
END;

-- migrate:down
DROP TRIGGER invoices_number_update;
DROP TRIGGER invoices_number_insert;
DROP INDEX invoices_number_key;
ALTER TABLE invoices DROP COLUMN number;
DROP TABLE counters;
