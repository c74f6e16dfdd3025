/* MariaDB: where statements end, with DELIMITER and without. */
#include "split_support.h"

static void quotes_and_comments_hide_semicolons(void **state)
{
    (void) state;
    static const split_case cases[] = {
        {"SELECT 'a;''b;'; x", {"SELECT 'a;''b;'", "x"}},
        {"SELECT 'a\\';b'; x", {"SELECT 'a\\';b'", "x"}},
        {"SELECT \"a\\\";b\"; x", {"SELECT \"a\\\";b\"", "x"}},
        {"SELECT \"a'b;\"; x", {"SELECT \"a'b;\"", "x"}},
        {"SELECT 'a\\\\'; x", {"SELECT 'a\\\\'", "x"}},
        {"SELECT `a\\`; x", {"SELECT `a\\`", "x"}},
        {"SELECT `a``;b`; x", {"SELECT `a``;b`", "x"}},
        {"SELECT _utf8'a;', n'b;', x'3b'; x", {"SELECT _utf8'a;', n'b;', x'3b'", "x"}},
        {"SELECT 1 # ; no\n, 2; x", {"SELECT 1 # ; no\n, 2", "x"}},
        {"SELECT 1 -- ; no\n, 2; x", {"SELECT 1 -- ; no\n, 2", "x"}},
        {"SELECT 1 --\n, 2; x", {"SELECT 1 --\n, 2", "x"}},
        {"---- a line; of dashes\n--x;\nSELECT 1;\n --y\nx", {"SELECT 1", "x"}},
        {"SELECT 5\n--1; x", {"SELECT 5\n--1", "x"}},
        {"SELECT 5--1; x", {"SELECT 5--1", "x"}},
        {"SELECT 1 --", {"SELECT 1"}},
        {"SELECT 5--; x", {"SELECT 5--", "x"}},
        {"SELECT /* /* ; */ 1; x", {"SELECT /* /* ; */ 1", "x"}},
        {"SELECT (1; SELECT 2)", {"SELECT (1", "SELECT 2)"}},
        {"SELECT a$b$; x", {"SELECT a$b$", "x"}},
        {"SELECT $$; x $$", {"SELECT $$", "x $$"}},
        {"SELECT \\N; x", {"SELECT \\N", "x"}},
        {"SELECT [1;2]; x", {"SELECT [1", "2]", "x"}},
        {"SELECT @a:=1, @@sql_mode; x", {"SELECT @a:=1, @@sql_mode", "x"}},
    };
    wb_splitter_options options = options_for(WB_MARIADB);
    check_splits(&options, cases, COUNT_OF(cases));
}

static void version_comments_are_code(void **state)
{
    (void) state;
    static const split_case cases[] = {
        {"/*!40101 SET NAMES utf8 */; x", {"/*!40101 SET NAMES utf8 */", "x"}},
        {"/*M!100100 SELECT ';' */; x", {"/*M!100100 SELECT ';' */", "x"}},
        {"/*! SELECT 1; SELECT 2 */; x", {"/*! SELECT 1; SELECT 2 */", "x"}},
        {"SELECT 1 /*!50000 , 2 */ /* c */; x", {"SELECT 1 /*!50000 , 2 */", "x"}},
        {"/*!50000 SELECT /* inner */ 1 */; x", {"/*!50000 SELECT /* inner */ 1 */", "x"}},
        {"/*!50000 SELECT '*/;' */; x", {"/*!50000 SELECT '*/;' */", "x"}},
        {"/*M!999999\\- enable the sandbox mode */\nSELECT 1; x", {"SELECT 1", "x"}},
        {"/*!999999\\- enable the sandbox mode */ x", {"x"}},
        {"/*+ a hint; first */ SELECT 1; x", {"/*+ a hint; first */ SELECT 1", "x"}},
        {"SELECT /*+ NO_ICP(t) ; */ 1; x", {"SELECT /*+ NO_ICP(t) ; */ 1", "x"}},
        {"/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`h`*/ /*!50003 TRIGGER t BEFORE INSERT ON a "
         "FOR EACH ROW BEGIN SET NEW.b = 1; END */; x",
         {"/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`h`*/ /*!50003 TRIGGER t BEFORE INSERT ON a "
          "FOR EACH ROW BEGIN SET NEW.b = 1; END */",
          "x"}},
    };
    wb_splitter_options options = options_for(WB_MARIADB);
    check_splits(&options, cases, COUNT_OF(cases));
}

