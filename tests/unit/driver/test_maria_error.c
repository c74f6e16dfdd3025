/* Error numbers and positions. No server: what one sends is written down here. */
#include "../../support/test.h"
#include "base/buf.h"
#include "driver/mariadb/maria_error.h"

static void numbers_have_a_status(void **state)
{
    (void) state;
    static const struct {
        unsigned number;
        const char *text;
        wb_maria_stage stage;
        wb_status status;
    } cases[] = {
        {1045, "", WB_MARIA_CONNECTING, WB_E_AUTH},
        {1045, "", WB_MARIA_RUNNING, WB_E_PERMISSION},
        {1044, "", WB_MARIA_CONNECTING, WB_E_AUTH},
        {1044, "", WB_MARIA_RUNNING, WB_E_PERMISSION},
        {1698, "", WB_MARIA_CONNECTING, WB_E_AUTH},
        {2002, "", WB_MARIA_CONNECTING, WB_E_CONNECT},
        {2013, "", WB_MARIA_CONNECTING, WB_E_CONNECT},
        {1040, "", WB_MARIA_CONNECTING, WB_E_CONNECT},
        {2006, "", WB_MARIA_RUNNING, WB_E_LOST},
        {2013, "", WB_MARIA_RUNNING, WB_E_LOST},
        {1927, "", WB_MARIA_RUNNING, WB_E_LOST},
        {1053, "", WB_MARIA_RUNNING_CANCELLED, WB_E_LOST},
        {1205, "", WB_MARIA_RUNNING, WB_E_LOCK_TIMEOUT},
        {1213, "", WB_MARIA_RUNNING, WB_E_SERIALIZATION},
        {1317, "", WB_MARIA_RUNNING, WB_E_QUERY},
        {1317, "", WB_MARIA_RUNNING_CANCELLED, WB_E_CANCELLED},
        {1969, "", WB_MARIA_RUNNING_CANCELLED, WB_E_CANCELLED},
        {3024, "", WB_MARIA_RUNNING_CANCELLED, WB_E_CANCELLED},
        {1064, "", WB_MARIA_RUNNING_CANCELLED, WB_E_QUERY},
        {1836, "", WB_MARIA_RUNNING, WB_E_READ_ONLY},
        {1114, "", WB_MARIA_RUNNING, WB_E_NO_SPACE},
        {1026, "Error writing file './a' (Errcode: 28 \"No space left on device\")",
         WB_MARIA_RUNNING, WB_E_NO_SPACE},
        {1030, "Got error 28 from storage engine", WB_MARIA_RUNNING, WB_E_NO_SPACE},
        {1030, "Got error 122 from storage engine", WB_MARIA_RUNNING, WB_E_QUERY},
        {4025, "", WB_MARIA_RUNNING, WB_E_CONSTRAINT},
        {3819, "", WB_MARIA_RUNNING, WB_E_CONSTRAINT},
        {9999, "", WB_MARIA_RUNNING, WB_E_QUERY},
        {9999, "", WB_MARIA_CONNECTING, WB_E_CONNECT},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_status status = wb_maria_error_status(cases[i].number, cases[i].text, cases[i].stage);
        if (status != cases[i].status)
            fail_msg("%u: %s", cases[i].number, wb_status_name(status));
    }
}

static void a_position_is_found_in_the_statement(void **state)
{
    (void) state;
    static const struct {
        const char *message;
        const char *before; /* in the packet */
        const char *sql;
        const char *behind;
        size_t offset;
    } cases[] = {
        {"use near 'baz' at line 1", "", "SELECT foo bar baz", "", 15},
        {"use near 'baz\n;\nDO 1' at line 1", "DO 'baz'\n;\n", "SELECT foo bar baz", "\n;\nDO 1",
         15},
        {"use near 'FROM' at line 1", "", "SELECT FROM FROM", "", 12},
        {"use near '' at line 1", "", "SELECT (1", "", 9},
        {"use near '' at line 1", "", "SELECT (1 \n", "", 9},
        {"use near ';\nDO 1' at line 2", "", "SELECT (1", "\n;\nDO 1", 9},
        {"use near 'b' at line 2' at line 3", "", "a\nb\nb' at line 2", "", 4},
        {"use near 'x y z...' at line 2", "", "x y z 1\nx y z 2", "", 8}, /* cut off */
        {"use near 'x y z' at line 2", "", "x y z 1\nx y z 2", "", 8},    /* the same, older */
        {"use near 'c\nd...' at line 2", "", "a b c\nd e f", "", 4}, /* the token began above */
        {"use near 'elsewhere' at line 1", "", "EXECUTE IMMEDIATE @a", "", SIZE_MAX},
        {"use near '' at line 1", "", "CALL\np()", "", SIZE_MAX}, /* the end of another text */
        {"unknown column 'a'", "", "SELECT a", "", SIZE_MAX},
        {"use near 'a' at line x", "", "SELECT a", "", SIZE_MAX},
        {"use near 'a", "", "SELECT a", "", SIZE_MAX},
        {"use near '...' at line 1", "", "SELECT a", "", SIZE_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_AUTO_BUF(packet, 0);
        wb_buf_printf(&packet, "%s%s%s", cases[i].before, cases[i].sql, cases[i].behind);
        size_t offset = wb_maria_error_offset(cases[i].message, wb_buf_str(&packet),
                                              strlen(cases[i].before), strlen(cases[i].sql));
        if (offset != cases[i].offset)
            fail_msg("%s: %zu", cases[i].message, offset);
    }
}

static void a_syntax_error_is_short(void **state)
{
    (void) state;
    static const struct {
        const char *rest;
        const char *message;
    } cases[] = {
        {"FROM t\nWHERE x", "syntax error near \"FROM t\""},
        {"", "syntax error at the end"},
        {"  \n", "syntax error at the end"},
        {"0123456789012345678901234567890123456789 and more",
         "syntax error near \"0123456789012345678901234567890123456789\""},
        {"012345678901234567890123456789012345678\xc3\xa4",
         "syntax error near \"012345678901234567890123456789012345678\""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_error err = {0};
        wb_maria_shorten_syntax_error(&err, wb_str_from(cases[i].rest));
        assert_string_equal(err.message, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_a_status),
        cmocka_unit_test(a_position_is_found_in_the_statement),
        cmocka_unit_test(a_syntax_error_is_short),
    };
    return RUN_TESTS(tests);
}
