#include "revision/revision_marker.h"

#include "base/suggest.h"
#include "project/duration.h"

static bool fail_at(wb_error *err, const char *path, wb_str line, unsigned number, wb_str part)
{
    (void) wb_at(err, path, number, 0);
    return wb_show(err, line, (size_t) (part.ptr - line.ptr), number, 1);
}

static bool set_transaction(wb_section *section, wb_str value)
{
    section->no_transaction = wb_str_is(value, "false");
    return section->no_transaction || wb_str_is(value, "true");
}

static bool set_lock_timeout(wb_section *section, wb_str value)
{
    unsigned ms = 0;
    if (!wb_duration_parse(value, &ms))
        return false;
    section->lock_timeout_ms = ms;
    return true;
}

static bool set_engine(wb_section *section, wb_str value)
{
    section->dialect = wb_dialect_find(value);
    return section->dialect != NULL;
}

typedef struct option {
    const char *name;
    bool (*set)(wb_section *section, wb_str value);
    const char *values;
} option;

static const option options[] = {
    {"transaction", set_transaction, "true or false"},
    {"lock_timeout", set_lock_timeout, "a time such as 5s or 500ms, or 0 for no limit"},
    {"engine", set_engine, "sqlite, postgres or mariadb"},
};
enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]) };

static const option *find_option(wb_str name)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (wb_str_is(name, options[i].name))
            return &options[i];
    }
    return NULL;
}

static bool fail_unknown_option(wb_str word, wb_str name, wb_error *err)
{
    const char *names[OPTION_COUNT];
    for (size_t i = 0; i < OPTION_COUNT; i++)
        names[i] = options[i].name;
    WB_SCRATCH(tmp);
    const char *suggestion = wb_suggest(tmp, name, names, OPTION_COUNT);
    (void) wb_fail(err, WB_E_REVISION, "unknown marker option \"%.*s\"", WB_STR_ARG(word));
    return wb_hint(err, "%s%sThe options are transaction:false, lock_timeout:5s and engine:sqlite.",
                   suggestion != NULL ? suggestion : "", suggestion != NULL ? " " : "");
}

/* Applies one `name:value`. `seen` has one bit for each option. */
static bool apply_option(wb_str word, unsigned *seen, wb_section *section, wb_error *err)
{
    size_t colon = word.len;
    bool has_colon = wb_str_find_byte(word, ':', &colon);
    wb_str name = wb_str_sub(word, 0, colon);
    const option *found = find_option(name);
    if (found == NULL)
        return fail_unknown_option(word, name, err);
    unsigned bit = 1U << (unsigned) (found - options);
    if ((*seen & bit) != 0) {
        (void) wb_fail(err, WB_E_REVISION, "the marker has the option \"%s\" twice", found->name);
        return wb_hint(err, "Keep one of them.");
    }
    *seen |= bit;
    if (has_colon && found->set(section, wb_str_from_offset(word, colon + 1)))
        return true;
    (void) wb_fail(err, WB_E_REVISION, "\"%.*s\" is not a value of the marker option \"%s\"",
                   WB_STR_ARG(wb_str_from_offset(word, colon + 1)), found->name);
    return wb_hint(err, "It takes %s, without blanks around the colon.", found->values);
}

static bool parse_options(wb_str rest, wb_str line, unsigned number, const char *path,
                          wb_section *section, wb_error *err)
{
    unsigned seen = 0;
    wb_str word;
    while (wb_str_next_word(&rest, &word)) {
        if (!apply_option(word, &seen, section, err))
            return fail_at(err, path, line, number, word);
    }
    return true;
}

/* Skips blanks, and `byte` too where it is not zero. */
static wb_str skip(wb_str text, char byte)
{
    while (text.len > 0 && (wb_is_space(text.ptr[0]) || (byte != 0 && text.ptr[0] == byte)))
        text = wb_str_from_offset(text, 1);
    return text;
}

static bool skip_word(wb_str *text, const char *word)
{
    size_t length = strlen(word);
    if (text->len < length || !wb_str_is_nocase(wb_str_sub(*text, 0, length), word))
        return false;
    *text = wb_str_from_offset(*text, length);
    return true;
}

/* Is all that is left options, so that no one wrote this as a plain comment? */
static bool has_only_options(wb_str rest)
{
    wb_str word;
    while (wb_str_next_word(&rest, &word)) {
        size_t colon = 0;
        if (!wb_str_find_byte(word, ':', &colon) || find_option(wb_str_sub(word, 0, colon)) == NULL)
            return false;
    }
    return true;
}

/* A line that is no marker only by a blank, a colon or a capital letter: "--migrate:up",
 * "-- Migrate: up", "-- migrate up". */
static bool looks_like_marker(wb_str line)
{
    wb_str rest = skip(line, 0);
    if (rest.len < 2 || rest.ptr[0] != '-' || rest.ptr[1] != '-')
        return false;
    rest = skip(rest, '-');
    if (!skip_word(&rest, "migrate"))
        return false;
    rest = skip(rest, ':');
    if (!skip_word(&rest, "up") && !skip_word(&rest, "down"))
        return false;
    if (rest.len > 0 && !wb_is_space(rest.ptr[0]))
        return false;
    return has_only_options(rest);
}

bool wb_marker_parse(wb_str line, unsigned line_number, const char *path, bool *ret_is_marker,
                     wb_section *ret_section, wb_error *err)
{
    static const char start[] = "-- migrate:";
    *ret_is_marker = false;
    if (!wb_str_has_prefix(line, WB_STR("-- migrate:"))) {
        if (!looks_like_marker(line))
            return true;
        (void) wb_fail(err, WB_E_REVISION, "this line looks like a marker but is none");
        (void) wb_hint(err, "Write it at the line's begin as \"-- migrate:up\" or "
                            "\"-- migrate:down\", or word the comment in another way.");
        return fail_at(err, path, line, line_number, line);
    }
    wb_str rest = wb_str_from_offset(line, sizeof(start) - 1);
    wb_str word = rest;
    word.len = 0;
    while (word.len < rest.len && !wb_is_space(rest.ptr[word.len]))
        word.len++;
    *ret_section = (wb_section){.direction = WB_UP, .lock_timeout_ms = -1};
    if (wb_str_is(word, "down")) {
        ret_section->direction = WB_DOWN;
    } else if (!wb_str_is(word, "up")) {
        (void) wb_fail(err, WB_E_REVISION, "\"migrate:%.*s\" is not a direction", WB_STR_ARG(word));
        (void) wb_hint(err, "Write \"-- migrate:up\" or \"-- migrate:down\", with options behind "
                            "a blank.");
        return fail_at(err, path, line, line_number, rest);
    }
    *ret_is_marker = true;
    return parse_options(wb_str_from_offset(rest, word.len), line, line_number, path, ret_section,
                         err);
}
