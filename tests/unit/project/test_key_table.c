#include "base/buf.h"
#include "base/file.h"
#include "project/key_table.h"
#include "project/url_rules.h"

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

static const char guide_path[] = WB_SOURCE_DIR "/docs/guide/configuration.md";

static wb_str read_guide(wb_arena *arena)
{
    wb_str text = {"", 0};
    wb_error err;
    if (!wb_file_read(guide_path, 1 << 20, arena, &text, &err))
        fail_msg("%s", err.message);
    return text;
}

/* The part of the guide between two comments: <!-- name --> and <!-- end of name -->. */
static wb_str part_of_guide(const char *name, wb_arena *arena)
{
    wb_str guide = read_guide(arena);
    size_t start = 0;
    size_t end = 0;
    const char *begin_mark = wb_arena_printf(arena, "<!-- %s -->\n", name);
    const char *end_mark = wb_arena_printf(arena, "<!-- end of %s -->", name);
    if (!wb_str_find(guide, wb_str_from(begin_mark), &start) ||
        !wb_str_find(guide, wb_str_from(end_mark), &end) || end < start)
        fail_msg("the guide lacks the part \"%s\"", name);
    start += strlen(begin_mark);
    return wb_str_sub(guide, start, end - start);
}

static void documents_every_key_and_no_other(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_BUF(expected, 0);
    size_t count = 0;
    const wb_config_key *keys = wb_config_keys(&count);
    wb_buf_puts(&expected,
                "| Key | Value | Default | Variable | Meaning |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        const wb_config_key *key = &keys[i];
        const char *tick = key->fallback != NULL ? "`" : "";
        const char *variable_tick = key->variable != NULL ? "`" : "";
        wb_buf_printf(&expected, "| `%s` | %s | %s%s%s | %s%s%s | %s |\n", key->name,
                      wb_config_key_type_text(key, arena), tick,
                      key->fallback != NULL ? key->fallback : "", tick, variable_tick,
                      key->variable != NULL ? key->variable : "", variable_tick, key->help);
    }
    wb_str shown = part_of_guide("keys", arena);
    assert_string_equal(wb_str_dup(arena, shown), wb_buf_text(&expected));
}

static void documents_every_parameter_of_urls_and_no_other(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_BUF(expected, 0);
    static const wb_engine engines[] = {WB_ENGINE_SQLITE, WB_ENGINE_POSTGRES, WB_ENGINE_MARIADB};
    for (size_t e = 0; e < 3; e++) {
        const wb_url_rule_set *set = wb_url_rules(engines[e]);
        const char *separator = "";
        wb_buf_printf(&expected, "- **%s** understands", set->engine);
        for (int ignored = 0; ignored <= 1; ignored++) {
            if (ignored == 1)
                wb_buf_puts(&expected, "; ignored are");
            separator = " ";
            for (size_t i = 0; i < set->count; i++) {
                if ((set->rules[i].action == WB_URL_IGNORE) != (ignored == 1))
                    continue;
                wb_buf_printf(&expected, "%s`%s`", separator, set->rules[i].name);
                separator = ", ";
            }
        }
        wb_buf_puts(&expected, ".\n");
    }
    /* The guide breaks its lines; a break is as good as a blank. */
    wb_str part = part_of_guide("parameters", arena);
    WB_AUTO_BUF(shown, 0);
    for (size_t i = 0; i < part.len; i++) {
        bool is_break =
            part.ptr[i] == '\n' && wb_str_has_prefix(wb_str_from_offset(part, i + 1), WB_STR("  "));
        wb_buf_add(&shown, is_break ? " " : part.ptr + i, 1);
        i += is_break ? 2 : 0;
    }
    assert_string_equal(wb_buf_text(&shown), wb_buf_text(&expected));
}

static void has_names_and_variables_that_fit_each_other(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    size_t count = 0;
    const wb_config_key *keys = wb_config_keys(&count);
    assert_true(count <= WB_CONFIG_KEY_MAX);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(wb_config_key_find(keys[i].name),
                         &keys[i]); /* so there is no second one */
        char *variable = wb_arena_printf(arena, "WHIMBREL_%s", keys[i].name);
        char *dot = strchr(variable, '.');
        if (dot != NULL)
            *dot = '_';
        for (char *c = variable; *c != '\0'; c++)
            *c = wb_to_upper(*c);
        if (keys[i].variable != NULL)
            assert_string_equal(keys[i].variable, variable);
        assert_int_equal(keys[i].help[strlen(keys[i].help) - 1], '.');
        assert_int_equal(keys[i].choices != NULL, keys[i].type == WB_KEY_CHOICE);
        assert_int_equal(keys[i].is_secret, keys[i].type == WB_KEY_URL);
    }
    assert_null(wb_config_key_find("none"));
    assert_null(wb_config_key_find(""));
}

static void has_rules_of_urls_that_can_all_be_reached(void **state)
{
    (void) state;
    static const wb_engine engines[] = {WB_ENGINE_SQLITE, WB_ENGINE_POSTGRES, WB_ENGINE_MARIADB};
    for (size_t e = 0; e < 3; e++) {
        const wb_url_rule_set *set = wb_url_rules(engines[e]);
        for (size_t i = 0; i < set->count; i++) {
            const wb_url_rule *rule = &set->rules[i];
            if (wb_url_find_rule(set, rule->name) != rule)
                fail_msg("%s: %s is there twice", set->engine, rule->name);
            assert_int_equal(rule->choices != NULL, rule->action == WB_URL_CHOICE);
            assert_int_equal(rule->told == NULL, rule->action >= WB_URL_USER);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_every_key_and_no_other),
        cmocka_unit_test(documents_every_parameter_of_urls_and_no_other),
        cmocka_unit_test(has_names_and_variables_that_fit_each_other),
        cmocka_unit_test(has_rules_of_urls_that_can_all_be_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
