-- Merge billing into main
--
-- revision: 3107e240c0cf
-- revises: ff70d35cdcce, 046573741a38
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-30T09:57:45Z

-- migrate:up
CREATE VIEW entitlements AS
SELECT n.observer_id, n.handle, p.code AS plan,
       p.media_gib * 1073741824 AS media_bytes,
       COALESCE(JSON_VALUE(p.features, '$.exports'), 0) AS may_export
FROM contributions n
LEFT JOIN customers c ON c.observer_id = n.observer_id
LEFT JOIN subscriptions s ON s.customer_id = c.id
    AND CURRENT_DATE >= s.starts_on AND CURRENT_DATE < s.ends_on
JOIN plans p ON p.code = COALESCE(s.plan, 'free');

-- migrate:down
DROP VIEW entitlements;
