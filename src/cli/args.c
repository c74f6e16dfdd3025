/* getopt_long under the option tables.
 *
 * A line is read in two passes: the global options up to the command's name, then the rest against
 * the options of the command and the global ones together. getopt_long runs in the mode in which
 * it hands over positional words in their order (the leading '-' of its option string), because a
 * word like -1 must stay positional: digits are declared as options, and a word in which nothing
 * but digits follows the dash is taken back. */
#include "cli/args.h"

#include "base/buf.h"
#include "base/suggest.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum {
    LONG_ONLY = 256, /* getopt's value of the option with index i is LONG_ONLY + i */
    OPTIONS_MAX = 64,
    POSITIONAL_WORD = 1
};

/* The options of one pass in the three forms in which they are needed. */
typedef struct option_set {
    const wb_option *rows[OPTIONS_MAX];
    size_t count;
    struct option longs[OPTIONS_MAX + 1];
    char shorts[4 * OPTIONS_MAX];
} option_set;

static void add_rows(option_set *set, const wb_option *table)
{
    for (const wb_option *row = table; row != NULL && row->name != NULL; row++) {
        assert(set->count < OPTIONS_MAX);
        set->longs[set->count] = (struct option){
            .name = row->name,
            .has_arg = row->kind == WB_VALUE_NONE ? no_argument : required_argument,
            .val = LONG_ONLY + (int) set->count,
        };
        set->rows[set->count++] = row;
    }
}

static void make_set(option_set *set, const wb_option *table, const char *mode)
{
    *set = (option_set){0};
    add_rows(set, wb_global_options);
    add_rows(set, table);
    size_t used = (size_t) snprintf(set->shorts, sizeof(set->shorts), "%s:0123456789", mode);
    for (size_t i = 0; i < set->count; i++) {
        if (set->rows[i]->letter == 0)
            continue;
        set->shorts[used++] = set->rows[i]->letter;
        if (set->rows[i]->kind != WB_VALUE_NONE)
            set->shorts[used++] = ':';
    }
    set->shorts[used] = '\0';
}

static const wb_option *row_of(const option_set *set, int code)
{
    if (code >= LONG_ONLY && (size_t) (code - LONG_ONLY) < set->count)
        return set->rows[code - LONG_ONLY];
    for (size_t i = 0; i < set->count; i++) {
        if (set->rows[i]->letter != 0 && set->rows[i]->letter == code)
            return set->rows[i];
    }
    return NULL;
}

static const char *program_of(const wb_args *args, char *text, size_t size)
{
    (void) snprintf(text, size, "whimbrel%s%s", args->command != NULL ? " " : "",
                    args->command != NULL ? args->command->name : "");
    return text;
}

static bool usage_hint(const wb_args *args, wb_error *err)
{
    char program[64];
    return wb_hint(err, "See `%s --help`.", program_of(args, program, sizeof(program)));
}

/* ---- values ---- */

bool wb_duration_read(const char *text, int64_t *ret_ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"", 1000}, {"m", 60000}, {"min", 60000}, {"h", 3600000}};
    if (strcmp(text, "none") == 0) {
        *ret_ms = -1;
        return true;
    }
    size_t digits = strspn(text, "0123456789");
    uint64_t number = 0;
    if (digits == 0 || !wb_str_to_u64(wb_str_make(text, digits), &number))
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(text + digits, units[i].unit) != 0)
            continue;
        if (number > (uint64_t) (INT64_MAX / units[i].ms))
            return false;
        *ret_ms = (int64_t) number * units[i].ms;
        return true;
    }
    return false;
}

static size_t count_of(const char *const *list)
{
    size_t count = 0;
    while (list[count] != NULL)
        count++;
    return count;
}

static bool check_choice(const char *const *choices, const char *name, const char *value,
                         wb_arena *arena, wb_error *err)
{
    WB_AUTO_BUF(list, 0);
    for (size_t i = 0; choices[i] != NULL; i++) {
        if (strcmp(choices[i], value) == 0)
            return true;
        wb_buf_printf(&list, "%s%s",
                      i == 0                   ? ""
                      : choices[i + 1] == NULL ? " or "
                                               : ", ",
                      choices[i]);
    }
    (void) wb_fail(err, WB_E_USAGE, "%s cannot be \"%s\"", name, value);
    const char *near = wb_suggest(arena, wb_str_from(value), choices, count_of(choices));
    return wb_hint(err, "It is one of %s.%s%s", wb_buf_text(&list), near != NULL ? " " : "",
                   near != NULL ? near : "");
}

