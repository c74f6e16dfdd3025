-- Charge for stored media
--
-- revision: 046573741a38
-- revises: bbb2cb243a46
-- branch_labels:
-- depends_on: 5e081d21d61c
-- create_date: 2025-08-15T11:29:17Z

-- migrate:up
ALTER TABLE invoice_lines
    ADD COLUMN media_bytes bigint,
    DROP CONSTRAINT invoice_lines_kind_check,
    ADD CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'discount', 'storage')),
    ADD CONSTRAINT invoice_lines_storage_check
        CHECK ((kind = 'storage') = (media_bytes IS NOT NULL));

CREATE FUNCTION stored_bytes(customer bigint) RETURNS bigint
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN sum(v.size_bytes) IS NULL THEN 0 ELSE sum(v.size_bytes)::bigint END
    FROM customers c
    JOIN media m ON m.owner_id = c.observer_id
    JOIN media_variants v ON v.media_id = m.id
    WHERE c.id = customer;
END;

-- migrate:down
DROP FUNCTION stored_bytes(bigint);
DELETE FROM invoice_lines WHERE kind = 'storage';
ALTER TABLE invoice_lines
    DROP CONSTRAINT invoice_lines_storage_check,
    DROP CONSTRAINT invoice_lines_kind_check,
    ADD CONSTRAINT invoice_lines_kind_check CHECK (kind IN ('plan', 'discount')),
    DROP COLUMN media_bytes;
