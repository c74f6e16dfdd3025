#include "base/suggest.h"

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

static void counts_edits_and_takes_a_swap_for_one(void **state)
{
    (void) state;
    static const struct {
        const char *a;
        const char *b;
        size_t distance;
    } PAIRS[] = {
        {"", "", 0},       {"", "abc", 3},       {"abc", "", 3},
        {"url", "url", 0}, {"url", "ulr", 1},    {"url", "urls", 1},
        {"URL", "url", 0}, {"a-b", "a_b", 0},    {"kitten", "sitting", 3},
        {"ca", "abc", 3},  {"abcdef", "ghi", 6}, {"migratoins", "migrations", 1},
    };
    for (size_t i = 0; i < sizeof(PAIRS) / sizeof(PAIRS[0]); i++) {
        wb_str a = wb_str_from(PAIRS[i].a);
        wb_str b = wb_str_from(PAIRS[i].b);
        assert_int_equal(wb_suggest_distance(a, b), PAIRS[i].distance);
        assert_int_equal(wb_suggest_distance(b, a), PAIRS[i].distance);
    }
}

static void takes_a_very_long_name_for_far_away(void **state)
{
    (void) state;
    char text[66];
    memset(text, 'a', sizeof(text));
    assert_int_equal(wb_suggest_distance(wb_str_make(text, 65), wb_str_make(text, 65)), SIZE_MAX);
    assert_int_equal(wb_suggest_distance(wb_str_make(text, 64), wb_str_make(text, 64)), 0);
    WB_SCRATCH(arena);
    static const char *const NAMES[] = {"a"};
    assert_null(wb_suggest(arena, wb_str_make(text, 66), NAMES, 1));
}

static void names_the_nearest_and_all_that_are_as_near(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    static const char *const NAMES[] = {"url", "seeds", "schema", "lock_timeout", "lock_retries"};
    static const struct {
        const char *name;
        const char *sentence; /* NULL for none */
    } CASES[] = {
        {"ulr", "Did you mean \"url\"?"},
        {"seed", "Did you mean \"seeds\"?"},
        {"lock_timout", "Did you mean \"lock_timeout\"?"},
        {"LOCK-TIMEOUT", "Did you mean \"lock_timeout\"?"},
        {"xyz", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const char *got = wb_suggest(arena, wb_str_from(CASES[i].name), NAMES, 5);
        if (CASES[i].sentence == NULL)
            assert_null(got);
        else
            assert_string_equal(got, CASES[i].sentence);
    }
    static const char *const NEAR[] = {"ab1", "ab2", "ab3", "ab4"};
    assert_string_equal(wb_suggest(arena, WB_STR("ab"), NEAR, 2),
                        "Did you mean \"ab1\" or \"ab2\"?");
    assert_string_equal(wb_suggest(arena, WB_STR("ab"), NEAR, 4),
                        "Did you mean \"ab1\", \"ab2\" or \"ab3\"?");
    assert_null(wb_suggest(arena, WB_STR("ab"), NEAR, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_edits_and_takes_a_swap_for_one),
        cmocka_unit_test(takes_a_very_long_name_for_far_away),
        cmocka_unit_test(names_the_nearest_and_all_that_are_as_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
