#include "../support/test.h"
#include "engine/maria_guard.h"

static const wb_lexer_mode plain = {.dialect = WB_MARIADB, .backslash = true};

static wb_maria_guard some_server(wb_arena *arena)
{
    wb_maria_guard guard = {.live = "app"};
    WB_LIST_ADD(arena, &guard.databases, "app");
    WB_LIST_ADD(arena, &guard.databases, "mysql");
    WB_LIST_ADD(arena, &guard.databases, "other");
    WB_LIST_ADD(arena, &guard.databases, "information_schema");
    WB_LIST_ADD(arena, &guard.databases, "1st");
    WB_LIST_ADD(arena, &guard.databases, "\xC3\xA4mter");
    WB_LIST_ADD(arena, &guard.functions, "sys_exec");
    return guard;
}

static wb_maria_look look_at(const wb_maria_guard *guard, const char *sql, wb_arena *arena)
{
    wb_maria_look look;
    wb_maria_guard_look(guard, plain, wb_str_from(sql), arena, &look);
    return look;
}

static void refuses_what_could_reach_beyond_the_database(void **state)
{
    (void) state;
    static const char *const refused[] = {
        "DROP TABLE other.t",
        "DROP TABLE OTHER.t",
        "DROP TABLE `other`.t",
        "DROP TABLE other /* x */ . t",
        "DROP TABLE other -- x\n.t",
        "DROP TABLE /*!50000 other*/.t",
        "DROP TABLE \"other\".t",
        "DROP TABLE app.t",
        "DROP TABLE 1st.t",
        "DROP TABLE \xC3\x84mter.t",
        "DROP TABLE `a``b`.t",
        "UPDATE t SET a = (SELECT max(user) FROM mysql.user)",
        "CREATE TABLE t (id integer, FOREIGN KEY (id) REFERENCES other.t (id))",
        "CREATE TABLE t LIKE other.t",
        "CREATE TABLE t (id integer) ENGINE = FEDERATED CONNECTION = 'mysql://h/other/t'",
        "CREATE TABLE t (id integer) ENGINE=CONNECT",
        "CREATE TABLE t (id integer) ENGINE SPIDER",
        "CREATE TABLE t (id integer) DATA DIRECTORY = '/tmp'",
        "SET default_storage_engine = CONNECT",
        "USE other",
        "CREATE OR REPLACE DATABASE x",
        "DROP SCHEMA IF EXISTS app",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "SELECT 1 INTO DUMPFILE '/tmp/x'",
        "LOAD DATA INFILE '/tmp/x' INTO TABLE t",
        "PREPARE s FROM 'DROP TABLE t'",
        "EXECUTE IMMEDIATE 'DROP TABLE t'",
        "SELECT GET_LOCK('app', 10)",
        "DO release_all_locks()",
        "SELECT sys_exec('rm -rf /')",
        "DROP FUNCTION sys_exec",
        "DROP FUNCTION `SYS_EXEC`",
        "SET SESSION a = 1, GLOBAL max_connections = 1",
        "SET a = 1, @@global.max_connections = 1",
        "SET PERSIST max_connections = 1",
        "XA START 'x'",
        "CREATE PROCEDURE p() BEGIN FLUSH TABLES; END",
        "CREATE PROCEDURE p() GRANT ALL ON *.* TO u",
        "CREATE PROCEDURE p() BEGIN EXECUTE IMMEDIATE 'DROP DATABASE x'; END",
        "CREATE PROCEDURE p() BEGIN CREATE OR REPLACE USER u; END",
        "CREATE PROCEDURE p() BEGIN DROP DATABASE x; END",
        "CREATE PROCEDURE p() BEGIN SET GLOBAL x = 1; END",
        "CREATE TRIGGER r AFTER INSERT ON t FOR EACH ROW INSERT INTO other.t VALUES (1)",
        "CREATE DEFINER = u@h TRIGGER r AFTER INSERT ON t FOR EACH ROW KILL 5",
        "BEGIN NOT ATOMIC INSTALL PLUGIN x SONAME 'x'; END",
        "SET STATEMENT max_statement_time = 1 FOR DROP DATABASE x",
        "SET STATEMENT max_statement_time = 1 FOR USE other",
        "IF 1 THEN SHUTDOWN; END IF",
        "FROBNICATE t",
        "CREATE THING t",
        "SELECT 'not closed",
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        WB_SCRATCH(arena);
        wb_maria_guard guard = some_server(arena);
        wb_maria_look look = look_at(&guard, refused[i], arena);
        if (look.action != WB_REPLAY_REFUSE || look.reason == NULL)
            fail_msg("not refused: %s", refused[i]);
    }
}

static void leaves_out_what_is_about_the_server(void **state)
{
    (void) state;
    static const char *const skipped[] = {
        "GRANT ALL ON other.* TO u",
        "REVOKE ALL ON other.* FROM u",
        "CREATE USER u IDENTIFIED BY 'x'",
        "DROP ROLE IF EXISTS r",
        "RENAME USER a TO b",
        "SET GLOBAL max_connections = 1",
        "SET @@GLOBAL.max_connections = 1",
        "SET PASSWORD FOR u = PASSWORD('x')",
        "SET DEFAULT ROLE r",
        "INSTALL SONAME 'x'",
        "CREATE AGGREGATE FUNCTION f RETURNS STRING SONAME 'x.so'",
        "FLUSH PRIVILEGES",
        "KILL 5",
        "RESET MASTER",
        "CHANGE MASTER TO MASTER_HOST = 'x'",
        "START SLAVE",
        "PURGE BINARY LOGS BEFORE '2020-01-01'",
        "LOCK TABLES t WRITE",
        "UNLOCK TABLES",
        "ANALYZE TABLE t",
        "OPTIMIZE LOCAL TABLE t",
        "SHOW TABLES FROM other",
        "CREATE DATABASE IF NOT EXISTS app",
        "ALTER DATABASE CHARACTER SET latin1",
        "USE App",
    };
    for (size_t i = 0; i < COUNT_OF(skipped); i++) {
        WB_SCRATCH(arena);
        wb_maria_guard guard = some_server(arena);
        if (look_at(&guard, skipped[i], arena).action != WB_REPLAY_SKIP)
            fail_msg("not left out: %s", skipped[i]);
    }
}