/* Checks a word against its kind; `name` is how the error calls it. */
static bool check_value(wb_value_kind kind, const char *const *choices, const char *name,
                        const char *value, wb_arena *arena, wb_error *err)
{
    uint64_t number = 0;
    int64_t duration_ms = 0;
    switch (kind) {
    case WB_VALUE_CHOICE:
        return check_choice(choices, name, value, arena, err);
    case WB_VALUE_NUMBER:
        if (wb_str_to_u64(wb_str_from(value), &number))
            return true;
        return wb_fail(err, WB_E_USAGE, "%s takes a whole number, not \"%s\"", name, value);
    case WB_VALUE_DURATION:
        if (wb_duration_read(value, &duration_ms))
            return true;
        (void) wb_fail(err, WB_E_USAGE, "%s takes a duration, not \"%s\"", name, value);
        return wb_hint(err, "Write it as 500ms, 10s, 2m or 1h; 0 does not wait, none has no "
                            "limit.");
    case WB_VALUE_PAIR:
        if (strchr(value, '=') != NULL && value[0] != '=')
            return true;
        (void) wb_fail(err, WB_E_USAGE, "%s takes NAME=VALUE, not \"%s\"", name, value);
        return wb_hint(err, "Put a = between the name and its value.");
    case WB_VALUE_NONE:
    case WB_VALUE_TEXT:
    case WB_VALUE_FILE:
    case WB_VALUE_FOLDER:
    case WB_VALUE_REVISION:
    case WB_VALUE_DATABASE:
    case WB_VALUE_COMMAND:
        break;
    }
    return true;
}

/* ---- faults ---- */

static bool fail_unknown(const wb_args *args, const option_set *set, const char *word,
                         wb_arena *arena, wb_error *err)
{
    if (word[0] != '-' || word[1] != '-') {
        (void) wb_fail(err, WB_E_USAGE, "unknown option \"-%c\"", optopt);
        return usage_hint(args, err);
    }
    size_t length = strcspn(word, "=");
    (void) wb_fail(err, WB_E_USAGE, "unknown option \"%.*s\"", (int) length, word);
    const char *names[OPTIONS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->rows[i]->hidden)
            names[count++] = wb_arena_printf(arena, "--%s", set->rows[i]->name);
    }
    const char *near = wb_suggest(arena, wb_str_make(word, length), names, count);
    if (near == NULL)
        return usage_hint(args, err);
    return wb_hint(err, "%s", near);
}

static bool fail_option(const wb_args *args, const option_set *set, int code, const char *word,
                        wb_arena *arena, wb_error *err)
{
    const wb_option *row = row_of(set, optopt);
    if (code == ':' && row != NULL) {
        (void) wb_fail(err, WB_E_USAGE, "option \"--%s\" needs a value", row->name);
        return wb_hint(err, "Write --%s %s.", row->name, row->value);
    }
    if (row != NULL && optopt >= LONG_ONLY) {
        (void) wb_fail(err, WB_E_USAGE, "option \"--%s\" takes no value", row->name);
        return wb_hint(err, "Write --%s alone.", row->name);
    }
    return fail_unknown(args, set, word, arena, err);
}

/* ---- passes ---- */

static bool add_option(wb_args *args, const wb_option *row, const char *value, wb_arena *arena,
                       wb_error *err)
{
    if (row->kind != WB_VALUE_NONE) {
        char name[64];
        (void) snprintf(name, sizeof(name), "option \"--%s\"", row->name);
        if (!check_value(row->kind, row->choices, name, value, arena, err))
            return false;
    }
    for (size_t i = 0; i < args->options.count; i++) {
        if (args->options.items[i].option == row && row->kind != WB_VALUE_NONE && !row->repeats) {
            (void) wb_fail(err, WB_E_USAGE, "option \"--%s\" is given twice", row->name);
            return wb_hint(err, "Leave one of them out.");
        }
    }
    WB_LIST_ADD(arena, &args->options, ((wb_arg){row, value}));
    return true;
}

static bool is_negative_number(const char *word)
{
    return word[0] == '-' && word[1] != '\0' && word[1 + strspn(word + 1, "0123456789")] == '\0';
}

/* One pass over argv from its second word. `ret_next` is the first word that was not read. */
static bool run_pass(wb_args *args, const option_set *set, int argc, char *const *argv,
                     wb_arena *arena, int *ret_next, wb_error *err)
{
    int taken = 0; /* index of the last word that was taken back as a number */
    opterr = 0;
    optind = 0; /* glibc: begin anew, with the mode of this option string */
    for (;;) {
        int word = optind == 0 ? 1 : optind;
        /* getopt_long keeps state between calls; only the main thread parses. */
        int code = getopt_long( // NOLINT(concurrency-mt-unsafe)
            argc, argv, set->shorts, set->longs, NULL);
        if (code == -1)
            break;
        if (code == POSITIONAL_WORD) {
            WB_LIST_ADD(arena, &args->words, optarg);
            continue;
        }
        if (code >= '0' && code <= '9') {
            if (taken == word)
                continue;
            if (!is_negative_number(argv[word])) {
                optopt = code;
                return fail_unknown(args, set, argv[word], arena, err);
            }
            taken = word;
            WB_LIST_ADD(arena, &args->words, argv[word]);
            continue;
        }
        if (code == '?' || code == ':')
            return fail_option(args, set, code, argv[word], arena, err);
        if (!add_option(args, row_of(set, code), optarg, arena, err))
            return false;
    }
    *ret_next = optind;
    return true;
}

