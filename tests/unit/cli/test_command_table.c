#include "../../support/test.h"
#include "base/str.h"
#include "cli/command.h"

/* A sentence or several: begins with a capital or a word that is typed, ends with a full stop. */
static void check_help(const char *command, const char *name, const char *help)
{
    if (help == NULL || !wb_str_has_suffix(wb_str_from(help), WB_STR(".")))
        fail_msg("%s %s: help is no sentence", command, name);
}

static void check_option(const char *command, const wb_option *row)
{
    check_help(command, row->name, row->help);
    if ((row->kind == WB_VALUE_NONE) != (row->value == NULL))
        fail_msg("%s --%s: a value needs a name, a flag has none", command, row->name);
    if ((row->kind == WB_VALUE_CHOICE) != (row->choices != NULL))
        fail_msg("%s --%s: choices belong to a choice", command, row->name);
    if (row->kind == WB_VALUE_NONE && row->repeats)
        fail_msg("%s --%s: a flag does not repeat", command, row->name);
}

static void every_option_is_complete_and_unique(void **state)
{
    (void) state;
    for (size_t i = 0; wb_commands[i] != NULL; i++) {
        const wb_command *command = wb_commands[i];
        for (const wb_option *row = command->options; row != NULL && row->name != NULL; row++) {
            check_option(command->name, row);
            const wb_option *tables[] = {row + 1, wb_global_options};
            for (size_t t = 0; t < 2; t++) {
                for (const wb_option *other = tables[t]; other->name != NULL; other++) {
                    if (strcmp(other->name, row->name) == 0 ||
                        (row->letter != 0 && row->letter == other->letter))
                        fail_msg("%s --%s is there twice", command->name, row->name);
                }
            }
        }
    }
    for (const wb_option *row = wb_global_options; row->name != NULL; row++)
        check_option("global", row);
}

static void every_command_explains_itself(void **state)
{
    (void) state;
    assert_non_null(wb_commands[0]);
    for (size_t i = 0; wb_commands[i] != NULL; i++) {
        const wb_command *command = wb_commands[i];
        assert_ptr_equal(wb_command_find(command->name), command);
        assert_non_null(command->run);
        check_help(command->name, "description",
                   strstr(command->description, "  ") != NULL ? "literal text at its end."
                                                              : command->description);
        assert_false(wb_str_has_suffix(wb_str_from(command->summary), WB_STR(".")));
        for (const wb_positional *row = command->positionals; row != NULL && row->name != NULL;
             row++) {
            check_help(command->name, row->name, row->help);
            if (row->repeats && row[1].name != NULL)
                fail_msg("%s: only the last word may repeat", command->name);
            if (row->optional && row[1].name != NULL && !row[1].optional)
                fail_msg("%s: %s can never be reached", command->name, row[1].name);
        }
        for (const wb_example *row = command->examples; row != NULL && row->line != NULL; row++)
            assert_true(wb_str_has_prefix(wb_str_from(row->line), wb_str_from(command->name)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_complete_and_unique),
        cmocka_unit_test(every_command_explains_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
