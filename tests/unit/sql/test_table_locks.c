/* Which tables a statement locks, and what a section needs at its begin. */
#include "../../support/test.h"
#include "base/buf.h"
#include "sql/lock_set.h"

#include <stdio.h>

static const wb_lexer_mode postgres = {.dialect = WB_POSTGRES};

static const char *const short_names[WB_LOCK_MODE_COUNT] = {"-", "AS",  "RS", "RE", "SUE",
                                                            "S", "SRE", "E",  "AE"};

/* "t:AE/AE s.p:SRE +new -old !path": name, mode, mode of the children. */
static void add_use_text(void *arg, const wb_table_use *use)
{
    wb_buf *out = arg;
    if (out->len > 0)
        wb_buf_putc(out, ' ');
    switch (use->kind) {
    case WB_TABLE_LOCKED:
        wb_buf_printf(out, "%.*s:%s", WB_STR_ARG(use->name), short_names[use->mode]);
        if (use->tree != WB_LOCK_NONE)
            wb_buf_printf(out, "/%s", short_names[use->tree]);
        break;
    case WB_TABLE_MADE:
        wb_buf_printf(out, "+%.*s", WB_STR_ARG(use->name));
        break;
    case WB_TABLE_DROPPED:
        wb_buf_printf(out, "-%.*s", WB_STR_ARG(use->name));
        break;
    case WB_TABLE_PATH:
        wb_buf_puts(out, "!path");
        break;
    }
}

typedef struct use_case {
    const char *sql;
    const char *uses;
} use_case;

static void check_uses(const use_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        WB_AUTO_BUF(out, 0);
        wb_table_uses(postgres, wb_str_from(cases[i].sql), 150000, add_use_text, &out);
        if (strcmp(wb_buf_text(&out), cases[i].uses) != 0)
            fail_msg("\"%s\", not \"%s\": %s", wb_buf_text(&out), cases[i].uses, cases[i].sql);
    }
}

static void alter_table_takes_the_strongest_lock_that_an_action_needs(void **state)
{
    (void) state;
    static const use_case cases[] = {
        {"ALTER TABLE t ADD COLUMN a int", "t:AE/AE"},
        {"ALTER TABLE ONLY t ADD a int", "t:AE"},
        {"ALTER TABLE ONLY (t) ADD a int", "t:AE"},
        {"ALTER TABLE t * ADD a int", "t:AE/AE"},
        {"alter table if exists s.t drop column a cascade", "s.t:AE/AE"},
        {"ALTER TABLE t VALIDATE CONSTRAINT c", "t:SUE"},
        {"ALTER TABLE t ALTER COLUMN a SET STATISTICS 5", "t:SUE"},
        {"ALTER TABLE t ALTER a SET (n_distinct = 5)", "t:SUE"},
        {"ALTER TABLE t ALTER a RESET (n_distinct)", "t:SUE"},
        {"ALTER TABLE t ALTER a SET DEFAULT (5)", "t:AE/AE"},
        {"ALTER TABLE t ALTER a SET NOT NULL", "t:AE/AE"},
        {"ALTER TABLE t SET (fillfactor = 70)", "t:SUE"},
        {"ALTER TABLE t SET (fillfactor = 70, user_catalog_table = true)", "t:AE"},
        {"ALTER TABLE t RESET (fillfactor)", "t:SUE"},
        {"ALTER TABLE t SET SCHEMA s", "t:AE"},
        {"ALTER TABLE t CLUSTER ON i", "t:SUE"},
        {"ALTER TABLE t SET WITHOUT CLUSTER", "t:SUE"},
        {"ALTER TABLE t SET UNLOGGED", "t:AE"},
        {"ALTER TABLE t OWNER TO me", "t:AE"},
        {"ALTER TABLE t ENABLE TRIGGER ALL", "t:SRE"},
        {"ALTER TABLE t DISABLE TRIGGER a", "t:SRE"},
        {"ALTER TABLE t ENABLE REPLICA TRIGGER a", "t:SRE"},
        {"ALTER TABLE t ENABLE RULE a", "t:AE"},
        {"ALTER TABLE t ENABLE ROW LEVEL SECURITY", "t:AE"},
        {"ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES s.p (id)", "s.p:SRE t:SRE"},
        {"ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p ON DELETE SET NULL (a)"
         " NOT VALID",
         "p:SRE t:SRE"},
        {"ALTER TABLE t ADD a int REFERENCES p", "p:SRE t:AE/AE"},
        {"ALTER TABLE t ADD COLUMN IF NOT EXISTS a int REFERENCES p", "t:AE/AE"},
        {"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", "t:AE/AE"},
        {"ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i", "t:AE"},
        {"ALTER TABLE t ATTACH PARTITION s.p FOR VALUES FROM (1, 2) TO (3, 4)", "s.p:AE t:SUE"},
        {"ALTER TABLE t DETACH PARTITION p", "p:AE t:AE"},
        {"ALTER TABLE t DETACH PARTITION p FINALIZE", "t:SUE"},
        {"ALTER TABLE t INHERIT p", "p:SUE t:AE"},
        {"ALTER TABLE t NO INHERIT p", "t:AE"},
        {"ALTER TABLE t RENAME TO u", "t:AE -t +u"},
        {"ALTER TABLE s.t RENAME TO u", "s.t:AE -s.t +s.u"},
        {"ALTER TABLE t RENAME COLUMN a TO b", "t:AE/AE"},
        {"ALTER TABLE t RENAME a TO b", "t:AE/AE"},
        {"ALTER TABLE t SET (fillfactor = 70), VALIDATE CONSTRAINT c", "t:SUE"},
        {"ALTER TABLE t VALIDATE CONSTRAINT c, DISABLE TRIGGER a", "t:SRE"},
        {"ALTER TABLE t VALIDATE CONSTRAINT c, DROP a, ENABLE TRIGGER a", "t:AE/AE"},
        {"ALTER TABLE t ADD a int[] DEFAULT ARRAY[1, 2], ADD b int REFERENCES p, ADD c int",
         "p:SRE t:AE/AE"},
        {"ALTER TABLE t ADD a text DEFAULT 'x, REFERENCES q', ADD b numeric(4, 2)", "t:AE/AE"},
        {"ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b", ""},
        {"ALTER TABLE t FROBNICATE", ""},
        {"ALTER TABLE t ADD a int, FROBNICATE", ""},
        {"ALTER TABLE", ""},
        {"ALTER INDEX i RENAME TO j", ""},
        {"ALTER TYPE e ADD VALUE 'x'", ""},
    };
    check_uses(cases, COUNT_OF(cases));
}

