-- Create customers
--
-- revision: 3fe7b28a6b58
-- revises: 67ab424058b5
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-26T11:09:57Z

-- migrate:up
CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    observer_id INTEGER NOT NULL UNIQUE REFERENCES observers (id),
    legal_name TEXT NOT NULL,
    country TEXT NOT NULL CHECK (length(country) = 2),
    vat_number TEXT,
    CONSTRAINT customers_vat_check CHECK (vat_number IS NULL OR vat_number LIKE country || '%')
) STRICT;

-- migrate:down
DROP TABLE customers;
