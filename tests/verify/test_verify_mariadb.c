/* MariaDB: what is found out about a statement whose run was cut off. The journal's last row is
 * "intent N"; whether the statement was really run is up to each test. */
#include "base/clock.h"
#include "engine/scratch.h"
#include "engine/verify.h"
#include "world.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a step that was cut off ---- */

/* Takes the verdict on statement `number` of a revision, as a run would. */
static bool verify(world *it, const char *revision, wb_direction direction, unsigned number,
                   wb_verification *ret_found)
{
    wb_context context;
    wb_ledger *ledger = NULL;
    wb_step_script script;
    wb_section_statements statements;
    uint32_t index = 0;
    bool at_end = false;
    world_open(it);
    if (!wb_target_need_all(it->target, "upgrade", &context, &it->err) ||
        !wb_ledger_read(&context, WB_LEDGER_STATE, &ledger, &it->err) ||
        !wb_graph_find(context.graph, wb_str_from(revision), &index) ||
        !wb_step_script_prepare(ledger, &it->options, index, direction, false, it->arena, &script,
                                &it->err) ||
        !wb_section_statements_open(ledger, &it->options, &script, &statements, &it->err))
        fail_msg("%s", it->err.message);
    wb_statement statement = {0};
    while (statement.number < number && !at_end)
        assert_true(wb_splitter_next(statements.splitter, &statement, &at_end, &it->err));
    wb_doubt doubt = {.ledger = ledger,
                      .options = &it->options,
                      .script = &script,
                      .statement = &statement,
                      .arena = it->arena};
    bool ok = wb_verify_mariadb(&doubt, ret_found, &it->err);
    wb_section_statements_close(&statements);
    return ok;
}

static int64_t scratch_count(world *it)
{
    return query_int(it, "SELECT count(*) FROM information_schema.schemata"
                         " WHERE schema_name LIKE 'whimbrel\\_scratch\\_%'");
}

static wb_verification found(world *it, const char *revision, wb_direction direction,
                             unsigned number)
{
    static const char *const names[] = {"open", "done", "undone"};
    wb_verification result;
    if (!verify(it, revision, direction, number, &result))
        fail_msg("%s", it->err.message);
    print_message("    %s: %s\n", names[result.verdict], result.reason);
    if (result.if_done != NULL)
        print_message("      done:   %s\n      undone: %s\n", result.if_done, result.if_undone);
    assert_int_equal(scratch_count(it), 0);
    world_close(it);
    return result;
}

static void assert_found(world *it, unsigned number, wb_verdict verdict, const char *reason)
{
    wb_verification result = found(it, "two", WB_UP, number);
    assert_int_equal(result.verdict, verdict);
    if (strstr(result.reason, reason) == NULL)
        fail_msg("\"%s\" was expected in: %s", reason, result.reason);
}

/* Applies revision one, and writes revision two, whose statement is in doubt. */
static world *cut_off(void **state, const char *base, const char *up)
{
    world *it = *state;
    add_revision(it, "one", "", base, "SELECT 1;");
    assert_upgrade(it, "one");
    add_revision(it, "two", "one", up, "SELECT 1;");
    return it;
}

/* ---- done or not ---- */

typedef struct example {
    const char *base; /* revision one */
    const char *doubtful;
    const char *really; /* what happened to the database; NULL: the statement itself */
    wb_verdict verdict;
    const char *reason;
} example;

static const char plain[] = "CREATE TABLE a (id integer, x text);";
static const char two_tables[] = "CREATE TABLE a (id integer); CREATE TABLE b (id integer);";

