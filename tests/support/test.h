/* What every unit test includes: cmocka behind its four headers, and a few short hands. */
#ifndef WB_TESTS_SUPPORT_TEST_H
#define WB_TESTS_SUPPORT_TEST_H

/* cmocka wants its four headers before itself. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* clang-format on */

#define RUN_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)
#define COUNT_OF(array)  (sizeof(array) / sizeof((array)[0]))

#endif
