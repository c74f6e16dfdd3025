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
       p.media_gib * 1073741824::bigint AS media_bytes,
       coalesce((p.features ->> 'exports')::boolean, false) AS may_export
FROM contributions n
LEFT JOIN customers c ON c.observer_id = n.observer_id
LEFT JOIN subscriptions s ON s.customer_id = c.id AND s.period @> CURRENT_DATE
JOIN plans p ON p.code = coalesce(s.plan, 'free');

-- migrate:down
DROP VIEW entitlements;