static const example examples[] = {
    {plain, "CREATE TABLE t (id integer)", NULL, WB_VERDICT_DONE, "the table \"t\" exists"},
    {plain, "CREATE TABLE t (id integer)", "", WB_VERDICT_UNDONE, "the table \"t\" does not exist"},
    {plain, "CREATE TABLE t (id integer)", "CREATE TABLE t (id bigint)", WB_VERDICT_OPEN,
     "neither as before nor after"},
    {plain, "ALTER TABLE a ADD COLUMN n integer", NULL, WB_VERDICT_DONE,
     "the table \"a\" has the line \"`n` int(11) DEFAULT NULL\""},
    {plain, "ALTER TABLE a ADD COLUMN n integer", "", WB_VERDICT_UNDONE,
     "the table \"a\" does not have the line \"`n` int(11) DEFAULT NULL\""},
    {plain, "ALTER TABLE a ADD COLUMN n integer", "ALTER TABLE a ADD COLUMN m integer",
     WB_VERDICT_OPEN, "`m` int(11)"},
    {two_tables, "DROP TABLE a, b", NULL, WB_VERDICT_DONE, "the table \"a\" does not exist"},
    {two_tables, "DROP TABLE a, b", "", WB_VERDICT_UNDONE, "the table \"a\" exists"},
    {two_tables, "DROP TABLE a, b", "DROP TABLE a", WB_VERDICT_OPEN,
     "half done: the table \"a\" does not exist and the table \"b\" exists"},
    {two_tables, "DROP TABLE IF EXISTS a, b", "DROP TABLE a", WB_VERDICT_UNDONE, "half done"},
    {plain, "DROP TABLE IF EXISTS nothing", "", WB_VERDICT_UNDONE, "no harm"},
    {plain, "RENAME TABLE a TO c", NULL, WB_VERDICT_DONE, "the table \"c\" exists"},
    {plain, "RENAME TABLE a TO c", "", WB_VERDICT_UNDONE, "the table \"c\" does not exist"},
    {plain, "CREATE VIEW v AS SELECT id FROM a", NULL, WB_VERDICT_DONE, "the view \"v\" exists"},
    {plain, "CREATE VIEW v AS SELECT id FROM a", "", WB_VERDICT_UNDONE, "the view \"v\""},
    {plain, "CREATE OR REPLACE VIEW v AS SELECT id FROM a", "CREATE VIEW v AS SELECT x FROM a",
     WB_VERDICT_OPEN, "the view \"v\""},
    {plain, "CREATE TRIGGER r BEFORE INSERT ON a FOR EACH ROW SET NEW.id = 1", NULL,
     WB_VERDICT_DONE, "the trigger \"r\" exists"},
    {plain, "CREATE TRIGGER r BEFORE INSERT ON a FOR EACH ROW SET NEW.id = 1", "",
     WB_VERDICT_UNDONE, "the trigger \"r\" does not exist"},
    {plain, "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END", NULL, WB_VERDICT_DONE,
     "the procedure \"p\" exists"},
    {plain, "CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END", "", WB_VERDICT_UNDONE,
     "the procedure \"p\" does not exist"},
    {plain, "CREATE FUNCTION f() RETURNS integer DETERMINISTIC RETURN 1", NULL, WB_VERDICT_DONE,
     "the function \"f\" exists"},
    {plain, "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM a", NULL, WB_VERDICT_DONE,
     "the event \"e\" exists"},
    {plain, "CREATE SEQUENCE s", NULL, WB_VERDICT_DONE, "the sequence \"s\" exists"},
    {"CREATE SEQUENCE s;", "CREATE TABLE t (id bigint DEFAULT nextval(s))", NULL, WB_VERDICT_DONE,
     "the table \"t\" exists"},
    {plain, "CREATE INDEX a_id ON a (id)", NULL, WB_VERDICT_DONE, "KEY `a_id`"},
    {plain, "CREATE INDEX a_id ON a (id)", "", WB_VERDICT_UNDONE, "the table \"a\""},
    {plain, "ALTER TABLE a ENGINE = InnoDB", "", WB_VERDICT_UNDONE, "no harm"},
    {plain, "ALTER TABLE a FORCE", "", WB_VERDICT_UNDONE, "no harm"},
    {plain, "ANALYZE TABLE a", "", WB_VERDICT_UNDONE, "no harm"},
    {plain, "GRANT SELECT ON a TO nobody@localhost", "", WB_VERDICT_UNDONE, "no harm"},
    {plain, "CREATE USER nobody@localhost", "", WB_VERDICT_OPEN, "does not show"},
    {"CREATE PROCEDURE p() SELECT 1;", "CALL p()", NULL, WB_VERDICT_OPEN, "does not show"},
    {"CREATE PROCEDURE p() CREATE TABLE t (id integer);", "CALL p()", NULL, WB_VERDICT_OPEN,
     "the schema is as after it (the table \"t\" exists)"},
    {"CREATE PROCEDURE p() CREATE TABLE t (id integer);", "CALL p()", "", WB_VERDICT_OPEN,
     "the schema is as before it (the table \"t\" does not exist)"},
    {plain, "BEGIN NOT ATOMIC INSERT INTO a VALUES (1, ''); CREATE TABLE t (id integer); END", NULL,
     WB_VERDICT_OPEN, "the schema is as after it"},
    {plain, "CREATE TABLE t AS SELECT id FROM a", NULL, WB_VERDICT_DONE, "the table \"t\" exists"},
    {"CREATE TABLE a (id integer); INSERT INTO a VALUES (1);", "TRUNCATE TABLE a", NULL,
     WB_VERDICT_DONE, "is empty"},
    {"CREATE TABLE a (id integer); INSERT INTO a VALUES (1);", "TRUNCATE a", "", WB_VERDICT_OPEN,
     "holds rows"},
    {plain, "CREATE TABLE a (id integer)", "", WB_VERDICT_OPEN,
     "statement 1 of revision \"two\" (up) fails on a scratch database: table 'a' already exists"},
    {plain, "ALTER TABLE a ADD CONSTRAINT CHECK (id > 0), ADD UNIQUE (id)",
     "INSERT INTO a VALUES (1, ''), (1, '')", WB_VERDICT_UNDONE, "the table \"a\""},
};

