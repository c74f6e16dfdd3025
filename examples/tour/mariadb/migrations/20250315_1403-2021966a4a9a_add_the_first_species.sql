-- Add the first species
--
-- revision: 2021966a4a9a
-- revises: 5802f023fa0b
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-15T14:03:51Z

-- migrate:up
-- Keys are checked row by row here, so parents come before their children.
INSERT INTO species (id, parent_id, `rank`, scientific_name, common_name, wing_mm_min, wing_mm_max)
VALUES
    (1, NULL, 'order', 'Charadriiformes', 'Shorebirds and allies', NULL, NULL),
    (2, 1, 'family', 'Scolopacidae', 'Sandpipers', NULL, NULL),
    (3, 1, 'family', 'Haematopodidae', 'Oystercatchers', NULL, NULL),
    (4, 1, 'family', 'Charadriidae', 'Plovers', NULL, NULL),
    (10, 2, 'species', 'Numenius phaeopus', 'Eurasian Whimbrel', 235, 265),
    (11, 2, 'species', 'Numenius arquata', 'Eurasian Curlew', 269, 328),
    (12, 2, 'species', 'Limosa lapponica', 'Bar-tailed Godwit', 193, 235),
    (13, 2, 'species', 'Calidris alpina', 'Dunlin', 105, 129),
    (14, 3, 'species', 'Haematopus ostralegus', 'Eurasian Oystercatcher', NULL, NULL),
    (15, 4, 'species', 'Charadrius hiaticula', 'Common Ringed Plover', 123, 141),
    (16, 4, 'species', 'Pluvialis squatarola', 'Grey Plover; "Black-bellied Plover"', 184, 219),
    (20, 13, 'subspecies', 'Calidris alpina schinzii', NULL, 104, 121);

-- migrate:down
DELETE FROM species WHERE id BETWEEN 1 AND 20 ORDER BY id DESC;
