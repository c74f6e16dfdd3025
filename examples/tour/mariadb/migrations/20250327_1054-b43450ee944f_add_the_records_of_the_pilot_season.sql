-- Add the records of the pilot season
--
-- revision: b43450ee944f
-- revises: 59498dd3f744
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-27T10:54:42Z

-- migrate:up
INSERT INTO observers (handle, email, joined_at) VALUES
    ('ada_tern', 'Ada@example.org', '2024-03-01 08:00:00'),
    ('ben_knot', 'ben@example.org', '2024-03-02 09:30:00'),
    ('cleo_stint', 'cleo@example.org', '2024-04-11 17:45:00');

INSERT INTO sites (name, country, lat, lon, added_by)
SELECT 'Mellum', 'DE', 53.72000, 8.15000, id FROM observers WHERE handle = 'ada_tern'
UNION ALL
SELECT 'Texel, De Slufter', 'NL', 53.13500, 4.79500, id FROM observers WHERE handle = 'ben_knot'
UNION ALL
SELECT 'Skallingen', 'DK', 55.49000, 8.24000, id FROM observers WHERE handle = 'ada_tern';

INSERT INTO checklists (observer_id, site_id, protocol, started_at, minutes, metres, is_complete)
WITH v (handle, site, protocol, started_at, minutes, metres, is_complete) AS (VALUES
    ('ada_tern', 'Mellum', 'stationary', '2024-04-28 05:10:00', 90, NULL, TRUE),
    ('ada_tern', 'Skallingen', 'travelling', '2024-05-04 06:00:00', 150, 4200, TRUE),
    ('ben_knot', 'Texel, De Slufter', 'area', '2024-05-04 07:25:00', 60, NULL, FALSE))
SELECT o.id, s.id, v.protocol, v.started_at, v.minutes, v.metres, v.is_complete
FROM v
JOIN observers o ON o.handle = v.handle
JOIN sites s ON s.name = v.site;

INSERT INTO sightings (checklist_id, species_id, tally, remark)
WITH v (site, name, tally, remark) AS (VALUES
    ('Mellum', 'Numenius phaeopus', 41, 'moving north; calling'),
    ('Mellum', 'Haematopus ostralegus', 312, NULL),
    ('Skallingen', 'Numenius phaeopus', 7, NULL),
    ('Skallingen', 'Calidris alpina', NULL, 'a cloud of them -- not counted'),
    ('Texel, De Slufter', 'Limosa lapponica', 1450, 'it''s an estimate; \'rough\''))
SELECT c.id, t.id, v.tally, v.remark
FROM v
JOIN sites s ON s.name = v.site
JOIN checklists c ON c.site_id = s.id
JOIN species t ON t.scientific_name = v.name;

-- migrate:down
DELETE c FROM checklists c JOIN observers o ON o.id = c.observer_id
WHERE o.handle IN ('ada_tern', 'ben_knot', 'cleo_stint');
DELETE s FROM sites s JOIN observers o ON o.id = s.added_by
WHERE o.handle IN ('ada_tern', 'ben_knot', 'cleo_stint');
DELETE FROM observers WHERE handle IN ('ada_tern', 'ben_knot', 'cleo_stint');
