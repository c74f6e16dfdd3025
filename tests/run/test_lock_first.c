/* Which tables a statement locks, as PostgreSQL has it; and the statement that locks them first. */
#include "engine/table_lock_sql.h"
#include "world.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const wb_lexer_mode postgres = {.dialect = WB_POSTGRES};

/* ---- what the server locks ---- */

static const char *const schema[] = {
    "CREATE TABLE ref (id bigint PRIMARY KEY, u int)",
    "CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, nn int NOT NULL)",
    "CREATE INDEX t_b ON t (b)",
    "CREATE TABLE child (id int, r bigint)",
    "CREATE TABLE un (id int)",
    "CREATE TABLE parent (id int)",
    "CREATE TABLE p (id int, k int) PARTITION BY RANGE (k)",
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (100)",
    "CREATE TABLE pd PARTITION OF p DEFAULT",
    "CREATE TABLE p2 (id int, k int)",
    "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID",
    "CREATE FUNCTION trgf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'",
    "CREATE TRIGGER tg BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trgf()",
    "CREATE POLICY po ON t USING (true)",
    "CREATE RULE ru AS ON INSERT TO un DO ALSO NOTHING",
};

typedef struct form {
    const char *sql;
    const char *unknown; /* tables that the server locks too, which the text does not show */
} form;

static const form forms[] = {
    {"ALTER TABLE t ADD COLUMN z int", ""},
    {"ALTER TABLE t ADD COLUMN z bigint REFERENCES ref (id)", ""},
    {"ALTER TABLE t ADD COLUMN IF NOT EXISTS z bigint REFERENCES ref (id)", "ref"},
    {"ALTER TABLE p ADD COLUMN z int", ""},
    {"ALTER TABLE ONLY t DROP COLUMN a", ""},
    {"ALTER TABLE t ALTER a SET DEFAULT 1", ""},
    {"ALTER TABLE t ALTER a SET STATISTICS 5", ""},
    {"ALTER TABLE p ALTER id SET STATISTICS 5", "p1 pd"},
    {"ALTER TABLE t ALTER a SET (n_distinct = 5)", ""},
    {"ALTER TABLE t ALTER b SET STORAGE external", ""},
    {"ALTER TABLE t ALTER a SET NOT NULL", ""},
    {"ALTER TABLE t ALTER a TYPE bigint", ""},
    {"ALTER TABLE t SET (fillfactor = 70)", ""},
    {"ALTER TABLE t SET (user_catalog_table = true)", ""},
    {"ALTER TABLE t RESET (fillfactor)", ""},
    {"ALTER TABLE t CLUSTER ON t_b", ""},
    {"ALTER TABLE t SET WITHOUT CLUSTER", ""},
    {"ALTER TABLE t SET UNLOGGED", ""},
    {"ALTER TABLE t SET SCHEMA information_schema", ""},
    {"ALTER TABLE t OWNER TO CURRENT_USER", ""},
    {"ALTER TABLE p OWNER TO CURRENT_USER", ""},
    {"ALTER TABLE t REPLICA IDENTITY FULL", ""},
    {"ALTER TABLE t ENABLE ROW LEVEL SECURITY", ""},
    {"ALTER TABLE t DISABLE TRIGGER tg", ""},
    {"ALTER TABLE t ENABLE ALWAYS TRIGGER tg", ""},
    {"ALTER TABLE un DISABLE RULE ru", ""},
    {"ALTER TABLE t VALIDATE CONSTRAINT ck", ""},
    {"ALTER TABLE t DROP CONSTRAINT ck", ""},
    {"ALTER TABLE t VALIDATE CONSTRAINT ck, ALTER a SET STATISTICS 4", ""},
    {"ALTER TABLE t VALIDATE CONSTRAINT ck, DISABLE TRIGGER tg", ""},
    {"ALTER TABLE t VALIDATE CONSTRAINT ck, ADD z int", ""},
    {"ALTER TABLE t ADD CONSTRAINT c2 CHECK (a > 1) NOT VALID", ""},
    {"ALTER TABLE p ADD CONSTRAINT c2 CHECK (k > -1)", ""},
    {"ALTER TABLE t ADD UNIQUE (a)", ""},
    {"ALTER TABLE child ADD FOREIGN KEY (r) REFERENCES ref (id)", ""},
    {"ALTER TABLE child ADD CONSTRAINT f FOREIGN KEY (r) REFERENCES ref NOT VALID", ""},
    {"ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (100) TO (200)", "pd"},
    {"ALTER TABLE p DETACH PARTITION p1", "pd"},
    {"ALTER TABLE un INHERIT parent", ""},
    {"ALTER TABLE t RENAME TO t9", ""},
    {"ALTER TABLE p RENAME TO p9", ""},
    {"ALTER TABLE p RENAME COLUMN id TO id9", ""},
    {"ALTER TABLE t RENAME a TO a9", ""},
    {"CREATE INDEX ON t (a)", ""},
    {"CREATE INDEX ON p (id)", ""},
    {"CREATE INDEX ON ONLY p (id)", ""},
    {"CREATE UNIQUE INDEX IF NOT EXISTS t_b ON t (b)", ""},
    {"CREATE TRIGGER t2 AFTER UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION trgf()", ""},
    {"CREATE TRIGGER t2 AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION trgf()", "p1 pd"},
    {"DROP TRIGGER tg ON t", ""},
    {"ALTER TRIGGER tg ON t RENAME TO tg9", ""},
    {"CREATE POLICY po2 ON t USING (true)", ""},
    {"ALTER POLICY po ON t USING (false)", ""},
    {"DROP POLICY po ON t", ""},
    {"CREATE RULE ru2 AS ON INSERT TO un DO ALSO NOTHING", ""},
    {"DROP RULE ru ON un", ""},
    {"CREATE TABLE zz (id bigint REFERENCES ref (id))", ""},
    {"CREATE TABLE zz PARTITION OF p FOR VALUES FROM (200) TO (300)", "pd"},
    {"CREATE TABLE zz (x int) INHERITS (parent, un)", ""},
    {"CREATE TABLE zz AS SELECT * FROM t", ""},
    {"CREATE STATISTICS st ON a, nn FROM t", ""},
    {"DROP TABLE un, child", ""},
    {"DROP TABLE p", ""},
    {"DROP TABLE p1", "p pd"},
    {"TRUNCATE t, ONLY un", ""},
    {"TRUNCATE p", ""},
    {"COMMENT ON TABLE t IS 'x'", ""},
    {"COMMENT ON COLUMN public.t.a IS 'x'", ""},
    {"COMMENT ON CONSTRAINT ck ON t IS 'x'", ""},
    {"CLUSTER t USING t_b", ""},
    {"REINDEX TABLE t", ""},
    {"ANALYZE t (a), un", ""},
    {"INSERT INTO t VALUES (1, 1, 'x', 1)", ""},
    {"INSERT INTO p VALUES (1, 1)", ""},
    {"UPDATE t SET a = 1", ""},
    {"DELETE FROM ONLY p", ""},
    {"LOCK TABLE p, ONLY t IN SHARE ROW EXCLUSIVE MODE", ""},
};

