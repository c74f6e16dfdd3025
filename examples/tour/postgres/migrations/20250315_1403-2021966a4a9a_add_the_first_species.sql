-- Add the first species
--
-- revision: 2021966a4a9a
-- revises: 5802f023fa0b
-- branch_labels:
-- depends_on:
-- create_date: 2025-03-15T14:03:51Z

-- migrate:up
-- Children come before their parents in this list; the key is checked at the end.
COPY species (id, parent_id, rank, scientific_name, common_name, wing_mm) FROM STDIN;
10	2	species	Numenius phaeopus	Eurasian Whimbrel	[235,266)
11	2	species	Numenius arquata	Eurasian Curlew	[269,329)
12	2	species	Limosa lapponica	Bar-tailed Godwit	[193,236)
13	2	species	Calidris alpina	Dunlin	[105,130)
14	3	species	Haematopus ostralegus	Eurasian Oystercatcher	\N
15	4	species	Charadrius hiaticula	Common Ringed Plover	[123,142)
16	4	species	Pluvialis squatarola	Grey Plover; "Black-bellied Plover"	[184,220)
20	13	subspecies	Calidris alpina schinzii	\N	[104,122)
1	\N	order	Charadriiformes	Shorebirds and allies	\N
2	1	family	Scolopacidae	Sandpipers	\N
3	1	family	Haematopodidae	Oystercatchers	\N
4	1	family	Charadriidae	Plovers	\N
\.

SELECT setval(pg_get_serial_sequence('species', 'id'), 20);

-- migrate:down
DELETE FROM species WHERE id BETWEEN 1 AND 20;
