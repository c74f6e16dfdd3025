-- Create payments
--
-- revision: 29706ec447a5
-- revises: b3f3e77f12d0
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-18T16:10:58Z

-- migrate:up
CREATE TABLE payments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    invoice_id bigint NOT NULL REFERENCES invoices (id),
    received_at timestamptz NOT NULL DEFAULT now(),
    cents bigint NOT NULL CONSTRAINT payments_cents_check CHECK (cents <> 0),
    reference text,
    reverses uuid UNIQUE REFERENCES payments (id),
    CONSTRAINT payments_reversal_check CHECK ((reverses IS NULL) = (cents > 0))
);

CREATE INDEX payments_invoice_idx ON payments (invoice_id);

-- Money is never rewritten: a mistake is paid back by a second row.
CREATE RULE payments_no_update AS ON UPDATE TO payments DO INSTEAD NOTHING;
CREATE RULE payments_no_delete AS ON DELETE TO payments DO INSTEAD NOTHING;

-- migrate:down
DROP TABLE payments;
