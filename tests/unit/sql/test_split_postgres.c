/* PostgreSQL: where statements end. */
#include "split_support.h"

static void quotes_and_comments_hide_semicolons(void **state)
{
    (void) state;
    static const split_case cases[] = {
        {"SELECT 1; SELECT 2", {"SELECT 1", "SELECT 2"}},
        {"SELECT 'a;b'; x", {"SELECT 'a;b'", "x"}},
        {"SELECT 'it''s;'; x", {"SELECT 'it''s;'", "x"}},
        {"SELECT 'a\\'; x", {"SELECT 'a\\'", "x"}},
        {"SELECT E'a\\';b'; x", {"SELECT E'a\\';b'", "x"}},
        {"SELECT e'\\\\'; x", {"SELECT e'\\\\'", "x"}},
        {"SELECT E'a''b;'; x", {"SELECT E'a''b;'", "x"}},
        {"SELECT E'a'\n'b\\';c'; x", {"SELECT E'a'\n'b\\';c'", "x"}},
        {"SELECT E'a' -- c\n 'b\\';c'; x", {"SELECT E'a' -- c\n 'b\\';c'", "x"}},
        {"SELECT E'a', 'b\\'; x", {"SELECT E'a', 'b\\'", "x"}},
        {"SELECT E'a' /**/ , \n 'b\\'; x", {"SELECT E'a' /**/ , \n 'b\\'", "x"}},
        {"SELECT U&'d\\0061;'; x", {"SELECT U&'d\\0061;'", "x"}},
        {"SELECT U&\"d\\0061;\"; x", {"SELECT U&\"d\\0061;\"", "x"}},
        {"SELECT B'01', X'1F;', N'a;b'; x", {"SELECT B'01', X'1F;', N'a;b'", "x"}},
        {"SELECT \"a;\"\"b\"; x", {"SELECT \"a;\"\"b\"", "x"}},
        {"SELECT \"a\\\"; x", {"SELECT \"a\\\"", "x"}},
        {"SELECT 1 -- ; no\n; x", {"SELECT 1", "x"}},
        {"SELECT 1 --; no\r; x", {"SELECT 1", "x"}},
        {"SELECT 1 --\n+ 2; x", {"SELECT 1 --\n+ 2", "x"}},
        {"SELECT 1 /* ; */ + 1; x", {"SELECT 1 /* ; */ + 1", "x"}},
        {"SELECT /* a /* ; */ ; */ 1; x", {"SELECT /* a /* ; */ ; */ 1", "x"}},
        {"SELECT /* '; */ 1; x", {"SELECT /* '; */ 1", "x"}},
        {"SELECT /* -- */ 1; x", {"SELECT /* -- */ 1", "x"}},
        {"SELECT 1 /*/ ; /**/ ; */ ; x", {"SELECT 1", "x"}},
        {"SELECT 3 - -1; SELECT 3--1;\n; x", {"SELECT 3 - -1", "SELECT 3", "x"}},
        {"SELECT a#>'{b;}' FROM t; x", {"SELECT a#>'{b;}' FROM t", "x"}},
        {"SELECT a @> b, c ?| d; x", {"SELECT a @> b, c ?| d", "x"}},
        {"SELECT '-->' ; x", {"SELECT '-->'", "x"}},
        {"SELECT '\xC3\xA9;'; \xC3\xA9'a;b'", {"SELECT '\xC3\xA9;'", "\xC3\xA9'a;b'"}},
    };
    wb_splitter_options options = options_for(WB_POSTGRES);
    check_splits(&options, cases, COUNT_OF(cases));
}

static void dollar_quotes_end_at_their_own_tag(void **state)
{
    (void) state;
    static const split_case cases[] = {
        {"SELECT $$a;b$$; x", {"SELECT $$a;b$$", "x"}},
        {"SELECT $a$ ; $$ ; $b$ ; $a$; x", {"SELECT $a$ ; $$ ; $b$ ; $a$", "x"}},
        {"SELECT $a$ $b$a$; x", {"SELECT $a$ $b$a$", "x"}},
        {"SELECT $a$ $a $a$; x", {"SELECT $a$ $a $a$", "x"}},
        {"SELECT $a$x$a$; x", {"SELECT $a$x$a$", "x"}},
        {"SELECT $a1_$ ; $a1_$; x", {"SELECT $a1_$ ; $a1_$", "x"}},
        {"SELECT $\xC3\xA9$ ; $\xC3\xA9$; x", {"SELECT $\xC3\xA9$ ; $\xC3\xA9$", "x"}},
        {"SELECT $A$ ; $a$ ; $A$; x", {"SELECT $A$ ; $a$ ; $A$", "x"}},
        {"SELECT a$b$ ; x$b$", {"SELECT a$b$", "x$b$"}},
        {"SELECT $1; SELECT $2", {"SELECT $1", "SELECT $2"}},
        {"SELECT $1$ ; x $", {"SELECT $1$", "x $"}},
        {"SELECT 1$a$;$a$; x", {"SELECT 1$a$;$a$", "x"}},
        {"SELECT E'x'||$$;$$; x", {"SELECT E'x'||$$;$$", "x"}},
        {"DO $$ BEGIN RAISE 'a;'; END $$; x", {"DO $$ BEGIN RAISE 'a;'; END $$", "x"}},
        {"SELECT $$ -- $$; x", {"SELECT $$ -- $$", "x"}},
        {"SELECT $$ /* $$; x", {"SELECT $$ /* $$", "x"}},
        {"SELECT $$$$; x", {"SELECT $$$$", "x"}},
    };
    wb_splitter_options options = options_for(WB_POSTGRES);
    check_splits(&options, cases, COUNT_OF(cases));
}

