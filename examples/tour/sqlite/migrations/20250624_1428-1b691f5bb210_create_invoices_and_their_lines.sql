-- Create invoices and their lines
--
-- revision: 1b691f5bb210
-- revises: b96b62b2beaf
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-24T14:28:16Z

-- migrate:up
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    state TEXT NOT NULL DEFAULT 'draft'
        CONSTRAINT invoices_state_check CHECK (state IN ('draft', 'sent', 'paid', 'void')),
    issued_on TEXT,
    due_on TEXT,
    CONSTRAINT invoices_due_check CHECK (due_on >= issued_on),
    CONSTRAINT invoices_issued_check CHECK (state = 'draft' OR issued_on IS NOT NULL)
) STRICT;

CREATE TABLE invoice_lines (
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

-- migrate:down
DROP TABLE invoice_lines;
DROP TABLE invoices;
