-- Rank observers by year
--
-- revision: c5c4cc245cb5
-- revises: cd7536e96c1a
-- branch_labels:
-- depends_on:
-- create_date: 2025-09-08T13:11:59Z

-- migrate:up
CREATE VIEW report_board AS
SELECT year, handle, species_count,
       rank() OVER (PARTITION BY year ORDER BY species_count DESC) AS place
FROM (SELECT CAST(strftime('%Y', l.first_seen) AS INTEGER) AS year, o.handle,
             count(*) AS species_count
      FROM life_lists l JOIN observers o ON o.id = l.observer_id
      GROUP BY 1, 2);

CREATE VIEW report_winners AS
SELECT year, handle, species_count FROM report_board WHERE place = 1;

-- migrate:down
DROP VIEW report_winners;
DROP VIEW report_board;
