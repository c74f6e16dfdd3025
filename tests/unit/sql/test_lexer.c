/* window, lexer: tokens, and the memory that they take. */
#include "split_support.h"
#include "sql/lexer.h"

#include <time.h>

/* The tokens of a text, one after another with "|" behind each; comments as "#". */
static void list_tokens(wb_lexer_mode mode, const char *text, wb_buf *ret_list)
{
    wb_window window;
    wb_lexer lexer;
    wb_token token;
    wb_error err;
    wb_buf_reset(ret_list);
    wb_window_init_text(&window, wb_str_from(text));
    wb_lexer_init(&lexer, &window, mode);
    for (;;) {
        assert_true(wb_lexer_next(&lexer, &token, &err));
        if (token.kind == WB_TOKEN_END)
            break;
        if (wb_token_is_code(&token))
            wb_buf_add_str(ret_list, wb_lexer_text(&lexer, &token));
        else
            wb_buf_putc(ret_list, '#');
        wb_buf_putc(ret_list, '|');
    }
}

static void operators_and_numbers_are_cut_as_the_engines_do(void **state)
{
    (void) state;
    static const wb_lexer_mode postgres = {.dialect = WB_POSTGRES};
    static const wb_lexer_mode mariadb = {.dialect = WB_MARIADB, .backslash = true};
    static const wb_lexer_mode sqlite = {.dialect = WB_SQLITE, .brackets = true};
    static const struct {
        const wb_lexer_mode *mode;
        const char *text;
        const char *tokens;
    } cases[] = {
        {&postgres, "a=-1", "a|=|-|1|"},
        {&postgres, "a@-1", "a|@-|1|"},
        {&postgres, "a<=>b->>'c'", "a|<=>|b|->>|'c'|"},
        {&postgres, "a*/**/b", "a|*|#|b|"},
        {&postgres, "a+--b", "a|+|#|"},
        {&postgres, "a::b:=c..d", "a|::|b|:=|c|..|d|"},
        {&postgres, "1.5e-3+1..5 1e+x", "1.5e-3|+|1|..|5|1e|+|x|"},
        {&postgres, "0xFF 1_000 2nd .5 0x1e+5", "0xFF|1_000|2nd|.|5|0x1e|+|5|"},
        {&postgres, "$1$a$x$a$ b$c$", "$|1|$a$x$a$|b$c$|"},
        {&postgres, "U&'a' U&\"b\" U & c", "U&'a'|U&\"b\"|U|&|c|"},
        {&postgres, "`a` [b]", "`|a|`|[|b|]|"},
        {&postgres, "a.b.\"c\"", "a|.|b|.|\"c\"|"},
        {&mariadb, "a<=>b:=@c||@@d&&e", "a|<=>|b|:=|@|c||||@@|d|&&|e|"},
        {&mariadb, "a=@b", "a|=|@|b|"},
        {&mariadb, "/*!50003 a*/ /*M!1000000 b*/", "/*!50003|a|*/|/*M!100000|0|b|*/|"},
        {&mariadb, "/*+ x */ /* y */ a*/b", "/*+ x */|#|a|*|/|b|"},
        {&mariadb, "n'a\\'b' x'0' _utf8'c'", "n'a\\'b'|x'0'|_utf8|'c'|"},
        {&mariadb, "\\N", "\\N|"},
        {&sqlite, "a->>b==c<>d<<e [f g]", "a|->>|b|==|c|<>|d|<<|e|[f g]|"},
        {&sqlite, "e'a' x'0' $a ?1 :b", "e|'a'|x'0'|$|a|?|1|:|b|"},
    };
    WB_AUTO_BUF(list, 0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        list_tokens(*cases[i].mode, cases[i].text, &list);
        if (strcmp(wb_buf_text(&list), cases[i].tokens) != 0)
            fail_msg("%s, not %s", wb_buf_text(&list), cases[i].tokens);
    }
}

/* A source of small statements without end; counts what it gave. */
typedef struct endless {
    size_t given;
    size_t limit;
} endless;

