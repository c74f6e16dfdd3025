#include "driver/driver.h"

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* clang-format on */

static void each_driver_of_the_build_is_found_by_its_engine(void **state)
{
    (void) state;
    size_t count = 0;
    for (const wb_driver *const *driver = wb_drivers(); *driver != NULL; driver++) {
        const wb_driver *found = NULL;
        wb_error err;
        assert_true(wb_driver_find((*driver)->engine, &found, &err));
        assert_ptr_equal(found, *driver);
        assert_string_equal(found->name, wb_dialect_of(found->dialect)->name);
        count++;
    }
    assert_true(count >= 1);
}

static void an_engine_that_was_left_out_is_unsupported(void **state)
{
    (void) state;
    static const struct {
        wb_engine engine;
        bool is_built;
    } cases[] = {
        {WB_ENGINE_SQLITE, true},
#ifdef WB_WITH_POSTGRES
        {WB_ENGINE_POSTGRES, true},
#else
        {WB_ENGINE_POSTGRES, false},
#endif
#ifdef WB_WITH_MARIADB
        {WB_ENGINE_MARIADB, true},
#else
        {WB_ENGINE_MARIADB, false},
#endif
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const wb_driver *found = NULL;
        wb_error err = {.status = WB_E_OK};
        assert_int_equal(wb_driver_find(cases[i].engine, &found, &err), cases[i].is_built);
        assert_int_equal(err.status, cases[i].is_built ? WB_E_OK : WB_E_UNSUPPORTED);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_driver_of_the_build_is_found_by_its_engine),
        cmocka_unit_test(an_engine_that_was_left_out_is_unsupported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
