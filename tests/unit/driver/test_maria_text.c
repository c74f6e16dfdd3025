/* Reading statements as far as sending them needs. No server. */
#include "../../support/test.h"
#include "driver/mariadb/maria_text.h"

#include <stdio.h>
#include <stdlib.h>

static void what_gives_one_result_shares_a_packet(void **state)
{
    (void) state;
    static const struct {
        const char *sql;
        bool can_share;
    } cases[] = {
        {"SELECT 1", true},
        {"  select 1", true},
        {"-- a comment\nINSERT INTO t VALUES (1)", true},
        {"/* c */ # d\n CREATE TABLE t (a INT)", true},
        {"BEGIN", true},
        {"BEGIN WORK", true},
        {"SET @a = 1", true},
        {"SELECT 1 /*!50000 + 1 */", true},
        {"SELECT 'a;b', `c;d`, \"e;f\" -- g;h", true},
        {"CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END", true},
        {"CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN SET @x = 1; end -- done", true},
        {"CALL p()", false},
        {"BEGIN NOT ATOMIC SELECT 1; END", false},
        {"BEGIN /*M! NOT ATOMIC */", false},
        {"EXECUTE s", false},
        {"(SELECT 1)", false},
        {"SET STATEMENT max_statement_time = 1 FOR CALL p()", false},
        {"SET SESSION sql_mode = 'ANSI_QUOTES'", false},
        {"SET @@Sql_Mode = ''", false},
        {"SET NAMES latin1", false},
        {"/*!40101 SET NAMES utf8 */", false},
        {"/*M!100100 CALL p() */", false},
        {"SELECT 1; SELECT 2", false},
        {"CREATE TABLE a (b INT); DROP TABLE a", false},
        {"SELECT 'open", false},
        {"SELECT \"open", false},
        {"SELECT `open", false},
        {"SELECT 'open\\'", false},
        {"SELECT /* open", false},
        {"SELECT /*! open", false},
        {"SELECT /*! 1 /* nested */ */", false},
        {"SELECT \"a\\\" b\"", false}, /* ANSI_QUOTES would read it otherwise */
        {"", false},
        {"-- nothing", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_maria_traits traits = wb_maria_traits_of(wb_str_from(cases[i].sql), true);
        if (traits.can_share != cases[i].can_share)
            fail_msg("%s", cases[i].sql);
    }
}

static void a_nul_byte_is_doubtful(void **state)
{
    (void) state;
    assert_false(wb_maria_traits_of(WB_STR("SELECT 1\0; SELECT 2"), true).can_share);
    assert_true(wb_maria_traits_of(WB_STR("SELECT 'a\0b'"), true).can_share);
}

static void a_backslash_means_what_the_mode_says(void **state)
{
    (void) state;
    wb_str closed_by_escape = WB_STR("SELECT 'a\\'");
    wb_str closed_by_quote = WB_STR("SELECT 'a\\''");
    assert_false(wb_maria_traits_of(closed_by_escape, true).can_share);
    assert_true(wb_maria_traits_of(closed_by_escape, false).can_share);
    assert_true(wb_maria_traits_of(closed_by_quote, true).can_share);
    assert_false(wb_maria_traits_of(closed_by_quote, false).can_share);
}

static void reads_and_ddl_are_told_apart(void **state)
{
    (void) state;
    static const struct {
        const char *sql;
        bool is_read;
        bool is_ddl;
    } cases[] = {
        {"SELECT 1", true, false},
        {"SHOW TABLES", true, false},
        {"INSERT INTO t VALUES (1)", false, false},
        {"WITH a AS (SELECT 1) SELECT 2", false, false},
        {"create table t (a int)", false, true},
        {"DROP TABLE t", false, true},
        {"CALL p()", false, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_maria_traits traits = wb_maria_traits_of(wb_str_from(cases[i].sql), true);
        assert_int_equal(traits.is_read, cases[i].is_read);
        assert_int_equal(traits.is_ddl, cases[i].is_ddl);
    }
}

static void placeholders_are_found_outside_of_quotes_and_comments(void **state)
{
    (void) state;
    static const struct {
        const char *sql;
        const char *offsets;
    } cases[] = {
        {"?", "0 "},
        {"SELECT ?,? FROM t WHERE a=?", "7 9 26 "},
        {"'?' \"?\" `?` ?", "12 "},
        {"-- ?\n?", "5 "},
        {"# ?\n?", "4 "},
        {"a--?", "3 "}, /* two minus signs and an argument */
        {"/* ? */?", "7 "},
        {"/*! ? */?", "4 8 "}, /* the server runs it */
        {"'it''s ?' ?", "10 "},
        {"'it\\'s ?' ?", "10 "},
        {"'open ?", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_maria_lexer lexer = wb_maria_lexer_make(wb_str_from(cases[i].sql), true);
        wb_maria_token token;
        char found[64] = "";
        while ((token = wb_maria_lexer_next(&lexer)).kind != WB_MARIA_END) {
            size_t used = strlen(found);
            if (token.kind == WB_MARIA_PLACEHOLDER)
                (void) snprintf(found + used, sizeof(found) - used, "%zu ", token.at);
        }
        assert_string_equal(found, cases[i].offsets);
    }
}

/* Every beginning of a text with all that opens something: the end is always reached, and no byte
 * is read behind it (the copy is exact, so that a sanitizer would see it). */
static void any_text_comes_to_an_end(void **state)
{
    (void) state;
    static const char whole[] =
        "SELECT 'a\\'b''c' \"d\\\"e\" `f``g` -- h\n# i\n/* j */ /*!50000 k */ "
        "/*M!100100 l */ ?; x -";
    for (size_t length = 0; length < sizeof(whole); length++) {
        char *exact = wb_alloc(length > 0 ? length : 1);
        memcpy(exact, whole, length);
        wb_maria_lexer lexer = wb_maria_lexer_make(wb_str_make(exact, length), true);
        size_t tokens = 0;
        while (wb_maria_lexer_next(&lexer).kind != WB_MARIA_END)
            assert_true(++tokens <= length);
        assert_int_equal(lexer.at, length);
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_gives_one_result_shares_a_packet),
        cmocka_unit_test(a_nul_byte_is_doubtful),
        cmocka_unit_test(a_backslash_means_what_the_mode_says),
        cmocka_unit_test(reads_and_ddl_are_told_apart),
        cmocka_unit_test(placeholders_are_found_outside_of_quotes_and_comments),
        cmocka_unit_test(any_text_comes_to_an_end),
    };
    return RUN_TESTS(tests);
}
