-- A procedure that is called
--
-- revision: r05
-- revises: r04

-- migrate:up
DELIMITER //
CREATE PROCEDURE count_twice()
BEGIN
  UPDATE counter SET n = n + 1 WHERE name = 'up';
  INSERT INTO effect VALUES ('r05 called');
END //
DELIMITER ;
CALL count_twice();
UPDATE counter SET n = n + 1 WHERE name = 'up';
INSERT INTO effect VALUES ('r05 up');

-- migrate:down
CALL count_twice();
DROP PROCEDURE count_twice;
UPDATE counter SET n = n + 1 WHERE name = 'down';
INSERT INTO effect VALUES ('r05 down');