static void the_delimiter_is_the_clients(void **state)
{
    (void) state;
    static const split_case cases[] = {
        {"DELIMITER //\nSELECT 1; SELECT 2//\nDELIMITER ;\nx; y", {"SELECT 1; SELECT 2", "x", "y"}},
        {"delimiter $$\nBEGIN a; END$$\nSELECT 1$$ y", {"BEGIN a; END", "SELECT 1", "y"}},
        {"DELIMITER ;;\nSELECT 1;\n;;\nx;;", {"SELECT 1;", "x"}},
        {"DELIMITER //\nSELECT '//', \"//\", `//` -- //\n, 1 # //\n /* // */ // x",
         {"SELECT '//', \"//\", `//` -- //\n, 1 # //\n", "x"}},
        {"DELIMITER '//'\nSELECT 1; // x", {"SELECT 1;", "x"}},
        {"DELIMITER // -- a comment\nSELECT 1; // x", {"SELECT 1;", "x"}},
        {"DELIMITER |\nSELECT a || b; | x", {"SELECT a", "b;", "x"}},
        {"DELIMITER go\nSELECT category, gone, ergo; go x", {"SELECT category, gone, ergo;", "x"}},
        {"  DELIMITER   //  \r\nSELECT 1;//\r\n  DELIMITER ;\r\nx;", {"SELECT 1;", "x"}},
        {"DELIMITER //\nSELECT 1\nDELIMITER ;\nx; y", {"SELECT 1", "x", "y"}},
        {"CREATE TABLE t (\ndelimiter varchar(10)); x",
         {"CREATE TABLE t (\ndelimiter varchar(10))", "x"}},
        {"DELIMITER //\nCREATE TABLE t (\ndelimiter varchar(10))// x",
         {"CREATE TABLE t (\ndelimiter varchar(10))", "x"}},
        {"DELIMITER //\nCREATE PROCEDURE p() BEGIN IF a THEN b; END// x",
         {"CREATE PROCEDURE p() BEGIN IF a THEN b; END", "x"}},
        {"DELIMITER //\n/*!50003 SELECT '//' */// x", {"/*!50003 SELECT '//' */", "x"}},
        {"DELIMITER //", {NULL}},
    };
    wb_splitter_options options = options_for(WB_MARIADB);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        split_case one = cases[i];
        if (i == 3) /* the text ends with its last code */
            one.statements[0] = "SELECT '//', \"//\", `//` -- //\n, 1";
        check_splits(&options, &one, 1);
    }
}

#define PROGRAM(text) \
    {                 \
        text "; x",   \
        {             \
            text, "x" \
        }             \
    }
#define PROC(body) PROGRAM("CREATE PROCEDURE p(IN a INT, OUT b VARCHAR(10)) " body)

