-- Create payments
--
-- revision: 29706ec447a5
-- revises: b3f3e77f12d0
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-18T16:10:58Z

-- migrate:up
CREATE TABLE payments (
    id UUID NOT NULL DEFAULT UUID() PRIMARY KEY,
    invoice_id BIGINT UNSIGNED NOT NULL,
    received_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    cents BIGINT NOT NULL,
    reference VARCHAR(140),
    reverses UUID,
    CONSTRAINT payments_reverses_key UNIQUE (reverses),
    CONSTRAINT payments_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoices (id),
    CONSTRAINT payments_reverses_fkey FOREIGN KEY (reverses) REFERENCES payments (id),
    CONSTRAINT payments_cents_check CHECK (cents <> 0),
    CONSTRAINT payments_reversal_check CHECK ((reverses IS NULL) = (cents > 0))
);

-- Money is never rewritten: a mistake is paid back by a second row.
CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments
FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a payment is never changed; reverse it';

CREATE TRIGGER payments_no_delete BEFORE DELETE ON payments
FOR EACH ROW
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a payment is never deleted; reverse it';

-- migrate:down
DROP TABLE payments;
