/* SQLite: where statements end, by hand and by what the library itself says. */
#include "split_support.h"

#include <sqlite3.h>

static void quotes_and_comments_hide_semicolons(void **state)
{
    (void) state;
    static const split_case cases[] = {
        {"SELECT 'a;''b;'; x", {"SELECT 'a;''b;'", "x"}},
        {"SELECT \"a;\"\"b;\"; x", {"SELECT \"a;\"\"b;\"", "x"}},
        {"SELECT `a;``b;`; x", {"SELECT `a;``b;`", "x"}},
        {"SELECT [a;'b]; x", {"SELECT [a;'b]", "x"}},
        {"SELECT [a[b]; x", {"SELECT [a[b]", "x"}},
        {"SELECT 'a\\'; x", {"SELECT 'a\\'", "x"}},
        {"SELECT x'3b'; x", {"SELECT x'3b'", "x"}},
        {"SELECT 1 --;\n, 2; x", {"SELECT 1 --;\n, 2", "x"}},
        {"SELECT 1--;\r, 2\n; x", {"SELECT 1", "x"}},
        {"SELECT /* /* ; */ 1; x", {"SELECT /* /* ; */ 1", "x"}},
        {"SELECT $a, :b, @c, ?1, $d::e(f); x", {"SELECT $a, :b, @c, ?1, $d::e(f)", "x"}},
        {"SELECT $$; x; $$", {"SELECT $$", "x", "$$"}},
        {"SELECT a->>'$.b;' FROM t; x", {"SELECT a->>'$.b;' FROM t", "x"}},
        {"SELECT (1; SELECT 2)", {"SELECT (1", "SELECT 2)"}},
        {"SELECT 1 \\ 2; x", {"SELECT 1 \\ 2", "x"}},
    };
    wb_splitter_options options = options_for(WB_SQLITE);
    check_splits(&options, cases, COUNT_OF(cases));
}

#define TRIGGER(head, body)                 \
    {                                       \
        head " BEGIN " body " END; x",      \
        {                                   \
            head " BEGIN " body " END", "x" \
        }                                   \
    }

static void triggers_are_one_statement(void **state)
{
    (void) state;
    static const split_case cases[] = {
        TRIGGER("CREATE TRIGGER t AFTER INSERT ON a", "SELECT 1; SELECT 2;"),
        TRIGGER("create temp trigger t AFTER INSERT ON a", "SELECT 1;"),
        TRIGGER("CREATE TEMPORARY TRIGGER IF NOT EXISTS t AFTER INSERT ON a", "SELECT 1;"),
        TRIGGER("EXPLAIN CREATE TRIGGER t AFTER INSERT ON a", "SELECT 1;"),
        TRIGGER("EXPLAIN QUERY PLAN CREATE TRIGGER t AFTER INSERT ON a", "SELECT 1;"),
        TRIGGER("CREATE TRIGGER t AFTER INSERT ON a", "SELECT CASE WHEN 1 THEN 2 END; SELECT 1;"),
        TRIGGER("CREATE TRIGGER t AFTER UPDATE OF begin, end ON a", "SELECT begin, end FROM a;"),
        TRIGGER("CREATE TRIGGER t AFTER INSERT ON a WHEN new.end > 1", "UPDATE a SET end = 1;"),
        TRIGGER("CREATE TRIGGER t AFTER INSERT ON a", "UPDATE a SET end\n=\nend; SELECT end;"),
        TRIGGER("CREATE TRIGGER begin AFTER INSERT ON a", "SELECT 1;"),
        TRIGGER("CREATE TRIGGER t AFTER INSERT ON a", "/* END; */ SELECT 1; -- ; END;\n"),
        TRIGGER("CREATE TRIGGER t AFTER INSERT ON a", "SELECT ';END;'; SELECT 1;"),
        {"CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
         {"CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END"}},
        {"CREATE TABLE trigger (begin, end); BEGIN; END; x",
         {"CREATE TABLE trigger (begin, end)", "BEGIN", "END", "x"}},
        {"DROP TRIGGER t; x", {"DROP TRIGGER t", "x"}},
        {"BEGIN; SELECT 1; COMMIT; x", {"BEGIN", "SELECT 1", "COMMIT", "x"}},
    };
    wb_splitter_options options = options_for(WB_SQLITE);
    check_splits(&options, cases, COUNT_OF(cases));
}

