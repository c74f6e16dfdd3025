-- Charge for stored media
--
-- revision: 046573741a38
-- revises: bbb2cb243a46
-- branch_labels:
-- depends_on: 5e081d21d61c
-- create_date: 2025-08-15T11:29:17Z

-- migrate:up
ALTER TABLE invoice_lines
    ADD COLUMN media_bytes BIGINT UNSIGNED,
    DROP CONSTRAINT invoice_lines_kind_check;
ALTER TABLE invoice_lines
    ADD CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'discount', 'storage')),
    ADD CONSTRAINT invoice_lines_storage_check
        CHECK ((kind = 'storage') = (media_bytes IS NOT NULL));

DELIMITER |
CREATE FUNCTION stored_bytes(customer BIGINT UNSIGNED) RETURNS BIGINT UNSIGNED
READS SQL DATA
BEGIN
    RETURN (SELECT COALESCE(SUM(v.size_bytes), 0)
            FROM customers c
            JOIN media m ON m.owner_id = c.observer_id
            JOIN media_variants v ON v.media_id = m.id
            WHERE c.id = customer);
END |
DELIMITER ;

-- migrate:down
DROP FUNCTION stored_bytes;
DELETE FROM invoice_lines WHERE kind = 'storage';
ALTER TABLE invoice_lines
    DROP CONSTRAINT invoice_lines_storage_check,
    DROP CONSTRAINT invoice_lines_kind_check,
    DROP COLUMN media_bytes;
-- Back to its old place in the list of checks, which is kept in the order of their making.
ALTER TABLE invoice_lines
    DROP CONSTRAINT invoice_lines_sign_check,
    DROP CONSTRAINT invoice_lines_quantity_check;
ALTER TABLE invoice_lines
    ADD CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'discount')),
    ADD CONSTRAINT invoice_lines_sign_check CHECK ((kind = 'discount') = (unit_cents < 0)),
    ADD CONSTRAINT invoice_lines_quantity_check CHECK (quantity > 0);