/* Each is run and must be found done, then is not run and must be found undone. */
static const struct {
    const char *base;
    const char *doubtful;
} many_forms[] = {
    {plain, "CREATE TABLE `sp ace``s` (`\xC3\xA4` integer COMMENT 'it''s \\\\ \xE2\x82\xAC')"},
    {plain, "CREATE TABLE t (id integer PRIMARY KEY, n integer AS (id * 2) STORED, CHECK (n > 1))"},
    {plain, "CREATE TABLE t LIKE a"},
    {"CREATE TABLE a (id integer PRIMARY KEY);",
     "CREATE TABLE t (a integer, FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE)"},
    {plain, "CREATE TABLE t (id integer) PARTITION BY RANGE (id)"
            " (PARTITION p VALUES LESS THAN (5), PARTITION q VALUES LESS THAN MAXVALUE)"},
    {plain, "CREATE TABLE t (id integer) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME"
            " INTERVAL 1 DAY (PARTITION p HISTORY, PARTITION q CURRENT)"},
    {plain, "ALTER TABLE a ADD SYSTEM VERSIONING"},
    {plain, "ALTER TABLE a RENAME TO c, COMMENT = 'x'"},
    {plain, "ALTER TABLE a MODIFY x varchar(9) CHARACTER SET latin1 NOT NULL, DROP COLUMN id"},
    {plain, "ALTER TABLE a RENAME COLUMN x TO y"},
    {plain, "ALTER TABLE a ENGINE = MyISAM"},
    {two_tables, "RENAME TABLE a TO c, b TO a"},
    {"CREATE TABLE a (id integer); CREATE VIEW v AS SELECT id FROM a;",
     "ALTER VIEW v AS SELECT v.id, w.id AS other FROM a AS v JOIN a AS w"},
    {"CREATE TABLE a (id integer); CREATE FUNCTION f(x integer) RETURNS integer RETURN x;",
     "CREATE VIEW v AS SELECT f(id) FROM a"},
    {"CREATE TABLE a (id integer); CREATE VIEW v AS SELECT id FROM a;",
     "CREATE VIEW w AS SELECT * FROM v"},
    {"CREATE TABLE a (id integer); CREATE VIEW v AS SELECT id FROM a;", "DROP VIEW v"},
    {"CREATE TABLE a (id integer); CREATE INDEX i ON a (id);", "DROP INDEX i ON a"},
    {"CREATE SEQUENCE s;", "ALTER SEQUENCE s INCREMENT BY 5"},
    {"CREATE PROCEDURE p() SELECT 1;", "DROP PROCEDURE IF EXISTS p"},
    {"CREATE PROCEDURE p() SELECT 1;", "ALTER PROCEDURE p SQL SECURITY INVOKER"},
    {"CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;", "ALTER EVENT e DISABLE"},
    {"CREATE TABLE a (id integer); CREATE TRIGGER r BEFORE INSERT ON a FOR EACH ROW SET @x = 1;",
     "DROP TRIGGER r"},
};

