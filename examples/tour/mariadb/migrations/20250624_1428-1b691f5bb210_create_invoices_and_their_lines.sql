-- Create invoices and their lines
--
-- revision: 1b691f5bb210
-- revises: b96b62b2beaf
-- branch_labels:
-- depends_on:
-- create_date: 2025-06-24T14:28:16Z

-- migrate:up
CREATE TABLE invoices (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    customer_id BIGINT UNSIGNED NOT NULL,
    state ENUM('draft', 'sent', 'paid', 'void') NOT NULL DEFAULT 'draft',
    issued_on DATE,
    due_on DATE,
    CONSTRAINT invoices_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
    CONSTRAINT invoices_due_check CHECK (due_on >= issued_on),
    CONSTRAINT invoices_issued_check CHECK (state = 'draft' OR issued_on IS NOT NULL)
);

CREATE TABLE invoice_lines (
    invoice_id BIGINT UNSIGNED NOT NULL,
    line SMALLINT UNSIGNED NOT NULL,
    kind VARCHAR(10) NOT NULL,
    description VARCHAR(200) NOT NULL,
    quantity INT UNSIGNED NOT NULL DEFAULT 1,
    unit_cents INT NOT NULL,
    total_cents BIGINT AS (CAST(quantity AS SIGNED) * unit_cents) PERSISTENT,
    PRIMARY KEY (invoice_id, line),
    CONSTRAINT invoice_lines_invoice_fkey FOREIGN KEY (invoice_id) REFERENCES invoices (id)
        ON DELETE CASCADE,
    CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'discount')),
    CONSTRAINT invoice_lines_sign_check CHECK ((kind = 'discount') = (unit_cents < 0)),
    CONSTRAINT invoice_lines_quantity_check CHECK (quantity > 0)
);

-- migrate:down
DROP TABLE invoice_lines, invoices;
