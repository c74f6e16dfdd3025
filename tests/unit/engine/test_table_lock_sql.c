/* The text of the statement that locks; what it does is tried in tests/run. */
#include "../../support/test.h"
#include "engine/table_lock_sql.h"
#include "sql/splitter.h"

#include <stdlib.h>

static const wb_lexer_mode postgres = {.dialect = WB_POSTGRES};

static wb_table_lock lock_of(const char *name, wb_lock_mode mode, wb_lock_mode tree)
{
    return (wb_table_lock){.name = wb_str_from(name), .mode = mode, .tree = tree};
}

static void each_table_is_locked_as_it_is_needed(void **state)
{
    (void) state;
    const wb_table_lock tables[] = {
        lock_of("a", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_ACCESS_EXCLUSIVE),
        lock_of("b", WB_LOCK_SHARE, WB_LOCK_NONE),
        lock_of("s.c", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_SHARE),
    };
    WB_AUTO_BUF(sql, 0);
    wb_table_lock_sql(tables, COUNT_OF(tables), &sql);
    const char *text = wb_buf_text(&sql);
    const char *a = strstr(text, "THEN LOCK TABLE a IN ACCESS EXCLUSIVE MODE; END IF");
    const char *b = strstr(text, "THEN LOCK TABLE ONLY b IN SHARE MODE; END IF");
    const char *c = strstr(text, "THEN LOCK TABLE ONLY s.c IN ACCESS EXCLUSIVE MODE;"
                                 " LOCK TABLE s.c IN SHARE MODE; END IF");
    assert_true(a != NULL && b != NULL && c != NULL && a < b && b < c);
}

static void no_tables_need_no_statement(void **state)
{
    (void) state;
    WB_AUTO_BUF(sql, 0);
    wb_table_lock_sql(NULL, 0, &sql);
    assert_int_equal(sql.len, 0);
}

/* The text must be the word DO and one literal, whatever stands in the name. */
static void check_is_one_literal(wb_str name)
{
    wb_table_lock table = {
        .name = name, .mode = WB_LOCK_ACCESS_EXCLUSIVE, .tree = WB_LOCK_ACCESS_EXCLUSIVE};
    WB_AUTO_BUF(sql, 0);
    wb_table_lock_sql(&table, 1, &sql);
    wb_window window;
    wb_lexer lexer;
    wb_token token;
    wb_error err;
    wb_window_init_text(&window, wb_buf_str(&sql));
    wb_lexer_init(&lexer, &window, postgres);
    assert_true(wb_lexer_next(&lexer, &token, &err));
    assert_int_equal(token.kind, WB_TOKEN_WORD);
    assert_true(wb_lexer_next(&lexer, &token, &err));
    assert_int_equal(token.kind, WB_TOKEN_STRING);
    assert_true(wb_lexer_next(&lexer, &token, &err));
    assert_int_equal(token.kind, WB_TOKEN_END);
}

static void no_name_breaks_out_of_its_quotes(void **state)
{
    (void) state;
    static const char bytes[] = "ab\"$'\\; -/*w";
    unsigned seed = 1;
    for (int round = 0; round < 20000; round++) {
        char name[32] = "\"";
        size_t length = 1;
        for (int i = 0; i < 10; i++) {
            seed = seed * 1103515245U + 12345U;
            char c = bytes[(seed >> 16U) % (sizeof(bytes) - 1)];
            name[length++] = c;
            if (c == '"')
                name[length++] = c;
        }
        name[length++] = '"';
        check_is_one_literal(wb_str_make(name, length));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_table_is_locked_as_it_is_needed),
        cmocka_unit_test(no_tables_need_no_statement),
        cmocka_unit_test(no_name_breaks_out_of_its_quotes),
    };
    return RUN_TESTS(tests);
}