static void every_form_of_ddl_is_told_apart(void **state)
{
    world_teardown(state);
    for (size_t i = 0; i < COUNT_OF(many_forms); i++) {
        world_setup(state);
        world *it = *state;
        print_message("  %s\n", many_forms[i].doubtful);
        (void) cut_off(state, many_forms[i].base,
                       wb_arena_printf(it->arena, "%s;", many_forms[i].doubtful));
        assert_found(it, 1, WB_VERDICT_UNDONE, "");
        execute(it, many_forms[i].doubtful);
        assert_found(it, 1, WB_VERDICT_DONE, "");
        world_teardown(state);
    }
    world_setup(state);
}

/* One example after the other in databases of their own. */
static void statement_is_found_done_or_undone(void **state)
{
    world_teardown(state);
    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        const example *one = &examples[i];
        world_setup(state);
        print_message("  %s\n", one->doubtful);
        world *it = cut_off(state, one->base,
                            wb_arena_printf(((world *) *state)->arena, "%s;", one->doubtful));
        const char *really = one->really != NULL ? one->really : one->doubtful;
        if (really[0] != '\0')
            execute(it, really);
        assert_found(it, 1, one->verdict, one->reason);
        world_teardown(state);
    }
    world_setup(state);
}

static void open_verdict_tells_both_states(void **state)
{
    world *it = cut_off(state, two_tables, "DROP TABLE a, b;");
    execute(it, "DROP TABLE a");
    wb_verification result = found(it, "two", WB_UP, 1);
    assert_string_equal(result.if_done,
                        "The table \"a\" does not exist and the table \"b\" does not exist.");
    assert_string_equal(result.if_undone, "The table \"a\" exists and the table \"b\" exists.");
}

static void drift_elsewhere_is_ignored(void **state)
{
    world *it = cut_off(state, two_tables, "ALTER TABLE a ADD n integer;");
    execute(it, "ALTER TABLE b ADD unknown integer");
    execute(it, "CREATE TABLE c (id integer)");
    assert_found(it, 1, WB_VERDICT_UNDONE, "the table \"a\"");
    execute(it, "ALTER TABLE a ADD n integer");
    assert_found(it, 1, WB_VERDICT_DONE, "`n` int(11)");
}

static void later_statement_builds_on_those_before_it(void **state)
{
    world *it = cut_off(state, plain,
                        "SET sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES';\n"
                        "CREATE TABLE \"b\" (id integer, word varchar(9) DEFAULT 'it''s');\n"
                        "INSERT INTO b (id) VALUES (1);\n"
                        "ALTER TABLE \"b\" ADD \"n\" integer;\n");
    execute(it, "CREATE TABLE b (id integer, word varchar(9) DEFAULT 'it''s')");
    assert_found(it, 4, WB_VERDICT_UNDONE, "the table \"b\"");
    execute(it, "ALTER TABLE b ADD n integer");
    assert_found(it, 4, WB_VERDICT_DONE, "`n` int(11)");
}

static void package_is_found_under_its_sql_mode(void **state)
{
    static const char package[] = "CREATE PACKAGE k AS PROCEDURE p(x int); END";
    world *it = cut_off(state, plain,
                        wb_arena_printf(((world *) *state)->arena,
                                        "SET sql_mode = 'ORACLE';\n%s;\n"
                                        "CREATE PACKAGE BODY k AS PROCEDURE p(x int) AS BEGIN"
                                        " SELECT \"x\" FROM \"a\"; END; END;",
                                        package));
    assert_found(it, 2, WB_VERDICT_UNDONE, "the package \"k\" does not exist");
    execute(it, "SET sql_mode = 'ORACLE'");
    execute(it, package);
    assert_found(it, 2, WB_VERDICT_DONE, "the package \"k\" exists");
    assert_found(it, 3, WB_VERDICT_UNDONE, "the package body \"k\" does not exist");
}