static void stored_programs_need_no_delimiter(void **state)
{
    (void) state;
    static const split_case cases[] = {
        PROC("SELECT 1"),
        PROC("SET b = IF(a, 'x', 'y')"),
        PROC("SET b = CASE a WHEN 1 THEN 'x' ELSE 'y' END"),
        PROC("BEGIN END"),
        PROC("BEGIN SELECT 1; SELECT 2; END"),
        PROC("DETERMINISTIC READS SQL DATA SQL SECURITY INVOKER COMMENT 'a;' BEGIN SELECT 1; END"),
        PROC("lbl: BEGIN SELECT 1; LEAVE lbl; END lbl"),
        PROC("`lbl`: BEGIN SELECT 1; END `lbl`"),
        PROC("BEGIN IF a THEN SELECT 1; ELSEIF b THEN SELECT 2; ELSE SELECT 3; END IF; END"),
        PROC("IF a THEN SELECT 1; END IF"),
        PROC("BEGIN CASE a WHEN 1 THEN SELECT 1; ELSE SELECT 2; END CASE; END"),
        PROC("BEGIN CASE WHEN a = 1 THEN BEGIN END; ELSE BEGIN END; END CASE; END"),
        PROC("BEGIN l: LOOP ITERATE l; END LOOP l; END"),
        PROC("BEGIN REPEAT SET a = a + 1; UNTIL a > 10 END REPEAT; END"),
        PROC("BEGIN l: REPEAT SET a = REPEAT('x', 3); UNTIL a > CASE b WHEN 1 THEN 2 END "
             "END REPEAT l; END"),
        PROC("BEGIN WHILE a < 3 DO SET a = a + 1; END WHILE; DO SLEEP(1); END"),
        PROC("BEGIN FOR i IN 1..3 DO SELECT i; END FOR; SELECT 1 FROM t FOR UPDATE; END"),
        PROC("BEGIN FOR r IN (SELECT 1) DO SELECT r.a; END FOR; END"),
        PROC("BEGIN DECLARE c CURSOR FOR SELECT 1; DECLARE d INT DEFAULT CASE WHEN 1 THEN 2 END; "
             "SELECT 1; END"),
        PROC("BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND SET a = IF(a, 1, 2); SELECT 1; END"),
        PROC("BEGIN DECLARE EXIT HANDLER FOR SQLSTATE VALUE '23000', SQLEXCEPTION BEGIN SELECT 1; "
             "END; SELECT 1; END"),
        PROC("BEGIN DECLARE EXIT HANDLER FOR 1051, oops IF a THEN SELECT 1; END IF; SELECT 1; END"),
        PROC("BEGIN DECLARE oops CONDITION FOR 1051; DECLARE EXIT HANDLER FOR oops SET a = "
             "IF(1, 2, 3); END"),
        PROC("BEGIN SELECT begin, end FROM t WHERE end > 1; UPDATE t SET end = 1; END"),
        PROC("BEGIN SELECT CASE WHEN 1 THEN end END, t.end, @end FROM t; SELECT 1; END"),
        PROC("BEGIN SELECT CASE WHEN 1 THEN CASE 2 WHEN 3 THEN 4 END ELSE 5 END; SELECT 1; END"),
        PROC("BEGIN DROP TABLE IF EXISTS t; CREATE TABLE IF NOT EXISTS t (a INT); END"),
        PROC("BEGIN INSERT INTO t (`end`, `if`) VALUES ('END;', \"IF\"); END"),
        PROC("BEGIN -- END;\n /* END; */ # END;\n SELECT 1; END"),
        PROC("BEGIN a: BEGIN b: BEGIN SELECT 1; END b; END a; END"),
        PROC("BEGIN IF EXISTS (SELECT 1) THEN SELECT IF(a, 1, 2); END IF; END"),
        PROC("BEGIN IF CASE a WHEN 1 THEN 2 ELSE 3 END THEN SELECT 1; END IF; END"),
        PROC("BEGIN START TRANSACTION; COMMIT; END"),
        PROGRAM("CREATE PROCEDURE IF NOT EXISTS p() BEGIN SELECT 1; END"),
        PROGRAM("CREATE OR REPLACE DEFINER = 'a'@'b' PROCEDURE s.p() BEGIN SELECT 1; END"),
        PROGRAM("CREATE DEFINER = root@localhost PROCEDURE p() BEGIN SELECT 1; END"),
        PROGRAM("CREATE DEFINER = CURRENT_USER() PROCEDURE p() BEGIN SELECT 1; END"),
        PROGRAM("CREATE DEFINER = event@trigger VIEW v AS SELECT 1"),
        PROGRAM("CREATE FUNCTION f(a INT) RETURNS INT RETURN IF(a, 1, 2)"),
        PROGRAM("CREATE FUNCTION f() RETURNS SET('a','b') BEGIN RETURN 'a'; END"),
        PROGRAM("CREATE FUNCTION f() RETURNS CHAR(3) CHARACTER SET utf8 BEGIN RETURN 'a'; END"),
        PROGRAM("CREATE FUNCTION f() RETURNS INT RETURN CASE WHEN 1 THEN 2 END"),
        PROGRAM("CREATE AGGREGATE FUNCTION f(x INT) RETURNS INT BEGIN RETURN 1; END"),
        PROGRAM("CREATE FUNCTION f RETURNS STRING SONAME 'x.so'"),
        PROGRAM("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = IF(1, 2, 3)"),
        PROGRAM("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.b = 1; END"),
        PROGRAM("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW FOLLOWS z BEGIN SELECT 1; END"),
        PROGRAM("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF NEW.a THEN SET NEW.b = 1; "
                "END IF"),
        PROGRAM("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN SELECT 1; SELECT 2; END"),
        PROGRAM("CREATE EVENT e ON SCHEDULE AT NOW() ON COMPLETION NOT PRESERVE DO SELECT 1"),
        PROGRAM("ALTER EVENT e DO BEGIN SELECT 1; END"),
        PROGRAM("ALTER DEFINER = a@b EVENT e DO BEGIN SELECT 1; END"),
        PROGRAM("ALTER EVENT e DISABLE"),
        {"CREATE PROCEDURE p() BEGIN SELECT 1; SELECT CASE 1; END",
         {"CREATE PROCEDURE p() BEGIN SELECT 1; SELECT CASE 1; END"}},
        {"CREATE PROCEDURE p() SELECT CASE 1", {"CREATE PROCEDURE p() SELECT CASE 1"}},
        PROGRAM("BEGIN NOT ATOMIC SELECT 1; BEGIN SELECT 2; END; END"),
        PROGRAM("IF 1 THEN SELECT 1; END IF"),
        PROGRAM("WHILE 0 DO SELECT 1; END WHILE"),
        PROGRAM("CREATE TABLE t (begin INT, end INT)"),
        {"BEGIN; SELECT 1; COMMIT; BEGIN WORK; x",
         {"BEGIN", "SELECT 1", "COMMIT", "BEGIN WORK", "x"}},
        {"ALTER TABLE t ADD event INT; CREATE INDEX event ON t (a); x",
         {"ALTER TABLE t ADD event INT", "CREATE INDEX event ON t (a)", "x"}},
        {"DROP PROCEDURE p; CREATE VIEW v AS SELECT CASE WHEN 1 THEN 2 END; x",
         {"DROP PROCEDURE p", "CREATE VIEW v AS SELECT CASE WHEN 1 THEN 2 END", "x"}},
        {"CREATE PROCEDURE p() BEGIN SELECT CASE 1; END; x",
         {"CREATE PROCEDURE p() BEGIN SELECT CASE 1; END", "x"}},
    };
    wb_splitter_options options = options_for(WB_MARIADB);
    check_splits(&options, cases, COUNT_OF(cases));
}

