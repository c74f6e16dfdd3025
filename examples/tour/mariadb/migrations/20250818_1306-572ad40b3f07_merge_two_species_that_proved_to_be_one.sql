-- Merge two species that proved to be one
--
-- revision: 572ad40b3f07
-- revises: a4aff6e64d8e
-- branch_labels:
-- depends_on:
-- create_date: 2025-08-18T13:06:54Z

-- migrate:up
DELIMITER $$
CREATE PROCEDURE merge_species(IN loser BIGINT UNSIGNED, IN winner BIGINT UNSIGNED)
MODIFIES SQL DATA
COMMENT 'Moves what was seen of loser to winner; counts are added'
BEGIN
    DECLARE is_done BOOLEAN DEFAULT FALSE;
    DECLARE list BIGINT UNSIGNED;
    DECLARE birds INT UNSIGNED;
    DECLARE note TEXT;
    DECLARE seen CURSOR FOR
        SELECT checklist_id, tally, remark FROM sightings WHERE species_id = loser;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET is_done = TRUE;

    IF loser = winner THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a species can not be merged with itself';
    END IF;

    OPEN seen;
    every_sighting: LOOP
        FETCH seen INTO list, birds, note;
        IF is_done THEN
            LEAVE every_sighting;
        END IF;
        INSERT INTO sightings (checklist_id, species_id, tally, remark)
        VALUES (list, winner, birds, note)
        ON DUPLICATE KEY UPDATE tally = CASE WHEN tally IS NULL THEN VALUE(tally)
                                             ELSE tally + COALESCE(VALUE(tally), 0) END;
    END LOOP every_sighting;
    CLOSE seen;

    UPDATE species SET parent_id = winner WHERE parent_id = loser;
    DELETE FROM sightings WHERE species_id = loser;
    DELETE FROM species WHERE id = loser;
END$$
DELIMITER ;

-- migrate:down
DROP PROCEDURE merge_species;