typedef struct held_locks {
    wb_lock_mode modes[16];
    char names[16][64];
    size_t count;
} held_locks;

static wb_lock_mode mode_of(const char *in_catalog)
{
    for (unsigned mode = 1; mode < WB_LOCK_MODE_COUNT; mode++) {
        if (strcmp(in_catalog, wb_lock_mode_in_catalog((wb_lock_mode) mode)) == 0)
            return (wb_lock_mode) mode;
    }
    fail_msg("unknown mode %s", in_catalog);
    return WB_LOCK_NONE;
}

static bool take_held(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    held_locks *held = arg;
    const char *name = wb_row_text(row, 0);
    wb_lock_mode mode = mode_of(wb_row_text(row, 1));
    size_t i = 0;
    while (i < held->count && strcmp(held->names[i], name) != 0)
        i++;
    if (i == held->count) {
        assert_true(held->count < COUNT_OF(held->names));
        (void) snprintf(held->names[held->count++], sizeof(held->names[0]), "%s", name);
    }
    held->modes[i] = mode > held->modes[i] ? mode : held->modes[i];
    return true;
}

/* The tables that were there before the transaction, and the strongest lock that it has on each. */
static held_locks locks_of(world *it, wb_session *session)
{
    held_locks held = {.count = 0};
    if (!wb_session_query(session,
                          WB_STR("SELECT c.name, l.mode FROM pg_locks l JOIN known c"
                                 " ON c.oid = l.relation WHERE l.locktype = 'relation'"
                                 " AND l.pid = pg_backend_pid() AND c.name <> 'known'"),
                          NULL, 0, take_held, &held, &it->err))
        fail_msg("%s", it->err.message);
    return held;
}