static bool read_endless(void *source, char *bytes, size_t size, size_t *ret_read, wb_error *err)
{
    static const char text[] = "INSERT INTO t VALUES (1, 'text'); -- a comment \n";
    endless *from = source;
    (void) err;
    if (size > from->limit - from->given)
        size = from->limit - from->given;
    for (size_t i = 0; i < size; i++)
        bytes[i] = text[(from->given + i) % (sizeof(text) - 1)];
    from->given += size;
    *ret_read = size;
    return true;
}

static void a_long_script_of_small_tokens_takes_a_small_window(void **state)
{
    (void) state;
    endless source = {.limit = (size_t) 20 * 1024 * 1024};
    wb_splitter_options options = {.dialect = wb_dialect_of(WB_SQLITE)};
    wb_window window;
    wb_lexer lexer;
    wb_token token;
    wb_error err;
    wb_window_init(&window, &options, read_endless, &source);
    wb_lexer_init(&lexer, &window, (wb_lexer_mode){.dialect = WB_SQLITE});
    do {
        assert_true(wb_lexer_next(&lexer, &token, &err));
        assert_true(window.capacity <= (size_t) 64 * 1024);
    } while (token.kind != WB_TOKEN_END);
    assert_int_equal(source.given, source.limit);
    assert_int_equal(token.end, source.limit);
    wb_window_clear(&window);
}

static void a_long_comment_outside_a_statement_is_not_kept(void **state)
{
    (void) state;
    static const char *const openers[] = {"/* ", "-- "};
    for (size_t i = 0; i < COUNT_OF(openers); i++) {
        WB_AUTO_BUF(script, 0);
        wb_buf_puts(&script, openers[i]);
        for (unsigned k = 0; k < 100000; k++)
            wb_buf_puts(&script, "many words ");
        wb_buf_puts(&script, "*/\nx");
        wb_text_source source = {wb_buf_str(&script)};
        wb_splitter_options options = {.dialect = wb_dialect_of(WB_SQLITE)};
        wb_window window;
        wb_lexer lexer;
        wb_token token;
        wb_error err;
        wb_window_init(&window, &options, wb_read_text, &source);
        wb_lexer_init(&lexer, &window, (wb_lexer_mode){.dialect = WB_SQLITE});
        assert_true(wb_lexer_next(&lexer, &token, &err));
        assert_int_equal(token.kind, WB_TOKEN_COMMENT);
        assert_true(wb_lexer_next(&lexer, &token, &err));
        assert_int_equal(token.kind, WB_TOKEN_WORD);
        assert_true(token.is_first_on_line);
        assert_true(window.capacity <= (size_t) 64 * 1024);
        wb_window_clear(&window);
    }
}

static void a_long_token_is_read_once(void **state)
{
    (void) state;
    /* 18 MB in pieces of 1 KiB: to read each time from its start would mean 160 GB */
    WB_AUTO_BUF(script, 0);
    wb_buf_puts(&script, "SELECT '");
    for (unsigned i = 0; i < 1024 * 1024; i++)
        wb_buf_puts(&script, "0123456789 '' \xC3\xA9");
    wb_buf_puts(&script, "'");
    piecewise source = {.text = {wb_buf_str(&script)}, .piece = 1024};
    wb_splitter_options options = {.dialect = wb_dialect_of(WB_POSTGRES)};
    wb_splitter *splitter = wb_splitter_new(&options, read_piecewise, &source);
    wb_statement statement;
    wb_error err;
    bool done = false;
    clock_t before = clock();
    assert_true(wb_splitter_next(splitter, &statement, &done, &err));
    assert_int_equal(statement.text.len, script.len);
    assert_true(clock() - before < 20 * CLOCKS_PER_SEC);
    wb_splitter_free(splitter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_and_numbers_are_cut_as_the_engines_do),
        cmocka_unit_test(a_long_script_of_small_tokens_takes_a_small_window),
        cmocka_unit_test(a_long_comment_outside_a_statement_is_not_kept),
        cmocka_unit_test(a_long_token_is_read_once),
    };
    return RUN_TESTS(tests);
}
