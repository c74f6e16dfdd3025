/* Statements of other people, as they are shown. */
#include "../../support/test.h"
#include "base/buf.h"
#include "sql/outline.h"

typedef struct outline_case {
    wb_dialect_id dialect;
    const char *sql;
    const char *outline;
} outline_case;

static void texts_are_hidden_and_the_rest_is_one_line(void **state)
{
    (void) state;
    static const outline_case cases[] = {
        {WB_POSTGRES, "UPDATE t\n   SET name = 'secret', b = $$secret$$ -- secret\n WHERE id = 5",
         "UPDATE t SET name = '...', b = '...' WHERE id = 5"},
        {WB_POSTGRES, "SELECT E'it\\'s secret', 'x'", "SELECT '...' ..."},
        {WB_POSTGRES, "SELECT 'a\\', ' secret'", "SELECT '...' ..."},
        {WB_POSTGRES, "SELECT /* secret */ 1;", "SELECT 1;"},
        {WB_POSTGRES, "SELECT f(a,b)::text", "SELECT f(a,b)::text"},
        {WB_POSTGRES, "SELECT 'cut secr", "SELECT ..."},
        {WB_POSTGRES, "SELECT $tag$cut secr$ta", "SELECT ..."},
        {WB_POSTGRES, "SELECT 1 /* cut secr", "SELECT 1 ..."},
        {WB_POSTGRES, "SELECT \"a\x1b[0mb\"", "SELECT \"a?[0mb\""},
        {WB_POSTGRES, "ALTER ROLE a PASSWORD 'x'", "ALTER ROLE a PASSWORD '...'"},
        {WB_POSTGRES, "", ""},
        {WB_POSTGRES, "'x", "..."},
        {WB_MARIADB, "SELECT \"secret\", `name`, 'it''s'", "SELECT '...', `name`, '...'"},
        {WB_MARIADB, "SELECT 'a\\' OR secret, 'x'", "SELECT '...' ..."},
        {WB_MARIADB, "SELECT 1 # secret\n+ 2", "SELECT 1 + 2"},
        {WB_POSTGRES, "SELECT aaaaaaaaaa, bbbbbbbbbb, cccccccccc, dddddddddd, eeeeeeeeee",
         "SELECT aaaaaaaaaa, bbbbbbbbbb, cccccccccc, dddddd..."},
        {WB_POSTGRES, "SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4",
         "SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4"},
        {WB_POSTGRES, "SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4\xc3\xa4",
         "SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa4..."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_AUTO_BUF(out, 0);
        wb_sql_outline(cases[i].dialect, wb_str_from(cases[i].sql), 49, &out);
        assert_string_equal(wb_buf_text(&out), cases[i].outline);
    }
}

static void nothing_of_a_text_is_shown_wherever_the_server_cuts(void **state)
{
    (void) state;
    static const char *const statements[] = {
        "INSERT INTO t VALUES ('qqqqqqqq', E'qq\\'qqqq', $x$qqqq$q$qq$x$, N'qqq''qqqq') -- qqq",
        "INSERT INTO t VALUES (\"qqqqqqqq\", 'qq\\'qqqq', X'99', 'qqq''qqqq', 'qq') # qqq",
    };
    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        for (size_t length = 0; length <= strlen(statements[i]); length++) {
            WB_AUTO_BUF(out, 0);
            wb_sql_outline(i == 0 ? WB_POSTGRES : WB_MARIADB, wb_str_make(statements[i], length),
                           1000, &out);
            if (strchr(wb_buf_text(&out), 'q') != NULL)
                fail_msg("%s", wb_buf_text(&out));
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_hidden_and_the_rest_is_one_line),
        cmocka_unit_test(nothing_of_a_text_is_shown_wherever_the_server_cuts),
    };
    return RUN_TESTS(tests);
}