static void other_schema_statements_lock_what_they_name(void **state)
{
    (void) state;
    static const use_case cases[] = {
        {"CREATE INDEX ON t (a)", "t:S/S"},
        {"CREATE UNIQUE INDEX IF NOT EXISTS i ON ONLY s.t (a)", "s.t:S"},
        {"CREATE INDEX CONCURRENTLY i ON t (a)", ""},
        {"CREATE INDEX \"concurrently\" ON t (a)", "t:S/S"},
        {"CREATE TRIGGER a BEFORE UPDATE OF b, c ON t FOR EACH ROW EXECUTE FUNCTION f()", "t:SRE"},
        {"CREATE CONSTRAINT TRIGGER a AFTER INSERT ON s.t FROM p EXECUTE FUNCTION f()", "s.t:SRE"},
        {"DROP TRIGGER IF EXISTS a ON t", "t:AE"},
        {"ALTER TRIGGER a ON t RENAME TO b", "t:AE"},
        {"CREATE POLICY a ON t USING (true)", "t:AE"},
        {"ALTER POLICY a ON t RENAME TO b", "t:AE"},
        {"DROP POLICY a ON t", "t:AE"},
        {"CREATE OR REPLACE RULE a AS ON INSERT TO t DO INSTEAD NOTHING", "t:AE"},
        {"DROP RULE a ON t", "t:AE"},
        {"CREATE TABLE t (a int)", "+t"},
        {"CREATE TABLE t (a int REFERENCES p, b int GENERATED ALWAYS AS (a + 1) STORED,"
         " FOREIGN KEY (b) REFERENCES s.q (x))",
         "+t p:SRE s.q:SRE"},
        {"CREATE TABLE IF NOT EXISTS t (a int REFERENCES p)", "+t"},
        {"CREATE TABLE t PARTITION OF s.p FOR VALUES IN (1)", "+t s.p:AE"},
        {"CREATE TABLE t PARTITION OF p (a REFERENCES q) DEFAULT", "+t p:AE q:SRE"},
        {"CREATE TABLE t (a int) INHERITS (p, s.q)", "+t p:SUE s.q:SUE"},
        {"CREATE TEMP TABLE t AS SELECT * FROM p", "+t"},
        {"CREATE UNLOGGED TABLE s.t (LIKE p)", "+s.t"},
        {"CREATE OR REPLACE TEMP VIEW v AS SELECT 1", "+v"},
        {"CREATE MATERIALIZED VIEW v AS SELECT 1", "+v"},
        {"CREATE STATISTICS a (ndistinct) ON (b), c FROM t", "t:SUE"},
        {"DROP TABLE IF EXISTS a, s.b CASCADE", "a:AE/AE -a s.b:AE/AE -s.b"},
        {"TRUNCATE a, ONLY b, c * RESTART IDENTITY", "a:AE/AE b:AE c:AE/AE"},
        {"TRUNCATE TABLE a", "a:AE/AE"},
        {"COMMENT ON TABLE t IS 'x'", "t:SUE"},
        {"COMMENT ON COLUMN s.t.a IS 'x'", "s.t:SUE"},
        {"COMMENT ON COLUMN t.a IS 'x'", "t:SUE"},
        {"COMMENT ON COLUMN a IS 'x'", ""},
        {"COMMENT ON CONSTRAINT c ON t IS 'x'", ""},
        {"CLUSTER t USING i", "t:AE"},
        {"REINDEX TABLE t", "t:S"},
        {"REINDEX (CONCURRENTLY) TABLE t", ""},
        {"REINDEX TABLE CONCURRENTLY t", ""},
        {"REINDEX INDEX i", ""},
        {"ANALYZE t (a, b), u", "t:SUE u:SUE"},
        {"ANALYZE (VERBOSE) t", "t:SUE"},
        {"ANALYZE", ""},
        {"LOCK TABLE a, ONLY b IN SHARE ROW EXCLUSIVE MODE NOWAIT", "a:SRE/SRE b:SRE"},
        {"LOCK a IN SHARE MODE", "a:S/S"},
        {"LOCK a", "a:AE/AE"},
        {"LOCK a IN PECULIAR MODE", ""},
    };
    check_uses(cases, COUNT_OF(cases));
}