static void blocks_of_the_oracle_mode_are_followed(void **state)
{
    (void) state;
    static const split_case cases[] = {
        PROGRAM("CREATE PROCEDURE p AS BEGIN SELECT 1; END"),
        PROGRAM("CREATE PROCEDURE p(a INT) IS x INT := 1; y INT; BEGIN SELECT x; END p"),
        PROGRAM("CREATE FUNCTION f(a INT) RETURN INT AS BEGIN RETURN a; END"),
        PROGRAM("CREATE FUNCTION f RETURN INT AS x INT; BEGIN RETURN 1; END"),
        PROGRAM("BEGIN SELECT 1; END"),
        PROGRAM("DECLARE x INT; BEGIN SELECT x; END"),
        PROGRAM("CREATE PROCEDURE p AS BEGIN <<l>> BEGIN SELECT 1; END; END"),
        PROGRAM("BEGIN FOR i IN 1..3 LOOP SELECT i; END LOOP; WHILE a LOOP b; END LOOP; END"),
        PROGRAM("BEGIN IF a THEN b; ELSIF c THEN d; ELSE e; END IF; END"),
        PROGRAM("BEGIN SELECT 1; EXCEPTION WHEN OTHERS THEN SELECT 2; SELECT 3; END"),
        PROGRAM("BEGIN DECLARE x INT; BEGIN SELECT 1; END; <<l>> LOOP EXIT l; END LOOP; END"),
        PROGRAM("CREATE PACKAGE p AS PROCEDURE a; FUNCTION b(x INT) RETURN INT; END"),
        PROGRAM("CREATE PACKAGE BODY p AS x INT; PROCEDURE a AS BEGIN SELECT 1; END; FUNCTION "
                "b(x INT) RETURN INT AS BEGIN RETURN 1; END; BEGIN x := 1; END"),
        {"SELECT \"a\\\"; x", {"SELECT \"a\\\"", "x"}},
    };
    wb_splitter_options options = options_for(WB_MARIADB);
    options.sql_mode = "PIPES_AS_CONCAT,ORACLE";
    check_splits(&options, cases, COUNT_OF(cases));
}

