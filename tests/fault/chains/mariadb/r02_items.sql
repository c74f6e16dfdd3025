-- Items
--
-- revision: r02
-- revises: r01

-- migrate:up
CREATE TABLE item (id integer PRIMARY KEY, label varchar(40) NOT NULL, kind varchar(10), price integer);
INSERT INTO item SELECT seq, concat('label ', seq), concat('kind ', seq MOD 7), seq FROM seq_1_to_300;
INSERT INTO effect SELECT concat('r02 item ', kind) FROM item WHERE id <= 3;
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r02 up');

-- migrate:down
DROP TABLE item;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r02 down');
