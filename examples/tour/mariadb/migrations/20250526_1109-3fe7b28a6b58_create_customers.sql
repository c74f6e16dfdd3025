-- Create customers
--
-- revision: 3fe7b28a6b58
-- revises: 67ab424058b5
-- branch_labels:
-- depends_on:
-- create_date: 2025-05-26T11:09:57Z

-- migrate:up
CREATE TABLE customers (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    observer_id BIGINT UNSIGNED NOT NULL,
    legal_name VARCHAR(200) NOT NULL,
    country CHAR(2) CHARACTER SET ascii NOT NULL,
    vat_number VARCHAR(20) CHARACTER SET ascii,
    CONSTRAINT customers_observer_key UNIQUE (observer_id),
    CONSTRAINT customers_observer_fkey FOREIGN KEY (observer_id) REFERENCES observers (id),
    CONSTRAINT customers_vat_check
        CHECK (vat_number IS NULL OR vat_number LIKE CONCAT(country, '%'))
);

-- migrate:down
DROP TABLE customers;