static void down_step_is_replayed_on_its_own_revision(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", plain, NULL);
    add_revision(it, "two", "one", "CREATE TABLE b (id integer);",
                 "ALTER TABLE b ADD m integer;\nDROP TABLE b;");
    assert_upgrade(it, "heads");
    execute(it, "ALTER TABLE b ADD m integer");
    assert_int_equal(found(it, "two", WB_DOWN, 2).verdict, WB_VERDICT_UNDONE);
    execute(it, "DROP TABLE b");
    assert_int_equal(found(it, "two", WB_DOWN, 2).verdict, WB_VERDICT_DONE);
}

static void character_set_of_the_database_is_kept(void **state)
{
    world *it = *state;
    execute(it, wb_arena_printf(it->arena, "ALTER DATABASE %s CHARACTER SET latin1", it->database));
    (void) cut_off(state, plain, "CREATE TABLE t (word text);");
    execute(it, "CREATE TABLE t (word text)");
    assert_found(it, 1, WB_VERDICT_DONE, "the table \"t\" exists");
}

/* ---- what is not replayed ---- */

static void nothing_of_another_database_is_touched(void **state)
{
    static const char *const statements[] = {
        "DROP TABLE %s.precious",
        "DROP TABLE `%s` . `precious`",
        "INSERT INTO %s.precious VALUES (2)",
        "CREATE TRIGGER r AFTER INSERT ON a FOR EACH ROW DELETE FROM %s.precious",
        "RENAME TABLE a TO %s.a",
        "USE %s",
        "DROP DATABASE %s",
        "CREATE VIEW v AS SELECT * FROM %s.precious",
        "CREATE PROCEDURE p() BEGIN DELETE FROM /* there */ %s . precious; END",
    };
    world *it = *state;
    const char *other = wb_arena_printf(it->arena, "%s_other", it->database);
    execute(it, wb_arena_printf(it->arena, "CREATE DATABASE %s", other));
    execute(it, wb_arena_printf(it->arena, "CREATE TABLE %s.precious (id integer)", other));
    execute(it, wb_arena_printf(it->arena, "INSERT INTO %s.precious VALUES (1)", other));
    (void) cut_off(state, plain, "SELECT 1;");
    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        const char *place = strstr(statements[i], "%s");
        add_revision(it, "two", "one",
                     wb_arena_printf(it->arena, "%.*s%s%s;\nCREATE TABLE t (id integer);",
                                     (int) (place - statements[i]), statements[i], other,
                                     place + 2),
                     "SELECT 1;");
        assert_found(it, 2, WB_VERDICT_OPEN, "cannot be replayed on a scratch database");
        assert_int_equal(
            query_int(it, wb_arena_printf(it->arena, "SELECT sum(id) FROM %s.precious", other)), 1);
    }
    execute(it, wb_arena_printf(it->arena, "DROP DATABASE %s", other));
}

static void nothing_is_replayed_that_the_server_reads_in_another_way(void **state)
{
    world *it = *state;
    const char *other = wb_arena_printf(it->arena, "%s_other", it->database);
    execute(it, wb_arena_printf(it->arena, "CREATE DATABASE %s", other));
    execute(it, wb_arena_printf(it->arena, "CREATE TABLE %s.precious (id integer)", other));
    execute(it, wb_arena_printf(it->arena, "INSERT INTO %s.precious VALUES (1)", other));
    (void) cut_off(state, plain,
                   wb_arena_printf(it->arena,
                                   "SET sql_mode = lower(concat('NO_BACKSLASH', '_ESCAPES'));\n"
                                   "INSERT INTO a SELECT 1, '\\' FROM %s.precious -- ';\n"
                                   ";\nCREATE TABLE t (id integer);",
                                   other));
    assert_found(it, 3, WB_VERDICT_OPEN, "do not allow to read it safely");
    add_revision(it, "two", "one", "SET NAMES gbk;\nCREATE TABLE t (id integer);", NULL);
    assert_found(it, 2, WB_VERDICT_OPEN, "do not allow to read it safely");
    execute(it, wb_arena_printf(it->arena, "DROP DATABASE %s", other));
}

static void deleted_file_is_told(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", plain, NULL);
    add_revision(it, "gone", "one", "CREATE TABLE g (id integer);", NULL);
    assert_upgrade(it, "heads");
    (void) remove(wb_arena_printf(it->arena, "%s/migrations/gone.sql", it->folder));
    add_revision(it, "two", "one", "CREATE TABLE t (id integer);", NULL);
    assert_found(it, 1, WB_VERDICT_OPEN, "revision \"gone\" has no file any more");
}

