-- Show what a customer owes
--
-- revision: bbb2cb243a46
-- revises: 29706ec447a5
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-03T14:38:26Z

-- migrate:up
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

-- migrate:down
DROP VIEW balances;
DROP VIEW invoice_totals;
