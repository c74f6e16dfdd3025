-- Number invoices when they are sent
--
-- revision: b3f3e77f12d0
-- revises: 1b691f5bb210
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-06T11:19:07Z

-- migrate:up
CREATE SEQUENCE invoice_number_seq AS bigint START WITH 1000 CACHE 1;

ALTER TABLE invoices ADD COLUMN number bigint CONSTRAINT invoices_number_key UNIQUE;
ALTER SEQUENCE invoice_number_seq OWNED BY invoices.number;

-- Old invoices are numbered in the order in which they were issued.
UPDATE invoices SET number = n.number
FROM (SELECT id, nextval('invoice_number_seq') AS number
      FROM (SELECT id FROM invoices WHERE state <> 'draft' ORDER BY issued_on, id) i) n
WHERE n.id = invoices.id;

CREATE FUNCTION number_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number IS NULL AND NEW.state <> 'draft' THEN
        NEW.number := nextval('invoice_number_seq');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER invoices_number BEFORE INSERT OR UPDATE OF state ON invoices
    FOR EACH ROW EXECUTE FUNCTION number_invoice();

-- migrate:down
DROP TRIGGER invoices_number ON invoices;
DROP FUNCTION number_invoice();
-- The sequence belongs to the column and goes with it.
ALTER TABLE invoices DROP COLUMN number;