static void lets_through_what_stays_in_the_database(void **state)
{
    (void) state;
    static const char *const run[] = {
        "CREATE TABLE t (id integer, engine text, reset integer, `grant` text) ENGINE=InnoDB",
        "CREATE TABLE t (id integer) ENGINE MyISAM",
        "CREATE TABLE other (id integer)",
        "ALTER TABLE t ADD COLUMN kill_at date, ALGORITHM = INPLACE",
        "ALTER ONLINE TABLE t ADD UNIQUE (id)",
        "CREATE OR REPLACE DEFINER = CURRENT_USER() SQL SECURITY INVOKER VIEW v AS SELECT t.id"
        " FROM t",
        "CREATE ALGORITHM = MERGE DEFINER = `u`@`h` VIEW v AS SELECT 'other.t' AS x FROM t",
        "INSERT INTO t VALUES ('other.t', 1.5)",
        "SELECT count(*) FROM information_schema.tables",
        "CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.password = OLD.reset",
        "CREATE PROCEDURE p() BEGIN START TRANSACTION; SELECT 1 FROM t USE INDEX (i); COMMIT; END",
        "CREATE FUNCTION f() RETURNS integer RETURN 1",
        "SET SESSION sql_mode = 'ANSI_QUOTES', @x = 1",
        "SET @@session.foreign_key_checks = 0",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
        "BEGIN",
        "COMMIT",
    };
    for (size_t i = 0; i < COUNT_OF(run); i++) {
        WB_SCRATCH(arena);
        wb_maria_guard guard = some_server(arena);
        wb_maria_look look = look_at(&guard, run[i], arena);
        if (look.action != WB_REPLAY_RUN)
            fail_msg("not run (%s): %s", look.reason, run[i]);
    }
}

static void refuses_events_while_the_scheduler_runs(void **state)
{
    (void) state;
    static const char *const events[] = {
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
        "ALTER EVENT e ENABLE",
        "CREATE PROCEDURE p() CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
    };
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        WB_SCRATCH(arena);
        wb_maria_guard guard = some_server(arena);
        assert_int_equal(look_at(&guard, events[i], arena).action, WB_REPLAY_RUN);
        guard.events_run = true;
        assert_int_equal(look_at(&guard, events[i], arena).action, WB_REPLAY_REFUSE);
    }
}

static void knows_what_may_be_run_twice(void **state)
{
    (void) state;
    static const struct {
        const char *sql;
        wb_repeat repeat;
    } rows[] = {
        {"CREATE TABLE IF NOT EXISTS t (id integer)", WB_REPEAT_HARMLESS},
        {"CREATE OR REPLACE VIEW v AS SELECT 1", WB_REPEAT_HARMLESS},
        {"CREATE TEMPORARY TABLE t (id integer)", WB_REPEAT_HARMLESS},
        {"DROP TABLE IF EXISTS t", WB_REPEAT_HARMLESS},
        {"CREATE OR REPLACE TABLE t (id integer)", WB_REPEAT_UNKNOWN},
        {"DROP TABLE t", WB_REPEAT_UNKNOWN},
        {"CREATE TABLE t (id integer)", WB_REPEAT_UNKNOWN},
        {"ALTER TABLE t FORCE", WB_REPEAT_HARMLESS},
        {"ALTER TABLE t TRUNCATE PARTITION p", WB_REPEAT_UNKNOWN},
        {"ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u", WB_REPEAT_UNKNOWN},
        {"TRUNCATE TABLE t", WB_REPEAT_TRUNCATE},
        {"INSERT INTO t VALUES (1)", WB_REPEAT_ROWS},
        {"CALL p()", WB_REPEAT_UNKNOWN},
        {"GRANT ALL ON t TO u", WB_REPEAT_HARMLESS},
        {"REVOKE ALL ON t FROM u", WB_REPEAT_UNKNOWN},
        {"CREATE USER u", WB_REPEAT_UNKNOWN},
        {"CREATE USER IF NOT EXISTS u", WB_REPEAT_HARMLESS},
        {"KILL 5", WB_REPEAT_UNKNOWN},
        {"OPTIMIZE TABLE t", WB_REPEAT_HARMLESS},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        WB_SCRATCH(arena);
        wb_maria_guard guard = some_server(arena);
        if (look_at(&guard, rows[i].sql, arena).repeat != rows[i].repeat)
            fail_msg("%s", rows[i].sql);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_could_reach_beyond_the_database),
        cmocka_unit_test(leaves_out_what_is_about_the_server),
        cmocka_unit_test(lets_through_what_stays_in_the_database),
        cmocka_unit_test(refuses_events_while_the_scheduler_runs),
        cmocka_unit_test(knows_what_may_be_run_twice),
    };
    return RUN_TESTS(tests);
}
