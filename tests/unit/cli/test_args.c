#include "../../support/test.h"
#include "cli/args.h"

enum { WORDS_MAX = 12 };

/* Parses words parted by blanks; the arena of the result is `arena`. */
static bool parse(wb_arena *arena, const char *line, wb_args *ret_args, wb_error *err)
{
    char **argv = WB_NEW_ARRAY(arena, char *, WORDS_MAX + 1);
    int argc = 0;
    argv[argc++] = wb_arena_strdup(arena, "whimbrel");
    wb_str rest = wb_str_from(line);
    wb_str word;
    while (wb_str_next_word(&rest, &word))
        argv[argc++] = wb_str_dup(arena, word);
    return wb_args_parse(arena, argc, argv, ret_args, err);
}

static const char *joined(wb_arena *arena, const wb_args *args)
{
    const char *text = "";
    for (size_t i = 0; i < args->words.count; i++)
        text = wb_arena_printf(arena, "%s%s%s", text, i > 0 ? " " : "", args->words.items[i]);
    return text;
}

static void keeps_positional_words_in_order(void **state)
{
    static const struct {
        const char *line;
        const char *command;
        const char *words;
    } cases[] = {
        {"upgrade", "upgrade", ""},
        {"upgrade a b", "upgrade", "a b"},
        {"upgrade a --dry-run b", "upgrade", "a b"},
        {"upgrade +2", "upgrade", "+2"},
        {"downgrade -1", "downgrade", "-1"},
        {"downgrade -12", "downgrade", "-12"},
        {"downgrade -q -11 -v", "downgrade", "-11"},
        {"downgrade -- -1", "downgrade", "-1"},
        {"upgrade -- --dry-run", "upgrade", "--dry-run"},
        {"-q --color never upgrade auth@-1", "upgrade", "auth@-1"},
        {"stamp -1 -2", "stamp", "-1 -2"},
    };
    (void) state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_args args;
        wb_error err = {0};
        if (!parse(arena, cases[i].line, &args, &err))
            fail_msg("%s: %s", cases[i].line, err.message);
        assert_string_equal(args.command->name, cases[i].command);
        assert_string_equal(joined(arena, &args), cases[i].words);
    }
}

static void refuses_wrong_lines_and_says_why(void **state)
{
    static const struct {
        const char *line;
        const char *message;
        const char *hint;
    } cases[] = {
        {"", "no command is given", "whimbrel init"},
        {"-1", "unknown command \"-1\"", "--help"},
        {"upgrad", "unknown command \"upgrad\"", "\"upgrade\""},
        {"upgrade --dryrun", "unknown option \"--dryrun\"", "\"--dry-run\""},
        {"upgrade --dryrun=1", "unknown option \"--dryrun\"", "\"--dry-run\""},
        {"upgrade -Z", "unknown option \"-Z\"", "upgrade --help"},
        {"upgrade -qZ", "unknown option \"-Z\"", "upgrade --help"},
        {"downgrade -1x", "unknown option \"-1\"", "downgrade --help"},
        {"downgrade -q1", "unknown option \"-1\"", "downgrade --help"},
        {"downgrade", "downgrade needs TARGET", "base"},
        {"downgrade a b", "unexpected argument \"b\"", "downgrade --help"},
        {"upgrade --var", "option \"--var\" needs a value", "--var NAME=VALUE"},
        {"upgrade --var x", "option \"--var\" takes NAME=VALUE", "="},
        {"upgrade --var =x", "option \"--var\" takes NAME=VALUE", "="},
        {"upgrade --dry-run=1", "option \"--dry-run\" takes no value", "alone"},
        {"upgrade --url a --url b", "option \"--url\" is given twice", "Leave"},
        {"upgrade --transaction al", "option \"--transaction\" cannot be \"al\"", "\"all\""},
        {"upgrade --lock-retries -1", "option \"--lock-retries\" takes a whole number", ""},
        {"upgrade --lock-timeout 1y", "option \"--lock-timeout\" takes a duration", "500ms"},
        {"completion tcsh", "SHELL cannot be \"tcsh\"", "bash"},
        {"resolve", "resolve needs REVISION", "Id of"},
    };
    (void) state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_args args;
        wb_error err = {0};
        assert_false(parse(arena, cases[i].line, &args, &err));
        assert_int_equal(err.status, WB_E_USAGE);
        if (strstr(err.message, cases[i].message) == NULL ||
            strstr(err.hint, cases[i].hint) == NULL)
            fail_msg("%s: %s / %s", cases[i].line, err.message, err.hint);
    }
}

static void reads_options_before_and_behind_the_command(void **state)
{
    WB_SCRATCH(arena);
    wb_args args;
    wb_error err = {0};
    size_t count = 0;
    (void) state;
    assert_true(parse(arena, "--only a -q upgrade --only=b x --lock-timeout 2m --lock-retries 7",
                      &args, &err));
    assert_true(wb_args_has(&args, "quiet"));
    assert_false(wb_args_has(&args, "verbose"));
    const char *const *only = wb_args_values(&args, "only", arena, &count);
    assert_int_equal(count, 2);
    assert_string_equal(only[0], "a");
    assert_string_equal(only[1], "b");
    assert_string_equal(wb_args_value(&args, "only"), "b");
    assert_int_equal(wb_args_duration(&args, "lock-timeout", 1), 120000);
    assert_int_equal(wb_args_duration(&args, "timeout", 42), 42);
    assert_int_equal(wb_args_number(&args, "lock-retries"), 7);
    assert_null(wb_args_value(&args, "url"));
}

static void help_needs_no_words(void **state)
{
    WB_SCRATCH(arena);
    wb_args args;
    wb_error err = {0};
    (void) state;
    assert_true(parse(arena, "downgrade --help", &args, &err));
    assert_true(parse(arena, "--help downgrade", &args, &err));
    assert_string_equal(args.command->name, "downgrade");
    assert_true(parse(arena, "--version", &args, &err));
    assert_null(args.command);
}

static void reads_durations(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t ms;
    } cases[] = {
        {"500ms", true, 500},
        {"10s", true, 10000},
        {"10", true, 10000},
        {"2m", true, 120000},
        {"2min", true, 120000},
        {"1h", true, 3600000},
        {"0", true, 0},
        {"none", true, -1},
        {"", false, 0},
        {"ms", false, 0},
        {"-1", false, 0},
        {"1.5s", false, 0},
        {"1 s", false, 0},
        {"99999999999999999999", false, 0},
        {"9223372036854775807h", false, 0},
    };
    (void) state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t ms = -2;
        if (wb_duration_read(cases[i].text, &ms) != cases[i].ok ||
            (cases[i].ok && ms != cases[i].ms))
            fail_msg("%s: %lld", cases[i].text, (long long) ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_positional_words_in_order),
        cmocka_unit_test(refuses_wrong_lines_and_says_why),
        cmocka_unit_test(reads_options_before_and_behind_the_command),
        cmocka_unit_test(help_needs_no_words),
        cmocka_unit_test(reads_durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