static wb_lock_mode held_mode(const held_locks *held, const char *name)
{
    for (size_t i = 0; i < held->count; i++) {
        if (strcmp(held->names[i], name) == 0)
            return held->modes[i];
    }
    return WB_LOCK_NONE;
}

static void run(world *it, wb_session *session, const char *sql)
{
    if (!wb_session_exec(session, wb_str_from(sql), &it->err))
        fail_msg("%s: %s", sql, it->err.message);
}

static void make_schema(world *it, wb_session *session)
{
    for (size_t i = 0; i < COUNT_OF(schema); i++)
        run(it, session, schema[i]);
    run(it, session,
        "CREATE TABLE known AS SELECT oid, relname::text AS name FROM pg_class"
        " WHERE relkind IN ('r', 'p', 'v') AND relnamespace = 'public'::regnamespace");
}

typedef struct comparison {
    const form *form;
    const held_locks *held;
    held_locks told;
} comparison;

static void compare_use(void *arg, const wb_table_use *use)
{
    comparison *it = arg;
    if (use->kind != WB_TABLE_LOCKED)
        return;
    char name[64];
    size_t dot = 0;
    wb_str last =
        wb_str_find_byte(use->name, '.', &dot) ? wb_str_from_offset(use->name, dot + 1) : use->name;
    (void) snprintf(name, sizeof(name), "%.*s", WB_STR_ARG(last));
    if (use->mode != held_mode(it->held, name))
        fail_msg("%s: %s is locked in %s, not in %s", it->form->sql, name,
                 wb_lock_mode_name(held_mode(it->held, name)), wb_lock_mode_name(use->mode));
    (void) snprintf(it->told.names[it->told.count++], sizeof(name), "%s", name);
    static const char *const children[] = {"p1", "pd"};
    for (size_t i = 0; i < COUNT_OF(children) && use->tree != WB_LOCK_NONE; i++) {
        if (strcmp(name, "p") != 0)
            break;
        if (use->tree != held_mode(it->held, children[i]))
            fail_msg("%s: %s is locked in %s, not in %s", it->form->sql, children[i],
                     wb_lock_mode_name(held_mode(it->held, children[i])),
                     wb_lock_mode_name(use->tree));
        (void) snprintf(it->told.names[it->told.count++], sizeof(name), "%s", children[i]);
    }
}

/* All that stops others was told, but for what the case lists. */
static void check_nothing_is_missing(const comparison *it)
{
    for (size_t i = 0; i < it->held->count; i++) {
        bool is_told = it->held->modes[i] < WB_LOCK_SHARE_UPDATE_EXCLUSIVE ||
                       strstr(it->form->unknown, it->held->names[i]) != NULL;
        for (size_t j = 0; j < it->told.count; j++)
            is_told = is_told || strcmp(it->told.names[j], it->held->names[i]) == 0;
        if (!is_told)
            fail_msg("%s: nothing was said of %s, which is locked in %s", it->form->sql,
                     it->held->names[i], wb_lock_mode_name(it->held->modes[i]));
    }
}

static void the_text_tells_the_locks_that_the_server_takes(void **state)
{
    world *it = *state;
    WB_AUTO_SESSION(session);
    session = world_connect(it);
    make_schema(it, session);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        run(it, session, "BEGIN");
        run(it, session, forms[i].sql);
        held_locks held = locks_of(it, session);
        run(it, session, "ROLLBACK");
        comparison compared = {.form = &forms[i], .held = &held};
        wb_table_uses(postgres, wb_str_from(forms[i].sql), session->version, compare_use,
                      &compared);
        check_nothing_is_missing(&compared);
    }
}

/* ---- the statement that locks ---- */

static wb_table_lock lock_of(const char *name, wb_lock_mode mode, wb_lock_mode tree)
{
    return (wb_table_lock){.name = wb_str_from(name), .mode = mode, .tree = tree};
}

static bool lock_first(wb_session *session, const wb_table_lock *tables, size_t count,
                       wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    wb_table_lock_sql(tables, count, &sql);
    return wb_session_exec(session, wb_buf_str(&sql), err);
}

static void assert_locks(world *it, wb_session *session, const wb_table_lock *tables, size_t count)
{
    if (!lock_first(session, tables, count, &it->err))
        fail_msg("%s %s", it->err.message, it->err.detail);
}

