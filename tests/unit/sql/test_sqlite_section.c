/* What a SQLite section does to the schema. */
#include "../../support/test.h"
#include "sql/splitter.h"
#include "sql/sqlite_section.h"

/* Looks at a whole section; statements are parted by ";". */
static wb_sqlite_effects effects_of(const char *section, wb_arena *arena)
{
    wb_sqlite_section look;
    wb_sqlite_section_init(&look, arena);
    wb_str rest = wb_str_from(section);
    wb_str statement;
    while (wb_str_split(&rest, ';', &statement))
        wb_sqlite_section_add(&look, statement);
    wb_sqlite_section_clear(&look);
    return look.effects;
}

static void a_rebuild_is_known_by_its_statements(void **state)
{
    (void) state;
    static const struct {
        const char *section;
        bool foreign_keys_off;
        bool renames_first;
        const char *rebuilt; /* NULL: none */
    } cases[] = {
        {"CREATE TABLE n (a); INSERT INTO n SELECT a FROM t; DROP TABLE t;"
         "ALTER TABLE n RENAME TO t",
         true, false, "t"},
        {"create table n (a); drop table if exists [Main].\"T\"; alter table n rename to `t`", true,
         false, "t"},
        {"DROP /* x */ TABLE t; -- y\nALTER TABLE main.n RENAME TO t", true, false, "t"},
        {"ALTER TABLE t RENAME TO old; CREATE TABLE t (a); INSERT INTO t SELECT a FROM old;"
         "DROP TABLE old",
         true, true, "t"},
        {"CREATE TABLE n (a); ALTER TABLE t RENAME TO old; ALTER TABLE n RENAME TO t;"
         "DROP TABLE OLD",
         true, true, "t"},
        {"CREATE TEMP TABLE b AS SELECT * FROM t; DROP TABLE t; CREATE TABLE IF NOT EXISTS t (a);"
         "INSERT OR IGNORE INTO t SELECT * FROM b; DROP TABLE b",
         true, false, "t"},
        {"DROP TABLE t; CREATE TABLE t (a); REPLACE INTO t VALUES (1)", true, false, "t"},
        {"PRAGMA foreign_keys = OFF", true, false, NULL},
        {"PRAGMA main.Foreign_Keys(0)", true, false, NULL},
        {"PRAGMA foreign_keys = 'no'", true, false, NULL},
        {"PRAGMA foreign_keys = ON", false, false, NULL},
        {"PRAGMA foreign_keys = 1", false, false, NULL},
        {"PRAGMA foreign_keys", false, false, NULL},
        {"PRAGMA foreign_key_check", false, false, NULL},
        {"PRAGMA defer_foreign_keys = OFF", false, false, NULL},
        {"DROP TABLE t", false, false, NULL},
        {"DROP TABLE t; CREATE TABLE t (a)", false, false, NULL},
        {"DROP TABLE a; ALTER TABLE n RENAME TO b", false, false, NULL},
        {"ALTER TABLE n RENAME TO t; DROP TABLE t", false, false, NULL},
        {"ALTER TABLE t RENAME TO old; DROP TABLE old", false, false, NULL},
        {"ALTER TABLE t RENAME TO old; CREATE TABLE t (a)", false, false, NULL},
        {"ALTER TABLE t RENAME COLUMN a TO b; DROP TABLE b", false, false, NULL},
        {"DROP VIEW t; ALTER TABLE n RENAME TO t", false, false, NULL},
        {"DROP TABLE temp.t; ALTER TABLE n RENAME TO t", false, false, NULL},
        {"INSERT INTO log VALUES ('DROP TABLE t'); ALTER TABLE n RENAME TO t", false, false, NULL},
        {"", false, false, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_sqlite_effects effects = effects_of(cases[i].section, arena);
        bool is_right = effects.foreign_keys_off == cases[i].foreign_keys_off &&
                        effects.renames_first == cases[i].renames_first &&
                        effects.rebuilt.count == (cases[i].rebuilt != NULL ? 1U : 0U);
        if (!is_right)
            fail_msg("%s", cases[i].section);
        if (cases[i].rebuilt != NULL)
            assert_string_equal(effects.rebuilt.items[0], cases[i].rebuilt);
    }
}

static void what_may_break_views_and_triggers_is_known(void **state)
{
    (void) state;
    static const struct {
        const char *section;
        bool may_break;
        bool adds;
    } cases[] = {
        {"CREATE TABLE t (a); CREATE INDEX i ON t (a); INSERT INTO t VALUES (1)", false, false},
        {"ALTER TABLE t ADD COLUMN b", true, false},
        {"DROP VIEW v", true, false},
        {"CREATE VIEW v AS SELECT 1", false, true},
        {"CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1", false, true},
        {"CREATE TEMP VIEW v AS SELECT 1", false, false},
        {"DROP VIEW v; CREATE VIEW v AS SELECT 1", true, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_sqlite_effects effects = effects_of(cases[i].section, arena);
        if (effects.may_break_programs != cases[i].may_break ||
            effects.adds_programs != cases[i].adds)
            fail_msg("%s", cases[i].section);
    }
}

static void only_the_pragma_with_a_value_sets_foreign_keys(void **state)
{
    (void) state;
    assert_true(wb_sqlite_sets_foreign_keys(WB_STR("pragma foreign_keys=on")));
    assert_true(wb_sqlite_sets_foreign_keys(WB_STR("PRAGMA main.foreign_keys (OFF)")));
    assert_false(wb_sqlite_sets_foreign_keys(WB_STR("PRAGMA foreign_keys")));
    assert_false(wb_sqlite_sets_foreign_keys(WB_STR("PRAGMA journal_mode = wal")));
    assert_false(wb_sqlite_sets_foreign_keys(WB_STR("SELECT 'PRAGMA foreign_keys = 1'")));
}

static void what_fires_a_trigger_is_read_from_its_text(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *event;
    } cases[] = {
        {"CREATE TRIGGER r INSERT ON t BEGIN SELECT 1; END", "INSERT"},
        {"CREATE TRIGGER IF NOT EXISTS \"delete\" AFTER UPDATE OF a ON t BEGIN SELECT 1; END",
         "UPDATE"},
        {"CREATE TRIGGER main.insert INSTEAD OF DELETE ON v BEGIN SELECT 1; END", "DELETE"},
        {"create temp trigger r before delete on t begin select 1; end", "DELETE"},
        {"CREATE VIEW v AS SELECT 1", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *event = wb_sqlite_trigger_event(wb_str_from(cases[i].text));
        if (cases[i].event == NULL)
            assert_null(event);
        else
            assert_string_equal(event, cases[i].event);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rebuild_is_known_by_its_statements),
        cmocka_unit_test(what_may_break_views_and_triggers_is_known),
        cmocka_unit_test(only_the_pragma_with_a_value_sets_foreign_keys),
        cmocka_unit_test(what_fires_a_trigger_is_read_from_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