static void statements_that_change_rows_lock_only_weakly(void **state)
{
    (void) state;
    static const use_case cases[] = {
        {"INSERT INTO s.t VALUES (1)", "s.t:RE"},
        {"UPDATE ONLY t SET a = 1", "t:RE"},
        {"DELETE FROM t USING u", "t:RE"},
        {"MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE", "t:RE"},
        {"COPY t (a, b) FROM STDIN", "t:RE"},
        {"COPY t TO STDOUT", ""},
        {"COPY (SELECT 1) TO STDOUT", ""},
        {"SELECT * FROM t", ""},
        {"SELECT * INTO TEMP TABLE n FROM t", "+n"},
        {"SELECT (SELECT 1 INTO x) FROM t", ""},
        {"SELECT pg_catalog.set_config('search_path', '', false)", "!path"},
        {"SET search_path = s", "!path"},
        {"SET LOCAL \"search_path\" TO s", "!path"},
        {"SET SCHEMA 's'", "!path"},
        {"SET SESSION AUTHORIZATION me", "!path"},
        {"SET ROLE me", "!path"},
        {"RESET search_path", "!path"},
        {"DISCARD ALL", "!path"},
        {"SET work_mem = '1GB'", ""},
        {"DO $$ BEGIN DROP TABLE t; END $$", ""},
        {"GRANT SELECT ON t TO me", ""},
        {"", ""},
        {"(SELECT 1)", ""},
    };
    check_uses(cases, COUNT_OF(cases));
}

static void names_are_taken_as_they_are_written(void **state)
{
    (void) state;
    static const use_case cases[] = {
        {"DROP TABLE \"A b\".\"c\"\"d\"", "\"A b\".\"c\"\"d\":AE/AE -\"A b\".\"c\"\"d\""},
        {"TRUNCATE App . /* here */ Users", "App.Users:AE/AE"},
        {"TRUNCATE \"a;b\", \"c$$d\"", "\"a;b\":AE/AE \"c$$d\":AE/AE"},
        {"TRUNCATE if", "if:AE/AE"},
        {"ALTER TABLE if ADD a int", "if:AE/AE"},
        {"DROP TABLE if", "if:AE/AE -if"},
        {"TRUNCATE db.s.t", ""},
        {"TRUNCATE a.b.c.d", ""},
        {"TRUNCATE U&\"d\\0061t\"", ""},
        {"TRUNCATE 'a'", ""},
        {"TRUNCATE a.", ""},
        {"TRUNCATE \xc3\x84rger", "\xc3\x84rger:AE/AE"},
    };
    check_uses(cases, COUNT_OF(cases));
}

