#include "project/duration.h"

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

static void reads_a_number_with_its_unit(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        unsigned duration_ms;
    } good[] = {
        {"0", 0},         {"0s", 0},       {"500ms", 500},    {"2s", 2000},   {"1m", 60000},
        {"3min", 180000}, {"1h", 3600000}, {"24h", 86400000}, {"007s", 7000}, {"86400s", 86400000},
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        unsigned duration_ms = 1;
        assert_true(wb_duration_parse(wb_str_from(good[i].text), &duration_ms));
        assert_int_equal(duration_ms, good[i].duration_ms);
    }
}

static void refuses_a_number_alone_and_everything_else(void **state)
{
    (void) state;
    static const char *const bad[] = {"",      "2",    "s",      "-1s",
                                      "1.5s",  "2 s",  "2S",     "1d",
                                      "25h",   "1m3s", "86401s", "99999999999999999999s",
                                      "1441m", "0x"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        unsigned duration_ms = 0;
        if (wb_duration_parse(wb_str_from(bad[i]), &duration_ms))
            fail_msg("accepted: %s", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_number_with_its_unit),
        cmocka_unit_test(refuses_a_number_alone_and_everything_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