static void stamped_base_is_told(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", plain, NULL);
    assert_true(stamp(it, "one"));
    execute(it, "CREATE TABLE a (id integer, x text)");
    add_revision(it, "two", "one", "ALTER TABLE a ADD n integer;", NULL);
    assert_found(it, 1, WB_VERDICT_OPEN, "revision \"one\" was stamped, not run");
}

static void user_without_the_right_is_told(void **state)
{
    world *it = cut_off(state, plain, "CREATE TABLE t (id integer);");
    const char *user = wb_arena_printf(it->arena, "u%s", it->database);
    execute(it, wb_arena_printf(it->arena, "CREATE USER %s IDENTIFIED BY 'secret'", user));
    execute(it, wb_arena_printf(it->arena, "GRANT ALL ON %s.* TO %s", it->database, user));
    const char *at = strchr(it->url, '@');
    const char *url = wb_arena_printf(it->arena, "mysql://%s:secret%s", user, at);
    (void) snprintf(it->url, sizeof(it->url), "%s", url);
    assert_found(it, 1, WB_VERDICT_OPEN, "a scratch database cannot be used: access denied");
    execute(it, wb_arena_printf(it->arena, "GRANT ALL ON `whimbrel\\_scratch\\_%%`.* TO %s", user));
    assert_found(it, 1, WB_VERDICT_UNDONE, "the table \"t\" does not exist");
    execute(it, wb_arena_printf(it->arena, "DROP USER %s", user));
}

/* ---- a real crash ---- */

/* Runs the upgrade in a process of its own. Once `waiting` finds the server's session that waits
 * for a lock that the test holds, the process is killed, the session too, and the lock released. */