static void add_key(void *arg, const wb_table_use *use)
{
    wb_buf_add_str(arg, use->key);
}

static void the_key_is_the_name_that_is_meant(void **state)
{
    (void) state;
    static const char *const same[] = {"TRUNCATE App.users", "TRUNCATE \"app\" . USERS",
                                       "TRUNCATE app.\"users\""};
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        WB_AUTO_BUF(key, 0);
        wb_table_uses(postgres, wb_str_from(same[i]), 0, add_key, &key);
        assert_string_equal(wb_buf_text(&key), "\"app\".\"users\"");
    }
}

static void a_name_too_long_for_the_server_is_not_taken(void **state)
{
    (void) state;
    char sql[400];
    (void) snprintf(sql, sizeof(sql), "TRUNCATE %0300d", 0);
    sql[9] = 'a';
    WB_AUTO_BUF(out, 0);
    wb_table_uses(postgres, wb_str_from(sql), 0, add_use_text, &out);
    assert_string_equal(wb_buf_text(&out), "");
}

/* Statements are separated by "; " in the cases. */
static void check_set(const char *section, const char *wanted)
{
    WB_SCRATCH(arena);
    wb_lock_set set;
    wb_lock_set_init(&set, 150000, arena);
    wb_str rest = wb_str_from(section);
    wb_str statement;
    while (wb_str_split(&rest, ';', &statement))
        wb_lock_set_add(&set, postgres, wb_str_trim(statement));
    const wb_table_lock *tables = NULL;
    size_t count = 0;
    bool is_worth = wb_lock_set_finish(&set, arena, &tables, &count);
    WB_AUTO_BUF(out, 0);
    for (size_t i = 0; i < count; i++) {
        wb_buf_printf(&out, "%s%.*s:%s", i > 0 ? " " : "", WB_STR_ARG(tables[i].name),
                      short_names[tables[i].mode]);
        if (tables[i].tree != WB_LOCK_NONE)
            wb_buf_printf(&out, "/%s", short_names[tables[i].tree]);
    }
    wb_lock_set_clear(&set);
    if (is_worth != (wanted[0] != '\0') || strcmp(wb_buf_text(&out), wanted) != 0)
        fail_msg("\"%s\", not \"%s\": %s", wb_buf_text(&out), wanted, section);
}

static void a_section_locks_each_table_once_in_name_order(void **state)
{
    (void) state;
    check_set("ALTER TABLE b ADD x int; CREATE INDEX ON a (x); INSERT INTO c VALUES (1)",
              "a:S/S b:AE/AE c:RE");
    check_set("CREATE INDEX ON t (a); ALTER TABLE ONLY T ADD x int; TRUNCATE u", "t:AE/S u:AE/AE");
}

static void one_table_is_locked_first_only_where_something_comes_before(void **state)
{
    (void) state;
    check_set("ALTER TABLE t ADD a int", "");
    check_set("ALTER TABLE t ADD a int; UPDATE t SET a = 1; UPDATE u SET a = 1", "");
    check_set("UPDATE u SET a = 1; ALTER TABLE t ADD a int", "t:AE/AE u:RE");
    check_set("INSERT INTO t VALUES (1); ALTER TABLE t ADD a int", "t:AE/AE");
    check_set("SET LOCAL lock_timeout = 5; ALTER TABLE t ADD a int", "");
    check_set("UPDATE u SET a = 1; INSERT INTO v VALUES (1)", "");
    check_set("ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p", "p:SRE t:SRE");
}