static void a_changed_sql_mode_counts_from_the_next_statement(void **state)
{
    (void) state;
    /* "a\" is whole without backslashes, 'a\';' with them */
#define PLAIN   "SELECT \"a\\\""
#define ESCAPED "SELECT 'a\\';'"
    static const split_case cases[] = {
        {"SET sql_mode = 'ANSI_QUOTES'; " PLAIN "; " ESCAPED "; x",
         {"SET sql_mode = 'ANSI_QUOTES'", PLAIN, ESCAPED, "x"}},
        {"SET sql_mode = ''; " ESCAPED "; x", {"SET sql_mode = ''", ESCAPED, "x"}},
        {"SET @@sql_mode := 'no_backslash_escapes'; SELECT 'a\\'; x",
         {"SET @@sql_mode := 'no_backslash_escapes'", "SELECT 'a\\'", "x"}},
        {"SET SESSION sql_mode = ANSI; " PLAIN "; x", {"SET SESSION sql_mode = ANSI", PLAIN, "x"}},
        {"SET @@session.sql_mode = 4; " PLAIN "; x", {"SET @@session.sql_mode = 4", PLAIN, "x"}},
        {"SET LOCAL sql_mode = 1048576; SELECT 'a\\'; x",
         {"SET LOCAL sql_mode = 1048576", "SELECT 'a\\'", "x"}},
        {"SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'; " ESCAPED "; x",
         {"SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'", ESCAPED, "x"}},
        {"SET @@global.sql_mode = 'NO_BACKSLASH_ESCAPES'; " ESCAPED "; x",
         {"SET @@global.sql_mode = 'NO_BACKSLASH_ESCAPES'", ESCAPED, "x"}},
        {"SET a = 1, sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES'), b = 2; SELECT '\\'; x",
         {"SET a = 1, sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES'), b = 2", "SELECT '\\'",
          "x"}},
        {"SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SET sql_mode = "
         "REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''); " ESCAPED "; x",
         {"SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
          "SET sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')", ESCAPED, "x"}},
        {"SET @old = @@sql_mode, sql_mode = 'ANSI_QUOTES'; " PLAIN "; SET sql_mode = @old; " ESCAPED
         "; SELECT \"a\\\";\"; x",
         {"SET @old = @@sql_mode, sql_mode = 'ANSI_QUOTES'", PLAIN, "SET sql_mode = @old", ESCAPED,
          "SELECT \"a\\\";\"", "x"}},
        {"/*!40101 SET SQL_MODE='NO_BACKSLASH_ESCAPES' */; SELECT '\\'; SET sql_mode = "
         "DEFAULT; " ESCAPED "; x",
         {"/*!40101 SET SQL_MODE='NO_BACKSLASH_ESCAPES' */", "SELECT '\\'",
          "SET sql_mode = DEFAULT", ESCAPED, "x"}},
        {"SET sql_mode = 'MSSQL'; SELECT [a;b]; x",
         {"SET sql_mode = 'MSSQL'", "SELECT [a;b]", "x"}},
        {"SET sql_mode = ORACLE; BEGIN a; END; x", {"SET sql_mode = ORACLE", "BEGIN a; END", "x"}},
        {"SET @a=@@sql_mode, @b=4, @c=4, @d=4, @e=4, @f=4, @g=4, @h=4, @i='NO_BACKSLASH_ESCAPES', "
         "sql_mode=@i; " ESCAPED "; USE d; " ESCAPED,
         {"SET @a=@@sql_mode, @b=4, @c=4, @d=4, @e=4, @f=4, @g=4, @h=4, @i='NO_BACKSLASH_ESCAPES', "
          "sql_mode=@i",
          ESCAPED, "USE d", ESCAPED}}, /* more than are followed leave it as it was */
        {"SET @a = 'NO_BACKSLASH_ESCAPES'; " ESCAPED "; x",
         {"SET @a = 'NO_BACKSLASH_ESCAPES'", ESCAPED, "x"}},
        {"SET STATEMENT sql_mode = 'NO_BACKSLASH_ESCAPES' FOR SELECT 1; " ESCAPED "; x",
         {"SET STATEMENT sql_mode = 'NO_BACKSLASH_ESCAPES' FOR SELECT 1", ESCAPED, "x"}},
    };
    wb_splitter_options options = options_for(WB_MARIADB);
    check_splits(&options, cases, COUNT_OF(cases));

    static const split_case given[] = {{PLAIN "; SELECT '\\'; x", {PLAIN, "SELECT '\\'", "x"}}};
    options.sql_mode = "STRICT_TRANS_TABLES,ANSI_QUOTES,NO_BACKSLASH_ESCAPES";
    check_splits(&options, given, COUNT_OF(given));
}

