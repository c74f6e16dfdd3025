#include "driver/driver.h"

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* clang-format on */

static void cells_are_read_as_numbers_where_they_are_numbers(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        int64_t number;
    } cases[] = {
        {"0", 0},
        {"42", 42},
        {"-7", -7},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
        {"9223372036854775808", 0},
        {"t", 1},
        {"true", 1},
        {"f", 0},
        {"false", 0},
        {"", 0},
        {"12x", 0},
        {"1.5", 0},
        {"text", 0},
        {NULL, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const wb_str cell = {cases[i].text, cases[i].text != NULL ? strlen(cases[i].text) : 0};
        const char *const name = "a";
        const wb_row row = {.cells = &cell, .names = &name, .count = 1};
        if (wb_row_int(&row, 0) != cases[i].number)
            fail_msg("'%s'", cases[i].text != NULL ? cases[i].text : "NULL");
    }
}

static void null_and_missing_cells_are_empty(void **state)
{
    (void) state;
    const wb_str cells[] = {{NULL, 0}, {"", 0}, {"x", 1}};
    const char *const names[] = {"a", "b", "c"};
    const wb_row row = {.cells = cells, .names = names, .count = 3};
    assert_true(wb_row_is_null(&row, 0));
    assert_false(wb_row_is_null(&row, 1));
    assert_false(wb_row_is_null(&row, 2));
    assert_true(wb_row_is_null(&row, 3));
    assert_string_equal(wb_row_text(&row, 0), "");
    assert_string_equal(wb_row_text(&row, 2), "x");
    assert_string_equal(wb_row_text(&row, 3), "");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_read_as_numbers_where_they_are_numbers),
        cmocka_unit_test(null_and_missing_cells_are_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