static void what_cannot_be_read_is_refused_at_its_place(void **state)
{
    (void) state;
    static const split_fault faults[] = {
        {"SELECT 1;\nSELECT [abc", 2, 8, "this quoted name is never closed"},
        {"SELECT `a``", 1, 8, "this quoted name is never closed"},
        {"SELECT 'a''", 1, 8, "this string is never closed"},
        {"x;\nCREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;", 2, 8,
         "this trigger is never closed"},
        {"SELECT 1;\n.mode csv\nSELECT 2;", 2, 1, "shell command \".mode\" cannot be run"},
    };
    wb_splitter_options options = options_for(WB_SQLITE);
    check_faults(&options, faults, COUNT_OF(faults));
}

/* Runs the script statement by statement, and compares each with what sqlite3_prepare_v2 takes. */
static void check_against_library(const char *script)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    wb_text_source source = {wb_str_from(script)};
    wb_splitter_options options = options_for(WB_SQLITE);
    wb_splitter *splitter = wb_splitter_new(&options, wb_read_text, &source);
    const char *next = script;
    wb_statement statement;
    wb_error err;
    bool done = false;
    while (wb_splitter_next(splitter, &statement, &done, &err) && !done) {
        sqlite3_stmt *prepared = NULL;
        while (prepared == NULL && *next != '\0') { /* pieces without code give no statement */
            if (sqlite3_prepare_v2(db, next, -1, &prepared, &next) != SQLITE_OK)
                fail_msg("%s: %s", sqlite3_errmsg(db), statement.text.ptr);
        }
        assert_non_null(prepared);
        const char *end = script + statement.at.offset + statement.text.len;
        while (next > end && (next[-1] == ';' || wb_is_space(next[-1])))
            next--;
        if (next != end)
            fail_msg("the library ends elsewhere: %.*s", WB_STR_ARG(statement.text));
        while (sqlite3_step(prepared) == SQLITE_ROW) {
        }
        assert_int_equal(sqlite3_finalize(prepared), SQLITE_OK);
        next += *next != '\0' ? 1 : 0;
    }
    assert_true(done);
    wb_splitter_free(splitter);
    sqlite3_close(db);
}

static void the_library_ends_statements_where_the_splitter_does(void **state)
{
    (void) state;
    check_against_library(
        "CREATE TABLE a (begin INTEGER, end TEXT DEFAULT ';', \"c;\" x, [d;] y, `e;` z);\n"
        ";; /* none */ ;\n"
        "CREATE TABLE log (at, what); INSERT INTO log VALUES (1, 'it''s;');\n"
        "CREATE TRIGGER begin AFTER UPDATE OF begin, end ON a WHEN new.end <> old.end BEGIN\n"
        "  INSERT INTO log SELECT 1, CASE WHEN end = 'x' THEN begin ELSE end END FROM a;\n"
        "  UPDATE a SET end = end, begin = begin WHERE end\n  IS NULL;\n"
        "  DELETE FROM log WHERE what = '; END;'; -- ; END;\n"
        "END;\n"
        "CREATE TEMP TRIGGER end AFTER INSERT ON a FOR EACH ROW BEGIN SELECT 1; END;\n"
        "CREATE VIEW v AS WITH w(end) AS (SELECT 1) SELECT end AS \"end;\" FROM w;\n"
        "EXPLAIN QUERY PLAN SELECT * FROM v; EXPLAIN SELECT 1;\n"
        "BEGIN; INSERT INTO a (begin, end) VALUES (1, 'x'); SAVEPOINT s; RELEASE s; END;\n"
        "SELECT x'3b', 1e3, .5, 0x3b, $p, :q, @r, ?9, '\\', \"end\" FROM a;\n"
        "SELECT end->>'$.a;' FROM a WHERE 0; PRAGMA user_version = 3;\n"
        "INSERT INTO log VALUES (2, 'line one\nline; two');\n"
        "SELECT 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_and_comments_hide_semicolons),
        cmocka_unit_test(triggers_are_one_statement),
        cmocka_unit_test(what_cannot_be_read_is_refused_at_its_place),
        cmocka_unit_test(the_library_ends_statements_where_the_splitter_does),
    };
    return RUN_TESTS(tests);
}