static void what_cannot_be_read_is_refused_at_its_place(void **state)
{
    (void) state;
    static const split_fault faults[] = {
        {"x;\nSELECT 'a\\'", 2, 8, "this string is never closed"},
        {"SELECT \"a", 1, 8, "this string is never closed"},
        {"SELECT `a", 1, 8, "this quoted name is never closed"},
        {"x;\n /*!50000 SELECT 1;", 2, 2, "this version comment is never closed"},
        {"/*+ x", 1, 1, "this comment is never closed"},
        {"DELIMITER\nx", 1, 1, "the delimiter behind DELIMITER is missing"},
        {"x;\nDELIMITER \\\n", 2, 1, "the delimiter behind DELIMITER has a backslash"},
        {"DELIMITER 123456789012345678901234567890123\n", 1, 1, "is too long"},
        {"source a.sql", 1, 1, "the client command \"source\" cannot be run"},
        {"SELECT 1\\G", 1, 9, "the client command \"\\G\" cannot be run"},
        {"SELECT 1;\n\\u db", 2, 1, "the client command \"\\u\" cannot be run"},
        {"CREATE PROCEDURE p()\nBEGIN\n IF a THEN SELECT 1;\nEND;", 4, 1, "\"END\" does not close"},
        {"CREATE PROCEDURE p()\nBEGIN\n IF a THEN SELECT 1; END LOOP; END;", 3, 22,
         "\"END LOOP\" does not close the \"IF\" of line 3"},
        {"CREATE PROCEDURE p()\nBEGIN\n SELECT 1;", 2, 1, "this \"BEGIN\" is never closed"},
        {"CREATE PROCEDURE p() BEGIN\n WHILE 1 DO SELECT 1;", 2, 2, "this \"WHILE\" is never"},
        {"x; BEGIN NOT ATOMIC SELECT 1;", 1, 4, "this \"BEGIN\" is never closed"},
        {"CREATE PROCEDURE p() BEGIN LOOP x; END", 1, 36, "\"END\" does not close the \"LOOP\""},
    };
    wb_splitter_options options = options_for(WB_MARIADB);
    check_faults(&options, faults, COUNT_OF(faults));
}

static void nesting_has_a_limit(void **state)
{
    (void) state;
    wb_buf script;
    wb_buf_init(&script, 0);
    wb_buf_puts(&script, "CREATE PROCEDURE p() ");
    for (unsigned i = 0; i < 1001; i++)
        wb_buf_puts(&script, "BEGIN ");
    wb_splitter_options options = options_for(WB_MARIADB);
    wb_error err;
    split_to_error(&options, wb_buf_str(&script), 100000, &err);
    assert_string_equal(err.message, "blocks are nested more than 1000 deep");
    wb_buf_clear(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_and_comments_hide_semicolons),
        cmocka_unit_test(version_comments_are_code),
        cmocka_unit_test(the_delimiter_is_the_clients),
        cmocka_unit_test(stored_programs_need_no_delimiter),
        cmocka_unit_test(blocks_of_the_oracle_mode_are_followed),
        cmocka_unit_test(a_changed_sql_mode_counts_from_the_next_statement),
        cmocka_unit_test(what_cannot_be_read_is_refused_at_its_place),
        cmocka_unit_test(nesting_has_a_limit),
    };
    return RUN_TESTS(tests);
}