bool wb_args_fail_command(const char *name, wb_arena *arena, wb_error *err)
{
    const char *names[64];
    size_t count = 0;
    for (; wb_commands[count] != NULL; count++)
        names[count] = wb_commands[count]->name;
    (void) wb_fail(err, WB_E_USAGE, "unknown command \"%s\"", name);
    const char *near = wb_suggest(arena, wb_str_from(name), names, count);
    if (near == NULL)
        return wb_hint(err, "See `whimbrel --help` for all commands.");
    return wb_hint(err, "%s", near);
}

/* Are the positional words as many, and of the kinds, that the command takes? */
static bool check_words(const wb_args *args, wb_arena *arena, wb_error *err)
{
    size_t index = 0;
    for (const wb_positional *row = args->command->positionals; row != NULL && row->name != NULL;
         row++) {
        if (index >= args->words.count && !row->optional) {
            (void) wb_fail(err, WB_E_USAGE, "%s needs %s", args->command->name, row->name);
            return wb_hint(err, "%s See `whimbrel %s --help`.", row->help, args->command->name);
        }
        for (bool more = true; more && index < args->words.count; index++) {
            if (!check_value(row->kind, row->choices, row->name, args->words.items[index], arena,
                             err))
                return false;
            more = row->repeats;
        }
    }
    if (index >= args->words.count)
        return true;
    (void) wb_fail(err, WB_E_USAGE, "unexpected argument \"%s\"", args->words.items[index]);
    return usage_hint(args, err);
}

bool wb_args_parse(wb_arena *arena, int argc, char *const *argv, wb_args *ret_args, wb_error *err)
{
    *ret_args = (wb_args){0};
    option_set set;
    int next = 0;
    make_set(&set, NULL, "+");
    if (!run_pass(ret_args, &set, argc, argv, arena, &next, err))
        return false;
    bool told = wb_args_has(ret_args, "help") || wb_args_has(ret_args, "version");
    const char *name = ret_args->words.count > 0 ? ret_args->words.items[0]
                       : next < argc             ? argv[next]
                                                 : NULL;
    if (name == NULL) {
        if (told)
            return true;
        (void) wb_fail(err, WB_E_USAGE, "no command is given");
        return wb_hint(err, "Begin with `whimbrel init`, or see `whimbrel --help`.");
    }
    ret_args->command = wb_command_find(name);
    if (ret_args->command == NULL)
        return wb_args_fail_command(name, arena, err);
    make_set(&set, ret_args->command->options, "-");
    /* The command's name stands where getopt expects the program's. */
    argc -= next;
    argv += next;
    if (!run_pass(ret_args, &set, argc, argv, arena, &next, err))
        return false;
    for (; next < argc; next++) /* what stands behind a "--" */
        WB_LIST_ADD(arena, &ret_args->words, argv[next]);
    told = wb_args_has(ret_args, "help") || wb_args_has(ret_args, "version");
    return told || check_words(ret_args, arena, err);
}

/* ---- results ---- */

static const wb_arg *last_of(const wb_args *args, const char *name)
{
    for (size_t i = args->options.count; i > 0; i--) {
        if (strcmp(args->options.items[i - 1].option->name, name) == 0)
            return &args->options.items[i - 1];
    }
    return NULL;
}

bool wb_args_has(const wb_args *args, const char *name)
{
    return last_of(args, name) != NULL;
}

const char *wb_args_value(const wb_args *args, const char *name)
{
    const wb_arg *arg = last_of(args, name);
    return arg != NULL ? arg->value : NULL;
}

const char *const *wb_args_values(const wb_args *args, const char *name, wb_arena *arena,
                                  size_t *ret_count)
{
    WB_LIST(const char *) values = {0};
    for (size_t i = 0; i < args->options.count; i++) {
        if (strcmp(args->options.items[i].option->name, name) == 0)
            WB_LIST_ADD(arena, &values, args->options.items[i].value);
    }
    *ret_count = values.count;
    return values.items;
}

int64_t wb_args_duration(const wb_args *args, const char *name, int64_t otherwise)
{
    const char *value = wb_args_value(args, name);
    int64_t duration_ms = otherwise;
    if (value != NULL)
        (void) wb_duration_read(value, &duration_ms); /* was checked when it was parsed */
    return duration_ms;
}

uint64_t wb_args_number(const wb_args *args, const char *name)
{
    const char *value = wb_args_value(args, name);
    uint64_t number = 0;
    if (value != NULL)
        (void) wb_str_to_u64(wb_str_from(value), &number); /* was checked when it was parsed */
    return number;
}
