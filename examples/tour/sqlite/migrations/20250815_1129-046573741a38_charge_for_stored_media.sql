-- Charge for stored media
--
-- revision: 046573741a38
-- revises: bbb2cb243a46
-- branch_labels:
-- depends_on: 5e081d21d61c
-- create_date: 2025-08-15T11:29:17Z

-- migrate:up
-- Nothing refers to the lines, so they can be built anew in the revision's own transaction. The
-- views on them go first: a rename fails while a view points at a table that is not there.
DROP VIEW balances;
DROP VIEW invoice_totals;

CREATE TABLE invoice_lines_new (
    invoice_id INTEGER NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_cents INTEGER NOT NULL,
    total_cents INTEGER GENERATED ALWAYS AS (quantity * unit_cents) STORED,
    media_bytes INTEGER,
    PRIMARY KEY (invoice_id, line),
    CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'discount', 'storage')),
    CONSTRAINT invoice_lines_storage_check CHECK ((kind = 'storage') = (media_bytes IS NOT NULL)),
    CONSTRAINT invoice_lines_sign_check CHECK ((kind = 'discount') = (unit_cents < 0)),
    CONSTRAINT invoice_lines_quantity_check CHECK (quantity > 0)
) STRICT;

INSERT INTO invoice_lines_new (invoice_id, line, kind, description, quantity, unit_cents)
SELECT invoice_id, line, kind, description, quantity, unit_cents FROM invoice_lines;

DROP TABLE invoice_lines;
ALTER TABLE invoice_lines_new RENAME TO invoice_lines;

CREATE VIEW invoice_totals AS
SELECT i.id AS invoice_id, i.customer_id, i.state,
       coalesce((SELECT sum(l.total_cents) FROM invoice_lines l
                 WHERE l.invoice_id = i.id), 0) AS cents,
       coalesce((SELECT sum(p.cents) FROM payments p
                 WHERE p.invoice_id = i.id), 0) AS paid_cents
FROM invoices i;

CREATE VIEW balances AS
SELECT c.id AS customer_id, c.legal_name,
       coalesce(sum(t.cents - t.paid_cents) FILTER (WHERE t.state IN ('sent', 'paid')), 0)
           AS open_cents
FROM customers c LEFT JOIN invoice_totals t ON t.customer_id = c.id
GROUP BY c.id;

CREATE VIEW stored_bytes AS
SELECT c.id AS customer_id, coalesce(sum(v.size_bytes), 0) AS size_bytes
FROM customers c
LEFT JOIN media m ON m.owner_id = c.observer_id
LEFT JOIN media_variants v ON v.media_id = m.id
GROUP BY c.id;

-- migrate:down
DROP VIEW stored_bytes;
DROP VIEW balances;
DROP VIEW invoice_totals;

CREATE TABLE invoice_lines_new (
    invoice_id INTEGER NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 1,
    unit_cents INTEGER NOT NULL,
    total_cents INTEGER GENERATED ALWAYS AS (quantity * unit_cents) STORED,
    PRIMARY KEY (invoice_id, line),
    CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'discount')),
    CONSTRAINT invoice_lines_sign_check CHECK ((kind = 'discount') = (unit_cents < 0)),
    CONSTRAINT invoice_lines_quantity_check CHECK (quantity > 0)
) STRICT;

INSERT INTO invoice_lines_new (invoice_id, line, kind, description, quantity, unit_cents)
SELECT invoice_id, line, kind, description, quantity, unit_cents
FROM invoice_lines WHERE kind <> 'storage';

DROP TABLE invoice_lines;
ALTER TABLE invoice_lines_new RENAME TO invoice_lines;

CREATE VIEW invoice_totals AS
SELECT i.id AS invoice_id, i.customer_id, i.state,
       coalesce((SELECT sum(l.total_cents) FROM invoice_lines l
                 WHERE l.invoice_id = i.id), 0) AS cents,
       coalesce((SELECT sum(p.cents) FROM payments p
                 WHERE p.invoice_id = i.id), 0) AS paid_cents
FROM invoices i;

CREATE VIEW balances AS
SELECT c.id AS customer_id, c.legal_name,
       coalesce(sum(t.cents - t.paid_cents) FILTER (WHERE t.state IN ('sent', 'paid')), 0)
           AS open_cents
FROM customers c LEFT JOIN invoice_totals t ON t.customer_id = c.id
GROUP BY c.id;
