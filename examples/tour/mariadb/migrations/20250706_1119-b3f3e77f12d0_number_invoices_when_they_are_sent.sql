-- Number invoices when they are sent
--
-- revision: b3f3e77f12d0
-- revises: 1b691f5bb210
-- branch_labels:
-- depends_on:
-- create_date: 2025-07-06T11:19:07Z

-- migrate:up
CREATE SEQUENCE invoice_number_seq START WITH 1000 NOCACHE;

ALTER TABLE invoices
    ADD COLUMN number BIGINT UNSIGNED,
    ADD UNIQUE INDEX invoices_number_key (number);

-- Old invoices are numbered in the order in which they were issued.
UPDATE invoices SET number = NEXTVAL(invoice_number_seq)
WHERE state <> 'draft' ORDER BY issued_on, id;

DELIMITER $$
CREATE TRIGGER invoices_number_insert BEFORE INSERT ON invoices
FOR EACH ROW
BEGIN
    IF NEW.number IS NULL AND NEW.state <> 'draft' THEN
        SET NEW.number = NEXT VALUE FOR invoice_number_seq;
    END IF;
END $$

CREATE TRIGGER invoices_number_update BEFORE UPDATE ON invoices
FOR EACH ROW
BEGIN
    IF NEW.number IS NULL AND NEW.state <> 'draft' THEN
        SET NEW.number = NEXT VALUE FOR invoice_number_seq;
    END IF;
END $$
DELIMITER ;

-- migrate:down
DROP TRIGGER invoices_number_update;
DROP TRIGGER invoices_number_insert;
ALTER TABLE invoices DROP INDEX invoices_number_key, DROP COLUMN number;
DROP SEQUENCE invoice_number_seq;