static void tables_are_locked_to_the_end_of_the_transaction(void **state)
{
    world *it = *state;
    WB_AUTO_SESSION(session);
    session = world_connect(it);
    make_schema(it, session);
    const wb_table_lock tables[] = {
        lock_of("public.P", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_SHARE),
        lock_of("ref", WB_LOCK_SHARE_ROW_EXCLUSIVE, WB_LOCK_NONE),
        lock_of("t", WB_LOCK_ROW_EXCLUSIVE, WB_LOCK_ROW_EXCLUSIVE),
    };
    run(it, session, "BEGIN");
    assert_locks(it, session, tables, COUNT_OF(tables));
    held_locks held = locks_of(it, session);
    assert_int_equal(held_mode(&held, "p"), WB_LOCK_ACCESS_EXCLUSIVE);
    assert_int_equal(held_mode(&held, "p1"), WB_LOCK_SHARE);
    assert_int_equal(held_mode(&held, "pd"), WB_LOCK_SHARE);
    assert_int_equal(held_mode(&held, "ref"), WB_LOCK_SHARE_ROW_EXCLUSIVE);
    assert_int_equal(held_mode(&held, "t"), WB_LOCK_ROW_EXCLUSIVE);
    assert_int_equal(held_mode(&held, "child"), WB_LOCK_NONE);
    run(it, session, "ROLLBACK");
}

static void what_is_no_table_is_passed_over(void **state)
{
    world *it = *state;
    WB_AUTO_SESSION(session);
    session = world_connect(it);
    run(it, session, "CREATE TABLE t (a int)");
    run(it, session, "CREATE VIEW v AS SELECT * FROM t");
    run(it, session, "CREATE MATERIALIZED VIEW m AS SELECT * FROM t");
    run(it, session,
        "CREATE TABLE known AS SELECT oid, relname::text AS name FROM pg_class"
        " WHERE relkind IN ('r', 'v', 'm') AND relnamespace = 'public'::regnamespace");
    static const char *const names[] = {"v", "m", "nothing", "no_schema.t", "t_seq"};
    run(it, session, "CREATE SEQUENCE t_seq");
    run(it, session, "BEGIN");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        wb_table_lock table = lock_of(names[i], WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_ACCESS_EXCLUSIVE);
        assert_locks(it, session, &table, 1);
    }
    held_locks held = locks_of(it, session);
    assert_int_equal(held.count, 0);
    run(it, session, "ROLLBACK");
}

static void names_of_any_kind_are_locked(void **state)
{
    world *it = *state;
    WB_AUTO_SESSION(session);
    session = world_connect(it);
    static const char *const names[] = {
        "\"a\"\"b$$c'd\"", "\"back\\slash\"", "\"; DROP TABLE x\"",      "\"s p\".\"END $wb$\"",
        "found",           "\"/*\"",          "\"\xc3\xa4\xe6\x97\xa5\""};
    run(it, session, "CREATE SCHEMA \"s p\"");
    for (int strings = 0; strings < 2; strings++) {
        run(it, session, "BEGIN");
        run(it, session,
            strings == 0 ? "SET LOCAL standard_conforming_strings = on"
                         : "SET LOCAL standard_conforming_strings = off");
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            run(it, session, wb_arena_printf(it->arena, "CREATE TABLE %s (a int)", names[i]));
            run(it, session, "SAVEPOINT s");
            wb_table_lock table = lock_of(names[i], WB_LOCK_EXCLUSIVE, WB_LOCK_EXCLUSIVE);
            assert_locks(it, session, &table, 1);
            assert_int_equal(wb_session_execf(session, &it->err,
                                              "SELECT 1 / count(*) FROM pg_locks"
                                              " WHERE pid = pg_backend_pid()"
                                              " AND mode = 'ExclusiveLock'"
                                              " AND locktype = 'relation'"),
                             true);
            run(it, session, "ROLLBACK TO s");
        }
        run(it, session, "ROLLBACK");
    }
}