static void parentheses_hide_semicolons(void **state)
{
    (void) state;
    static const split_case cases[] = {
        {"CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); x",
         {"CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "x"}},
        {"SELECT (1)); x", {"SELECT (1))", "x"}},
        {"SELECT ')'; x", {"SELECT ')'", "x"}},
        {"SELECT ((1) + (2)); x", {"SELECT ((1) + (2))", "x"}},
        {"SELECT a[1;2]; x", {"SELECT a[1", "2]", "x"}},
    };
    wb_splitter_options options = options_for(WB_POSTGRES);
    check_splits(&options, cases, COUNT_OF(cases));
}

#define BODY(head, body) head " BEGIN ATOMIC " body " END"
#define ATOMIC(head, body)        \
    {                             \
        BODY(head, body) "; x",   \
        {                         \
            BODY(head, body), "x" \
        }                         \
    }

static void atomic_bodies_are_one_statement(void **state)
{
    (void) state;
    static const split_case cases[] = {
        ATOMIC("CREATE FUNCTION f() RETURNS int", "SELECT 1; SELECT 2;"),
        ATOMIC("CREATE OR REPLACE FUNCTION f()", "SELECT 1;"),
        ATOMIC("create procedure f()", "INSERT INTO t VALUES (1); DELETE FROM t;"),
        ATOMIC("CREATE FUNCTION f()", "SELECT CASE WHEN a THEN 1 END; SELECT 2;"),
        ATOMIC("CREATE FUNCTION f()", "SELECT CASE WHEN a THEN CASE b WHEN 1 THEN 2 END END;"),
        ATOMIC("CREATE FUNCTION f()", "SELECT (CASE WHEN a THEN 1 END); SELECT 2;"),
        ATOMIC("CREATE FUNCTION f()", "SELECT 1 AS end; SELECT 2 AS case;"),
        ATOMIC("CREATE FUNCTION f()", "SELECT t.end, t.case FROM t; SELECT \"end\";"),
        ATOMIC("CREATE FUNCTION f()", "SELECT 'END;'; SELECT 1;"),
        ATOMIC("CREATE FUNCTION f()", "/* ; END; */ SELECT 1; -- ; END;\n"),
        ATOMIC("CREATE FUNCTION f()", "SELECT atomicity, weekend, begin FROM t;"),
        ATOMIC("CREATE FUNCTION f()", ""),
        ATOMIC("CREATE FUNCTION f(begin int)", "SELECT 1;"),
        ATOMIC("CREATE FUNCTION s.begin()", "SELECT 1;"),
        ATOMIC("CREATE FUNCTION f()", "RETURN 1;"),
        {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'; x",
         {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2'", "x"}},
        {"CREATE FUNCTION f() RETURNS int RETURN 1; x",
         {"CREATE FUNCTION f() RETURNS int RETURN 1", "x"}},
        {"CREATE FUNCTION begin() RETURNS int RETURN 1; x",
         {"CREATE FUNCTION begin() RETURNS int RETURN 1", "x"}},
        {"CREATE TABLE atomic (begin int); SELECT 1; END; x",
         {"CREATE TABLE atomic (begin int)", "SELECT 1", "END", "x"}},
        {"DROP FUNCTION f; BEGIN ATOMIC; END; x", {"DROP FUNCTION f", "BEGIN ATOMIC", "END", "x"}},
        {"BEGIN; SELECT 1; END; x", {"BEGIN", "SELECT 1", "END", "x"}},
    };
    wb_splitter_options options = options_for(WB_POSTGRES);
    check_splits(&options, cases, COUNT_OF(cases));
}

static void pieces_without_code_are_dropped_and_comments_around_stay_out(void **state)
{
    (void) state;
    static const split_case cases[] = {
        {"", {NULL}},
        {"  \n\t ", {NULL}},
        {";;; ;", {NULL}},
        {"-- only\n/* this */", {NULL}},
        {"-- only", {NULL}},
        {"\xEF\xBB\xBFSELECT 1", {"SELECT 1"}},
        {"\xEF\xBB\xBF", {NULL}},
        {"-- a\nSELECT 1 -- b\n; /* c */ ; -- d\n", {"SELECT 1"}},
        {"SELECT 1 /* a */ , 2 /* b */", {"SELECT 1 /* a */ , 2"}},
        {"SELECT 1;\r\nSELECT 2\r\n;\r\n", {"SELECT 1", "SELECT 2"}},
        {"\n\n  \xC3\xA9;  \xC3\xA9\xC3\xA9 ; y", {"\xC3\xA9", "\xC3\xA9\xC3\xA9", "y"}},
    };
    wb_splitter_options options = options_for(WB_POSTGRES);
    check_splits(&options, cases, COUNT_OF(cases));
}

static void a_changed_standard_conforming_strings_counts_from_the_next_statement(void **state)
{
    (void) state;
#define OFF "SET standard_conforming_strings = off"
    static const split_case cases[] = {
        {OFF "; SELECT 'a\\';b'; x", {OFF, "SELECT 'a\\';b'", "x"}},
        {"set session standard_conforming_strings to 'off'; SELECT 'a\\';'; x",
         {"set session standard_conforming_strings to 'off'", "SELECT 'a\\';'", "x"}},
        {"SET LOCAL standard_conforming_strings = 0; SELECT 'a\\';'; COMMIT; SELECT '\\'; x",
         {"SET LOCAL standard_conforming_strings = 0", "SELECT 'a\\';'", "COMMIT", "SELECT '\\'",
          "x"}},
        {OFF "; BEGIN; COMMIT; SELECT 'a\\';'; x", {OFF, "BEGIN", "COMMIT", "SELECT 'a\\';'", "x"}},
        {OFF "; SET standard_conforming_strings = on; SELECT '\\'; x",
         {OFF, "SET standard_conforming_strings = on", "SELECT '\\'", "x"}},
        {OFF "; RESET ALL; SELECT '\\'; x", {OFF, "RESET ALL", "SELECT '\\'", "x"}},
        {OFF "; DISCARD ALL; SELECT '\\'; x", {OFF, "DISCARD ALL", "SELECT '\\'", "x"}},
        {OFF "; RESET standard_conforming_strings; SELECT '\\'; x",
         {OFF, "RESET standard_conforming_strings", "SELECT '\\'", "x"}},
        {OFF "; SET standard_conforming_strings TO DEFAULT; SELECT '\\'; x",
         {OFF, "SET standard_conforming_strings TO DEFAULT", "SELECT '\\'", "x"}},
        {"SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false); SELECT '\\';'",
         {"SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false)",
          "SELECT '\\';'"}},
        {"SELECT set_config('search_path', 'off', false); SET standard_conforming_strings; '\\'; x",
         {"SELECT set_config('search_path', 'off', false)", "SET standard_conforming_strings",
          "'\\'", "x"}},
        {"SET search_path = standard_conforming_strings, off; SELECT '\\'; x",
         {"SET search_path = standard_conforming_strings, off", "SELECT '\\'", "x"}},
        {"SELECT 'SET standard_conforming_strings = off'; SELECT '\\'; x",
         {"SELECT 'SET standard_conforming_strings = off'", "SELECT '\\'", "x"}},
    };
    wb_splitter_options options = options_for(WB_POSTGRES);
    check_splits(&options, cases, COUNT_OF(cases));

    static const split_case old[] = {
        {"SELECT 'a\\';b'; SELECT E'\\''", {"SELECT 'a\\';b'", "SELECT E'\\''"}}};
    options.nonstandard_strings = true;
    check_splits(&options, old, COUNT_OF(old));
}

static void what_is_never_closed_is_refused_at_its_opening(void **state)
{
    (void) state;
    static const split_fault faults[] = {
        {"SELECT 1;\nSELECT 'abc\n\n", 2, 8, "this string is never closed"},
        {"SELECT E'abc\\'", 1, 8, "this string is never closed"},
        {"SELECT 1,\n \"abc", 2, 2, "this quoted name is never closed"},
        {"SELECT 1;\n -- x\n /* /* */ \n", 3, 2, "this comment is never closed"},
        {"SELECT\n /* abc", 2, 2, "this comment is never closed"},
        {"DO\n$a$ ; $b$ ;\n", 2, 1, "this dollar quote is never closed"},
        {"SELECT ((1);\nSELECT 2;", 1, 8, "this \"(\" is never closed"},
        {"\xC3\xA9\xC3\xA9 (1;\nSELECT 2;", 1, 4, "this \"(\" is never closed"},
        {"x;\nCREATE FUNCTION f()\nBEGIN ATOMIC SELECT 1; SELECT 2;", 3, 1,
         "this \"BEGIN ATOMIC\" is never closed"},
        {"SELECT 1;\n-- whimbrel: batch:5\n", 3, 1, "there is no statement behind"},
    };
    wb_splitter_options options = options_for(WB_POSTGRES);
    check_faults(&options, faults, COUNT_OF(faults));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_and_comments_hide_semicolons),
        cmocka_unit_test(dollar_quotes_end_at_their_own_tag),
        cmocka_unit_test(parentheses_hide_semicolons),
        cmocka_unit_test(atomic_bodies_are_one_statement),
        cmocka_unit_test(pieces_without_code_are_dropped_and_comments_around_stay_out),
        cmocka_unit_test(a_changed_standard_conforming_strings_counts_from_the_next_statement),
        cmocka_unit_test(what_is_never_closed_is_refused_at_its_opening),
    };
    return RUN_TESTS(tests);
}