static void cut_an_upgrade_off(world *it, const char *hold, const char *waiting)
{
    int64_t session = -1;
    execute(it, "SET autocommit = 0");
    execute(it, hold);
    pid_t child = fork();
    if (child == 0) {
        (void) upgrade(it, "heads");
        _exit(0);
    }
    assert_true(child > 0);
    while (session < 0) {
        wb_clock_sleep_ms(5);
        session = query_int(it, waiting);
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    execute(it, wb_arena_printf(it->arena, "KILL %lld", (long long) session));
    while (query_int(it, wb_arena_printf(it->arena,
                                         "SELECT count(*) FROM information_schema.processlist"
                                         " WHERE id = %lld",
                                         (long long) session)) > 0)
        wb_clock_sleep_ms(5);
    execute(it, "COMMIT");
    assert_int_equal(query_int(it, "SELECT event = 'intent' AND statement = 1 AND revision = 'two'"
                                   " FROM whimbrel_journal ORDER BY id DESC LIMIT 1"),
                     1);
}

static void alter_is_found_done_when_its_run_was_killed_behind_it(void **state)
{
    world *it = cut_off(state, plain, "ALTER TABLE a ADD n integer;");
    cut_an_upgrade_off(it, "SELECT * FROM whimbrel_history FOR UPDATE",
                       "SELECT id FROM information_schema.processlist WHERE id <> connection_id()"
                       " AND info LIKE 'INSERT INTO%whimbrel_history%'");
    assert_found(it, 1, WB_VERDICT_DONE, "`n` int(11)");
}

static void alter_is_found_undone_when_its_run_was_killed_in_it(void **state)
{
    world *it = cut_off(state, plain, "ALTER TABLE a ADD n integer;");
    cut_an_upgrade_off(it, "SELECT * FROM a",
                       "SELECT id FROM information_schema.processlist"
                       " WHERE state = 'Waiting for table metadata lock'");
    assert_found(it, 1, WB_VERDICT_UNDONE, "`n` int(11)");
}

/* ---- leftovers ---- */

static void leftovers_are_swept_unless_they_are_in_use(void **state)
{
    static const char old[] = "whimbrel_scratch_00000000000000aa";
    static const char used[] = "whimbrel_scratch_00000000000000bb";
    static const char young[] = "whimbrel_scratch_00000000000000cc";
    static const char foreign[] = "whimbrel_scratch_00000000000000dd";
    world *it = cut_off(state, plain, "CREATE TABLE t (id integer);");
    execute(it, wb_arena_printf(it->arena, "CREATE DATABASE %s COMMENT 'whimbrel scratch 1'", old));
    execute(it,
            wb_arena_printf(it->arena, "CREATE DATABASE %s COMMENT 'whimbrel scratch 1'", used));
    execute(it, wb_arena_printf(it->arena, "CREATE DATABASE %s COMMENT 'whimbrel scratch %lld'",
                                young, (long long) (wb_clock_now_us() / 1000000)));
    execute(it, wb_arena_printf(it->arena, "CREATE DATABASE %s", foreign));
    assert_int_equal(query_int(it, wb_arena_printf(it->arena, "SELECT GET_LOCK('%s', 0)", used)),
                     1);
    wb_verification result;
    assert_true(verify(it, "two", WB_UP, 1, &result));
    assert_int_equal(result.verdict, WB_VERDICT_UNDONE);
    assert_int_equal(scratch_count(it), 3);
    assert_int_equal(query_int(it, wb_arena_printf(it->arena,
                                                   "SELECT count(*) FROM information_schema"
                                                   ".schemata WHERE schema_name = '%s'",
                                                   old)),
                     0);
    execute(it, wb_arena_printf(it->arena, "DO RELEASE_LOCK('%s')", used));
    assert_true(verify(it, "two", WB_UP, 1, &result));
    assert_int_equal(scratch_count(it), 2);
    execute(it, wb_arena_printf(it->arena, "DROP DATABASE %s", young));
    execute(it, wb_arena_printf(it->arena, "DROP DATABASE %s", foreign));
}

static bool take_flag(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    *(bool *) arg = wb_row_int(row, 0) > 0;
    return true;
}

/* Cancels once the statement runs. */
static void *cancel_soon(void *arg)
{
    world *it = arg;
    WB_AUTO_SESSION(session);
    wb_url url;
    wb_error err;
    bool is_running = false;
    WB_SCRATCH(tmp);
    if (!wb_url_parse(it->url, tmp, &url, &err) || !wb_session_open(&url, NULL, &session, &err))
        return NULL; /* the test then fails for want of a cancel */
    while (!is_running &&
           wb_session_query(session,
                            WB_STR("SELECT count(*) FROM information_schema.processlist"
                                   " WHERE info LIKE 'CREATE TABLE n AS%'"),
                            NULL, 0, take_flag, &is_running, &err))
        wb_clock_sleep_ms(5);
    wb_cancel(it->workspace);
    return NULL;
}

static void cancel_ends_a_replay(void **state)
{
    world *it = cut_off(state, plain,
                        "CREATE TABLE n AS SELECT a.seq FROM seq_1_to_1000000 AS a"
                        " JOIN seq_1_to_1000000 AS b ON a.seq + b.seq > 3;\n"
                        "CREATE TABLE t (id integer);");
    pthread_t thread;
    wb_verification result;
    world_open(it);
    int64_t begin_us = wb_clock_monotonic_us();
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, it), 0);
    assert_fails(it, verify(it, "two", WB_UP, 2, &result), WB_E_CANCELLED);
    (void) pthread_join(thread, NULL);
    assert_true(wb_clock_monotonic_us() - begin_us < INT64_C(20000000));
    assert_int_equal(scratch_count(it), 0);
}

int main(int argc, char **argv)
{
    world_main(argc, argv);
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(statement_is_found_done_or_undone),
        T(every_form_of_ddl_is_told_apart),
        T(open_verdict_tells_both_states),
        T(drift_elsewhere_is_ignored),
        T(later_statement_builds_on_those_before_it),
        T(package_is_found_under_its_sql_mode),
        T(down_step_is_replayed_on_its_own_revision),
        T(character_set_of_the_database_is_kept),
        T(nothing_of_another_database_is_touched),
        T(nothing_is_replayed_that_the_server_reads_in_another_way),
        T(deleted_file_is_told),
        T(stamped_base_is_told),
        T(user_without_the_right_is_told),
        T(alter_is_found_done_when_its_run_was_killed_behind_it),
        T(alter_is_found_undone_when_its_run_was_killed_in_it),
        T(leftovers_are_swept_unless_they_are_in_use),
        T(cancel_ends_a_replay),
    };
#undef T
    return RUN_TESTS(tests);
}
