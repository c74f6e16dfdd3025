-- Statements that each commit by themselves
--
-- revision: r07
-- revises: r06

-- migrate:up transaction:false
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect SELECT 'r07 item' FROM item WHERE id <= 2;
CREATE TABLE note (id integer PRIMARY KEY, body varchar(40));
INSERT INTO note SELECT id, label FROM item WHERE id <= 20;
ALTER TABLE note ADD INDEX note_body (body);
INSERT INTO effect VALUES ('r07 up');

-- migrate:down transaction:false
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r07 down');
DROP TABLE note;
