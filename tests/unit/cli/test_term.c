#include "../../support/test.h"
#include "cli/term.h"

static void cleans_what_a_terminal_would_obey(void **state)
{
    WB_SCRATCH(arena);
    (void) state;
    assert_string_equal(wb_clean(arena, "a\tb\nc\rd"), "a b c d");
    assert_string_equal(wb_clean(arena, "\033[31mred\a\x7f"), "?[31mred??");
    assert_string_equal(wb_clean(arena, "csi \xc2\x9b"
                                        "1m"),
                        "csi ??1m");
    assert_string_equal(wb_clean(arena, "gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
    assert_string_equal(wb_clean(arena, NULL), "");
    assert_string_equal(wb_clean_lines(arena, "a\nb\033"), "a\nb?");
}

static void cuts_by_columns_and_not_inside_a_character(void **state)
{
    WB_SCRATCH(arena);
    (void) state;
    assert_string_equal(wb_cut(arena, "hello", 5), "hello");
    assert_string_equal(wb_cut(arena, "hello world", 8), "hello...");
    assert_string_equal(wb_cut(arena, "\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad", 5),
                        "\xe4\xb8\xad...");
    assert_string_equal(wb_cut(arena, "hello", 0), "...");
}

static void wraps_words_and_keeps_long_ones_whole(void **state)
{
    static const struct {
        const char *text;
        size_t column, indent, width;
        const char *wrapped;
    } cases[] = {
        {"one two three", 0, 0, 7, "one two\nthree\n"},
        {"one two three", 2, 4, 8, "  one\n    two\n    three\n"},
        {"averyveryverylongword x", 0, 0, 5, "averyveryverylongword\nx\n"},
        {"", 0, 0, 5, "\n"},
        {"a  b", 0, 0, 9, "a b\n"},
    };
    (void) state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_AUTO_BUF(buf, 0);
        wb_wrap(&buf, cases[i].text, cases[i].column, cases[i].indent, cases[i].width);
        assert_string_equal(wb_buf_text(&buf), cases[i].wrapped);
    }
}

static void tells_durations_in_the_unit_that_fits(void **state)
{
    WB_SCRATCH(arena);
    (void) state;
    assert_string_equal(wb_duration_text(arena, 0), "0 ms");
    assert_string_equal(wb_duration_text(arena, 99999), "99 ms");
    assert_string_equal(wb_duration_text(arena, 410000), "0.41 s");
    assert_string_equal(wb_duration_text(arena, 59990000), "59.99 s");
    assert_string_equal(wb_duration_text(arena, 125000000), "2 min 5 s");
    assert_string_equal(wb_duration_text(arena, 3720000000), "1 h 2 min");
}

static void remembers_the_first_write_that_failed(void **state)
{
    (void) state;
    FILE *full = fopen("/dev/full", "we");
    if (full == NULL)
        return; /* a system without it; tests/cli/output.bats says so */
    wb_term term;
    wb_error err = {0};
    wb_term_init(&term, full, NULL);
    wb_put(&term, "text");
    assert_false(wb_term_finish(&term, &err));
    assert_int_equal(err.status, WB_E_NO_SPACE);
    (void) fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleans_what_a_terminal_would_obey),
        cmocka_unit_test(cuts_by_columns_and_not_inside_a_character),
        cmocka_unit_test(wraps_words_and_keeps_long_ones_whole),
        cmocka_unit_test(tells_durations_in_the_unit_that_fits),
        cmocka_unit_test(remembers_the_first_write_that_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
