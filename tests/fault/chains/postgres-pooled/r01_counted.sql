-- Where effects are counted
--
-- revision: r01
-- revises:

-- migrate:up
CREATE TABLE effect (what varchar(40) NOT NULL);
CREATE TABLE counter (name varchar(10) PRIMARY KEY, n integer NOT NULL);
INSERT INTO counter VALUES ('up', 0), ('down', 0);
INSERT INTO effect VALUES ('r01 up');

-- migrate:down
DROP TABLE counter;
DROP TABLE effect;