static void what_the_section_makes_is_not_locked(void **state)
{
    (void) state;
    check_set("CREATE TABLE t (a int); CREATE INDEX ON t (a); TRUNCATE t; CREATE INDEX ON u (a)",
              "u:S/S");
    check_set("TRUNCATE u; TRUNCATE pg_temp.t; CREATE TEMP TABLE t (a int); TRUNCATE t", "");
    check_set("DROP TABLE t; CREATE TABLE t (a int REFERENCES p); CREATE INDEX ON t (a)",
              "p:SRE t:AE/AE");
    check_set("ALTER TABLE t RENAME TO u; ALTER TABLE n RENAME TO t; TRUNCATE u; TRUNCATE t",
              "n:AE t:AE");
    check_set("CREATE TABLE t (a int, b int REFERENCES t); SELECT 1", "");
    check_set("SELECT 1 INTO t; TRUNCATE t", "");
}

static void names_without_a_schema_are_unknown_once_the_path_has_changed(void **state)
{
    (void) state;
    check_set("TRUNCATE a; SET search_path = s; TRUNCATE b; TRUNCATE s.c", "a:AE/AE s.c:AE/AE");
}

static void a_section_of_too_many_tables_is_given_up(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    for (int too_many = 0; too_many < 2; too_many++) {
        wb_lock_set set;
        wb_lock_set_init(&set, 0, arena);
        for (int i = 0; i < WB_LOCK_SET_TABLES + too_many; i++) {
            char sql[64];
            (void) snprintf(sql, sizeof(sql), "TRUNCATE t%d", i);
            wb_lock_set_add(&set, postgres, wb_str_from(sql));
        }
        const wb_table_lock *tables = NULL;
        size_t count = 0;
        assert_int_equal(wb_lock_set_finish(&set, arena, &tables, &count), too_many == 0);
        assert_int_equal(count, too_many == 0 ? WB_LOCK_SET_TABLES : 0);
        wb_lock_set_clear(&set);
    }
}

static void a_section_that_makes_endless_tables_takes_bounded_memory(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_lock_set set;
    wb_lock_set_init(&set, 0, arena);
    for (int i = 0; i < 200000; i++) {
        char sql[64];
        (void) snprintf(sql, sizeof(sql), "CREATE TABLE t%d (a int)", i);
        wb_lock_set_add(&set, postgres, wb_str_from(sql));
    }
    assert_true(set.gave_up);
    assert_true(wb_arena_size_bytes(arena) < (size_t) 2 * 1024 * 1024);
    wb_lock_set_clear(&set);
}

static void modes_conflict_as_the_server_says(void **state)
{
    (void) state;
    assert_true(wb_lock_modes_conflict(WB_LOCK_ACCESS_SHARE, WB_LOCK_ACCESS_EXCLUSIVE));
    assert_false(wb_lock_modes_conflict(WB_LOCK_ACCESS_SHARE, WB_LOCK_EXCLUSIVE));
    assert_false(wb_lock_modes_conflict(WB_LOCK_SHARE, WB_LOCK_SHARE));
    assert_true(wb_lock_modes_conflict(WB_LOCK_SHARE, WB_LOCK_ROW_EXCLUSIVE));
    for (unsigned a = 0; a < WB_LOCK_MODE_COUNT; a++) {
        for (unsigned b = 0; b < WB_LOCK_MODE_COUNT; b++)
            assert_int_equal(wb_lock_modes_conflict((wb_lock_mode) a, (wb_lock_mode) b),
                             wb_lock_modes_conflict((wb_lock_mode) b, (wb_lock_mode) a));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(alter_table_takes_the_strongest_lock_that_an_action_needs),
        cmocka_unit_test(other_schema_statements_lock_what_they_name),
        cmocka_unit_test(statements_that_change_rows_lock_only_weakly),
        cmocka_unit_test(names_are_taken_as_they_are_written),
        cmocka_unit_test(the_key_is_the_name_that_is_meant),
        cmocka_unit_test(a_name_too_long_for_the_server_is_not_taken),
        cmocka_unit_test(a_section_locks_each_table_once_in_name_order),
        cmocka_unit_test(one_table_is_locked_first_only_where_something_comes_before),
        cmocka_unit_test(what_the_section_makes_is_not_locked),
        cmocka_unit_test(names_without_a_schema_are_unknown_once_the_path_has_changed),
        cmocka_unit_test(a_section_of_too_many_tables_is_given_up),
        cmocka_unit_test(a_section_that_makes_endless_tables_takes_bounded_memory),
        cmocka_unit_test(modes_conflict_as_the_server_says),
    };
    return RUN_TESTS(tests);
}
