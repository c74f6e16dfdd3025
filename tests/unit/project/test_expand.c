#include "base/buf.h"
#include "project/expand.h"

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

static const char *fake_getenv(void *arg, const char *name)
{
    (void) arg;
    static const struct {
        const char *name;
        const char *value;
    } variables[] = {{"A", "alpha"}, {"EMPTY", ""}, {"DOLLAR", "${A}"}, {"_x1", "under"}};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        if (strcmp(name, variables[i].name) == 0)
            return variables[i].value;
    }
    return NULL;
}

static void replaces_variables_and_their_defaults(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *expanded;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"${A}", "alpha"},
        {"<${A}${A}>", "<alphaalpha>"},
        {"${_x1}", "under"},
        {"${EMPTY}", ""},
        {"${DOLLAR}", "${A}"}, /* values are not expanded again */
        {"${A:-b}", "alpha"},
        {"${NONE:-b}", "b"},
        {"${EMPTY:-b}", "b"},
        {"${NONE:-}", ""},
        {"${NONE:-${A}}", "alpha"},
        {"${NONE:-${NONE2:-deep}}", "deep"},
        {"${A:-${NONE}}", "alpha"}, /* the default is not needed, so it may lack */
        {"${A:-${NONE:?why}}", "alpha"},
        {"${NONE:-{\"a\":{}}}!", "{\"a\":{}}!"},
        {"${A:-{${NONE}}}x", "alphax"},
        {"${NONE:-a:-b:?c}", "a:-b:?c"},
        {"${A:?why {not}}x", "alphax"},
        {"$$", "$"},
        {"$${A}", "${A}"},
        {"$$${A}", "$alpha"},
        {"pa$word", "pa$word"},
        {"$A", "$A"},
        {"a$", "a$"},
        {"}{", "}{"},
        {"${NONE:-$$}", "$"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_missing_list missing = {0};
        const char *text = NULL;
        wb_error err;
        if (!wb_expand(wb_str_from(cases[i].text), fake_getenv, NULL, arena, &missing, &text, &err))
            fail_msg("%s: %s", cases[i].text, err.message);
        assert_string_equal(text, cases[i].expanded);
        assert_int_equal(missing.count, 0);
    }
}

static void gathers_the_variables_that_are_not_set(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_missing_list missing = {0};
    const char *text = NULL;
    wb_error err;
    wb_str value = WB_STR("${P}-${Q:?say {why}}-${EMPTY:?no}-${R:-${S}}-${A}");
    assert_true(wb_expand(value, fake_getenv, NULL, arena, &missing, &text, &err));
    assert_string_equal(text, "----alpha");
    assert_int_equal(missing.count, 4);
    assert_string_equal(missing.items[0].name, "P");
    assert_string_equal(missing.items[0].message, "");
    assert_string_equal(missing.items[1].name, "Q");
    assert_string_equal(missing.items[1].message, "say {why}");
    assert_string_equal(missing.items[2].name, "EMPTY");
    assert_string_equal(missing.items[3].name, "S");
}

static void finds_nothing_set_without_an_environment(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_missing_list missing = {0};
    const char *text = NULL;
    wb_error err;
    assert_true(wb_expand(WB_STR("${A}"), NULL, NULL, arena, &missing, &text, &err));
    assert_int_equal(missing.count, 1);
}

static void refuses_what_has_no_meaning(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *message; /* a part of it */
    } cases[] = {
        {"${", "name of a variable"},
        {"${}", "name of a variable"},
        {"${1A}", "name of a variable"},
        {"${ A}", "name of a variable"},
        {"${A", "\"${A\" is not closed"},
        {"${A:", "neither"},
        {"${A:-", "\"${A\" is not closed"},
        {"${A:-x", "\"${A\" is not closed"},
        {"${A:-{x}", "\"${A\" is not closed"},
        {"${A:-${B:-x}", "\"${A\" is not closed"},
        {"${A:?x", "\"${A\" is not closed"},
        {"${A-x}", "neither"},
        {"${A:+x}", "neither"},
        {"${A B}", "neither"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_missing_list missing = {0};
        const char *text = NULL;
        wb_error err = {0};
        if (wb_expand(wb_str_from(cases[i].text), fake_getenv, NULL, arena, &missing, &text, &err))
            fail_msg("accepted: %s", cases[i].text);
        assert_int_equal(err.status, WB_E_CONFIG);
        if (strstr(err.message, cases[i].message) == NULL)
            fail_msg("%s: %s", cases[i].text, err.message);
        assert_non_null(strstr(err.hint, "$$"));
    }
}

static void nests_eight_defaults_and_no_more(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_missing_list missing = {0};
    const char *text = NULL;
    wb_error err;
    wb_str eight = WB_STR("${N:-${N:-${N:-${N:-${N:-${N:-${N:-${N:-x}}}}}}}}");
    assert_true(wb_expand(eight, fake_getenv, NULL, arena, &missing, &text, &err));
    assert_string_equal(text, "x");
    wb_str nine = WB_STR("${N:-${N:-${N:-${N:-${N:-${N:-${N:-${N:-${N:-x}}}}}}}}}");
    assert_false(wb_expand(nine, fake_getenv, NULL, arena, &missing, &text, &err));
    assert_non_null(strstr(err.message, "too deeply"));
}

static void bounds_the_length_of_a_value(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_missing_list missing = {0};
    const char *text = NULL;
    wb_error err;
    WB_AUTO_BUF(many, 0);
    while (many.len < 80000)
        wb_buf_puts(&many, "${A}");
    assert_false(wb_expand(wb_buf_str(&many), fake_getenv, NULL, arena, &missing, &text, &err));
    assert_non_null(strstr(err.message, "longer than"));
    assert_true(
        wb_expand(wb_str_make(many.ptr, 4000), fake_getenv, NULL, arena, &missing, &text, &err));
    assert_int_equal(strlen(text), 5000);
}

static void knows_whether_there_is_anything_to_replace(void **state)
{
    (void) state;
    assert_true(wb_has_variable(WB_STR("a${B}")));
    assert_false(wb_has_variable(WB_STR("a$B$$")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaces_variables_and_their_defaults),
        cmocka_unit_test(gathers_the_variables_that_are_not_set),
        cmocka_unit_test(finds_nothing_set_without_an_environment),
        cmocka_unit_test(refuses_what_has_no_meaning),
        cmocka_unit_test(nests_eight_defaults_and_no_more),
        cmocka_unit_test(bounds_the_length_of_a_value),
        cmocka_unit_test(knows_whether_there_is_anything_to_replace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