static void a_table_that_the_user_may_not_lock_is_passed_over(void **state)
{
    world *it = *state;
    WB_AUTO_SESSION(session);
    session = world_connect(it);
    run(it, session, "CREATE TABLE mine (a int)");
    run(it, session, "CREATE TABLE theirs (a int)");
    run(it, session, "CREATE SCHEMA hidden");
    run(it, session, "CREATE TABLE hidden.t (a int)");
    run(it, session,
        "CREATE TABLE known AS SELECT oid, relname::text AS name FROM pg_class"
        " WHERE relkind = 'r' AND relname IN ('mine', 'theirs', 't')");
    const char *role = wb_arena_printf(it->arena, "%s_role", it->database);
    run(it, session, "BEGIN"); /* the role goes with it */
    run(it, session, wb_arena_printf(it->arena, "CREATE ROLE %s", role));
    run(it, session, wb_arena_printf(it->arena, "ALTER TABLE mine OWNER TO %s", role));
    run(it, session, wb_arena_printf(it->arena, "GRANT SELECT ON known TO %s", role));
    run(it, session, wb_arena_printf(it->arena, "SET LOCAL ROLE %s", role));
    const wb_table_lock tables[] = {
        lock_of("hidden.t", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_NONE),
        lock_of("theirs", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_NONE),
        lock_of("mine", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_NONE),
    };
    assert_locks(it, session, tables, COUNT_OF(tables));
    held_locks held = locks_of(it, session);
    assert_int_equal(held_mode(&held, "mine"), WB_LOCK_ACCESS_EXCLUSIVE);
    assert_int_equal(held_mode(&held, "theirs"), WB_LOCK_NONE);
    assert_int_equal(held_mode(&held, "t"), WB_LOCK_NONE);
    run(it, session, "ROLLBACK");
}

static void a_lock_timeout_is_told_with_the_table(void **state)
{
    world *it = *state;
    WB_AUTO_SESSION(session);
    session = world_connect(it);
    execute(it, "CREATE TABLE free (a int)");
    execute(it, "CREATE TABLE held (a int)");
    execute(it, "BEGIN");
    execute(it, "LOCK TABLE held IN ACCESS SHARE MODE");
    const wb_table_lock tables[] = {
        lock_of("free", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_ACCESS_EXCLUSIVE),
        lock_of("held", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_ACCESS_EXCLUSIVE),
    };
    run(it, session, "BEGIN");
    run(it, session, "SET LOCAL lock_timeout = 20");
    assert_false(lock_first(session, tables, COUNT_OF(tables), &it->err));
    assert_int_equal(it->err.status, WB_E_LOCK_TIMEOUT);
    assert_string_equal(it->err.sqlstate, "55P03");
    assert_non_null(strstr(it->err.detail, "LOCK TABLE held IN ACCESS EXCLUSIVE MODE"));
    run(it, session, "ROLLBACK");
    execute(it, "ROLLBACK");
}

/* Does the other's half of a deadlock. */
static void *lock_crosswise(void *arg)
{
    wb_session *session = arg;
    wb_error ignored;
    (void) wb_session_exec(session, WB_STR("LOCK TABLE one"), &ignored);
    return NULL;
}

static void a_deadlock_is_told(void **state)
{
    world *it = *state;
    WB_AUTO_SESSION(session);
    WB_AUTO_SESSION(other);
    session = world_connect(it);
    other = world_connect(it);
    execute(it, "CREATE TABLE one (a int)");
    execute(it, "CREATE TABLE two (a int)");
    run(it, other, "SET deadlock_timeout = '1h'"); /* the victim is who looks first */
    run(it, session, "SET deadlock_timeout = '10ms'");
    run(it, other, "BEGIN");
    run(it, other, "LOCK TABLE two");
    run(it, session, "BEGIN");
    run(it, session, "LOCK TABLE one");
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, lock_crosswise, other), 0);
    while (query_int(it, "SELECT count(*) FROM pg_locks WHERE NOT granted AND database ="
                         " (SELECT oid FROM pg_database WHERE datname = current_database())") == 0)
        continue;
    const wb_table_lock table = lock_of("two", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_NONE);
    assert_false(lock_first(session, &table, 1, &it->err));
    assert_string_equal(it->err.sqlstate, "40P01");
    run(it, session, "ROLLBACK");
    assert_int_equal(pthread_join(thread, NULL), 0);
    run(it, other, "ROLLBACK");
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(int argc, char **argv)
{
    world_main(argc, argv);
    static const struct CMUnitTest tests[] = {
        WORLD_TEST(the_text_tells_the_locks_that_the_server_takes),
        WORLD_TEST(tables_are_locked_to_the_end_of_the_transaction),
        WORLD_TEST(what_is_no_table_is_passed_over),
        WORLD_TEST(names_of_any_kind_are_locked),
        WORLD_TEST(a_table_that_the_user_may_not_lock_is_passed_over),
        WORLD_TEST(a_lock_timeout_is_told_with_the_table),
        WORLD_TEST(a_deadlock_is_told),
    };
    return RUN_TESTS(tests);
}
