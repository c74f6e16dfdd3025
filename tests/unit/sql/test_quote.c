/* dialect, quote: names and texts as SQL. */
#include "../../support/test.h"
#include "sql/dialect.h"
#include "sql/splitter.h"

#include <sqlite3.h>

static void dialects_have_other_names(void **state)
{
    (void) state;
    static const struct {
        const char *name;
        wb_dialect_id id;
    } names[] = {
        {"sqlite", WB_SQLITE},       {"sqlite3", WB_SQLITE}, {"postgres", WB_POSTGRES},
        {"postgresql", WB_POSTGRES}, {"pg", WB_POSTGRES},    {"mariadb", WB_MARIADB},
        {"mysql", WB_MARIADB},       {"MySQL", WB_MARIADB},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_ptr_equal(wb_dialect_find(wb_str_from(names[i].name)), wb_dialect_of(names[i].id));
    assert_null(wb_dialect_find(WB_STR("oracle")));
    assert_null(wb_dialect_find(WB_STR("")));
    assert_string_equal(wb_dialect_of(WB_MARIADB)->name, "mariadb");
}

static void names_are_always_quoted(void **state)
{
    (void) state;
    WB_AUTO_BUF(sql, 0);
    wb_sql_identifier(&sql, wb_dialect_of(WB_POSTGRES), WB_STR("a\"b`c\\"));
    assert_string_equal(wb_buf_text(&sql), "\"a\"\"b`c\\\"");
    wb_buf_reset(&sql);
    wb_sql_identifier(&sql, wb_dialect_of(WB_MARIADB), WB_STR("a\"b`c\\"));
    assert_string_equal(wb_buf_text(&sql), "`a\"b``c\\`");
    wb_buf_reset(&sql);
    wb_sql_qualified(&sql, wb_dialect_of(WB_SQLITE), WB_STR("s"), WB_STR("t"));
    wb_buf_putc(&sql, ' ');
    wb_sql_qualified(&sql, wb_dialect_of(WB_MARIADB), WB_STR(""), WB_STR("t"));
    assert_string_equal(wb_buf_text(&sql), "\"s\".\"t\" `t`");
}

static void texts_mean_the_same_under_every_setting(void **state)
{
    (void) state;
    static const struct {
        wb_dialect_id dialect;
        wb_str text;
        const char *sql;
    } cases[] = {
        {WB_POSTGRES, {"it's", 4}, "'it''s'"},
        {WB_POSTGRES, {"a\\'b", 4}, " E'a\\\\''b'"},
        {WB_POSTGRES, {"a\0b", 3}, " E'a\\000b'"},
        {WB_POSTGRES, {"", 0}, "''"},
        {WB_MARIADB, {"it's \"", 6}, "'it''s \"'"},
        {WB_MARIADB, {"\\'\n", 3}, "_utf8mb4 X'5C270A'"},
        {WB_MARIADB, {"a\0", 2}, "_utf8mb4 X'6100'"},
        {WB_SQLITE, {"it's \\", 6}, "'it''s \\'"},
        {WB_SQLITE, {"a\0b", 3}, "CAST(X'610062' AS TEXT)"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_AUTO_BUF(sql, 0);
        wb_sql_literal(&sql, wb_dialect_of(cases[i].dialect), cases[i].text);
        assert_string_equal(wb_buf_text(&sql), cases[i].sql);
    }
}

/* Whatever the text holds, the literal is one statement's part: nothing of it becomes code. */
static void no_text_leaves_its_literal(void **state)
{
    (void) state;
    static const char *const bits[] = {"'", "\\", "\"", "`", ";", "--", "/*", "$$", "\n", "x"};
    for (unsigned id = 0; id < WB_DIALECT_COUNT; id++) {
        for (size_t i = 0; i < COUNT_OF(bits) * COUNT_OF(bits) * COUNT_OF(bits) * 2; i++) {
            WB_AUTO_BUF(text, 0);
            WB_AUTO_BUF(sql, 0);
            size_t rest = i / 2;
            for (unsigned k = 0; k < 3; k++, rest /= COUNT_OF(bits))
                wb_buf_puts(&text, bits[rest % COUNT_OF(bits)]);
            wb_buf_puts(&sql, "SELECT");
            wb_buf_putc(&sql, ' ');
            wb_sql_literal(&sql, wb_dialect_of((wb_dialect_id) id), wb_buf_str(&text));
            wb_buf_puts(&sql, ", ");
            wb_sql_identifier(&sql, wb_dialect_of((wb_dialect_id) id), wb_buf_str(&text));
            size_t length = sql.len;
            wb_buf_puts(&sql, "; x");
            wb_splitter_options options = {.dialect = wb_dialect_of((wb_dialect_id) id),
                                           .nonstandard_strings = i % 2 != 0,
                                           .sql_mode = i % 2 != 0 ? "NO_BACKSLASH_ESCAPES" : ""};
            wb_text_source source = {wb_buf_str(&sql)};
            wb_splitter *splitter = wb_splitter_new(&options, wb_read_text, &source);
            wb_statement statement;
            wb_error err;
            bool done = false;
            assert_true(wb_splitter_next(splitter, &statement, &done, &err));
            assert_int_equal(statement.text.len, length);
            assert_true(wb_splitter_next(splitter, &statement, &done, &err));
            assert_true(wb_str_is(statement.text, "x"));
            wb_splitter_free(splitter);
        }
    }
}

static void sqlite_reads_back_what_was_written(void **state)
{
    (void) state;
    static const wb_str texts[] = {{"it's; -- \\", 10}, {"a\0b'", 4}, {"\xC3\xA9\n\"", 4}, {"", 0}};
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        WB_AUTO_BUF(sql, 0);
        wb_buf_puts(&sql, "SELECT ");
        wb_sql_literal(&sql, wb_dialect_of(WB_SQLITE), texts[i]);
        sqlite3_stmt *prepared = NULL;
        assert_int_equal(sqlite3_prepare_v2(db, sql.ptr, (int) sql.len, &prepared, NULL),
                         SQLITE_OK);
        assert_int_equal(sqlite3_step(prepared), SQLITE_ROW);
        assert_int_equal(sqlite3_column_type(prepared, 0), SQLITE_TEXT);
        const char *read = (const char *) sqlite3_column_text(prepared, 0);
        assert_true(wb_str_is_equal(wb_str_make(read, (size_t) sqlite3_column_bytes(prepared, 0)),
                                    texts[i]));
        assert_int_equal(sqlite3_finalize(prepared), SQLITE_OK);
    }
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialects_have_other_names),
        cmocka_unit_test(names_are_always_quoted),
        cmocka_unit_test(texts_mean_the_same_under_every_setting),
        cmocka_unit_test(no_text_leaves_its_literal),
        cmocka_unit_test(sqlite_reads_back_what_was_written),
    };
    return RUN_TESTS(tests);
}
