-- Add the records of the pilot season
--
-- revision: b43450ee944f
-- revises: 59498dd3f744
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-27T10:54:42Z

-- migrate:up
INSERT INTO observers (handle, email, joined_at) VALUES
    ('ada_tern', 'Ada@example.org', '2024-03-01T08:00:00Z'),
    ('ben_knot', 'ben@example.org', '2024-03-02T09:30:00Z'),
    ('cleo_stint', 'cleo@example.org', '2024-04-11T17:45:00Z');

INSERT INTO sites (name, country, lat, lon, added_by)
SELECT v.column1, v.column2, v.column3, v.column4, o.id
FROM (VALUES ('Mellum', 'DE', 53.72000, 8.15000, 'ada_tern'),
             ('Texel, De Slufter', 'NL', 53.13500, 4.79500, 'ben_knot'),
             ('Skallingen', 'DK', 55.49000, 8.24000, 'ada_tern')) v
JOIN observers o ON o.handle = v.column5;

WITH v (handle, site, protocol, started_at, minutes, metres, is_complete) AS (VALUES
    ('ada_tern', 'Mellum', 'stationary', '2024-04-28T05:10:00Z', 90, NULL, 1),
    ('ada_tern', 'Skallingen', 'travelling', '2024-05-04T06:00:00Z', 150, 4200, 1),
    ('ben_knot', 'Texel, De Slufter', 'area', '2024-05-04T07:25:00Z', 60, NULL, 0))
INSERT INTO checklists (observer_id, site_id, protocol, started_at, minutes, metres, is_complete)
SELECT o.id, s.id, v.protocol, v.started_at, v.minutes, v.metres, v.is_complete
FROM v
JOIN observers o ON o.handle = v.handle
JOIN sites s ON s.name = v.site;

WITH v (site, name, tally, remark) AS (VALUES
    ('Mellum', 'Numenius phaeopus', 41, 'moving north; calling'),
    ('Mellum', 'Haematopus ostralegus', 312, NULL),
    ('Skallingen', 'Numenius phaeopus', 7, NULL),
    ('Skallingen', 'Calidris alpina', NULL, 'a cloud of them -- not counted'),
    ('Texel, De Slufter', 'Limosa lapponica', 1450, 'it''s an estimate'))
INSERT INTO sightings (checklist_id, species_id, tally, remark)
SELECT c.id, t.id, v.tally, v.remark
FROM v
JOIN sites s ON s.name = v.site
JOIN checklists c ON c.site_id = s.id
JOIN species t ON t.scientific_name = v.name;

-- migrate:down
DELETE FROM checklists WHERE observer_id IN
    (SELECT id FROM observers WHERE handle IN ('ada_tern', 'ben_knot', 'cleo_stint'));
DELETE FROM sites WHERE added_by IN
    (SELECT id FROM observers WHERE handle IN ('ada_tern', 'ben_knot', 'cleo_stint'));
DELETE FROM observers WHERE handle IN ('ada_tern', 'ben_knot', 'cleo_stint');
