-- Create payments
--
-- revision: 29706ec447a5
-- revises: b3f3e77f12d0
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-18T16:10:58Z

-- migrate:up
CREATE TABLE payments (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoices (id),
    received_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    cents INTEGER NOT NULL CONSTRAINT payments_cents_check CHECK (cents <> 0),
    reference TEXT,
    reverses INTEGER UNIQUE REFERENCES payments (id),
    CONSTRAINT payments_reversal_check CHECK ((reverses IS NULL) = (cents > 0))
) STRICT;

CREATE INDEX payments_invoice_idx ON payments (invoice_id);

-- Money is never rewritten: a mistake is paid back by a second row.
CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER payments_no_delete BEFORE DELETE ON payments BEGIN SELECT RAISE(IGNORE); END;

-- migrate:down
DROP TABLE payments;
