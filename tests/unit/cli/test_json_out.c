#include "../../support/test.h"
#include "cli/json_out.h"

#include <stdlib.h>

static void assert_json(json_t *value, const char *expected)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
    json_decref(value);
}

static void bytes_that_are_no_text_do_not_break_the_json(void **state)
{
    (void) state;
    assert_json(wb_json_text("plain"), "\"plain\"");
    assert_json(wb_json_text("a\xff"
                             "b\xc3"),
                "\"a\xef\xbf\xbd"
                "b\xef\xbf\xbd\"");
    assert_json(wb_json_text("\033\"\\"), "\"\\u001B\\\"\\\\\"");
    assert_json(wb_json_text(NULL), "null");
    assert_json(wb_json_text_or_null(""), "null");
    assert_json(wb_json_time(0), "null");
    assert_json(wb_json_time(1000000), "\"1970-01-01T00:00:01Z\"");
}

static void a_plan_has_the_documented_keys_in_order(void **state)
{
    static const char *const current[] = {"a"};
    static const char *const after[] = {"b", "c"};
    static const wb_step_info steps[] = {{.revision = "b", .direction = "up"}};
    wb_plan_info plan = {.command = "upgrade",
                         .target = "default",
                         .current = current,
                         .current_count = 1,
                         .steps = steps,
                         .step_count = 1,
                         .heads_after = after,
                         .heads_after_count = 2};
    (void) state;
    assert_json(wb_json_plan(&plan),
                "{\"command\":\"upgrade\",\"target\":\"default\",\"current\":[\"a\"],\"steps\":"
                "[{\"revision\":\"b\",\"direction\":\"up\"}],\"heads_after\":[\"b\",\"c\"]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_that_are_no_text_do_not_break_the_json),
        cmocka_unit_test(a_plan_has_the_documented_keys_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
