#include "sql/meta.h"

#include "base/fail.h"

typedef enum action { SKIP, SET_VARIABLE, SET_ENCODING, REFUSE } action;

static const char no_include[] = "Put the statements of that file here, or make it a revision of "
                                 "its own.";
static const char no_result[] = "End the statement with \";\". What a query gives cannot be run or "
                                "kept; use a DO block for that.";
static const char no_branch[] = "Use a DO block with IF, or a section for each case.";
static const char no_connect[] = "A script runs in one database, as one user. Put what is for "
                                 "another database into its own revisions.";
static const char no_copy[] =
    "Use COPY ... FROM STDIN with the data behind it, up to a line \"\\.\".";
static const char no_shell[] = "Scripts run no programs of the system; take it out.";
static const char no_quit[] = "Take it out together with what stands behind it.";
static const char no_data[] = "It ends the data of COPY ... FROM STDIN, but no data are open here.";

/* The commands of psql that a script may hold. */
static const struct {
    const char *name;
    action action;
    const char *hint;
} commands[] = {
    {"restrict", SKIP, NULL}, /* since 2025 pg_dump fences its output with these two */
    {"unrestrict", SKIP, NULL},
    {"echo", SKIP, NULL},
    {"qecho", SKIP, NULL},
    {"warn", SKIP, NULL},
    {"pset", SKIP, NULL},
    {"timing", SKIP, NULL},
    {"x", SKIP, NULL},
    {"a", SKIP, NULL},
    {"t", SKIP, NULL},
    {"conninfo", SKIP, NULL},
    {"encoding", SET_ENCODING, NULL},
    {"set", SET_VARIABLE, NULL},
    {"unset", SET_VARIABLE, NULL},
    {"connect", REFUSE, no_connect},
    {"c", REFUSE, no_connect},
    {"copy", REFUSE, no_copy},
    {"i", REFUSE, no_include},
    {"ir", REFUSE, no_include},
    {"include", REFUSE, no_include},
    {"include_relative", REFUSE, no_include},
    {"g", REFUSE, no_result},
    {"gx", REFUSE, no_result},
    {"gset", REFUSE, no_result},
    {"gexec", REFUSE, no_result},
    {"gdesc", REFUSE, no_result},
    {"crosstabview", REFUSE, no_result},
    {"watch", REFUSE, no_result},
    {"if", REFUSE, no_branch},
    {"elif", REFUSE, no_branch},
    {"else", REFUSE, no_branch},
    {"endif", REFUSE, no_branch},
    {"!", REFUSE, no_shell},
    {"q", REFUSE, no_quit},
    {"quit", REFUSE, no_quit},
    {".", REFUSE, no_data},
};

/* Variables of psql that change how it behaves, not what a script means. */
static const char *const harmless_variables[] = {
    "ON_ERROR_STOP",    "ECHO",
    "ECHO_HIDDEN",      "QUIET",
    "VERBOSITY",        "SHOW_CONTEXT",
    "SHOW_ALL_RESULTS", "FETCH_COUNT",
    "HISTFILE",         "HISTCONTROL",
    "PROMPT1",          "PROMPT2",
    "PROMPT3",          "COMP_KEYWORD_CASE",
};

static bool refuse(wb_lexer *lexer, uint64_t at, wb_str name, const char *hint)
{
    const char *client = lexer->mode.dialect == WB_POSTGRES ? "psql" : "client";
    (void) wb_window_fail(lexer->window, WB_E_SYNTAX, at, "the %s command \"\\%.*s\" cannot be run",
                          client, WB_STR_ARG(name));
    return wb_window_hint(lexer->window,
                          hint != NULL ? hint : "Scripts are SQL for the server; take it out.");
}

/* The name at the start of `line`: up to a blank or the next backslash. */
static wb_str command_name(wb_str line)
{
    size_t length = 0;
    while (length < line.len && !wb_is_space(line.ptr[length]) && line.ptr[length] != '\\')
        length++;
    bool is_shell = line.len > 0 && line.ptr[0] == '!'; /* takes the whole line */
    return wb_str_sub(line, 0, is_shell ? 1 : length);
}

/* The arguments end at the line's end or at a backslash outside quotes. */
static wb_str arguments(wb_str line, size_t from)
{
    char quote = '\0';
    size_t end = from;
    for (; end < line.len && (quote != '\0' || line.ptr[end] != '\\'); end++) {
        char c = line.ptr[end];
        if (quote != '\0' && c == '\\' && quote == '\'')
            end++;
        else if (c == quote)
            quote = '\0';
        else if (quote == '\0' && (c == '\'' || c == '"' || c == '`'))
            quote = c;
    }
    return wb_str_sub(line, from, end - from);
}

static bool is_utf8(wb_str name)
{
    return name.len == 0 || wb_str_is_nocase(name, "UTF8") || wb_str_is_nocase(name, "UTF-8") ||
           wb_str_is_nocase(name, "'UTF8'") || wb_str_is_nocase(name, "UNICODE");
}

static bool is_harmless(wb_str variable)
{
    for (size_t i = 0; i < sizeof(harmless_variables) / sizeof(harmless_variables[0]); i++) {
        if (wb_str_is(variable, harmless_variables[i]))
            return true;
    }
    return variable.len == 0;
}

/* May the command be passed over? Otherwise says why not. */
static bool may_skip(wb_str name, wb_str args, const char **ret_hint)
{
    wb_str first = WB_STR("");
    (void) wb_str_next_word(&args, &first);
    *ret_hint = NULL;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (!wb_str_is(name, commands[i].name))
            continue;
        switch (commands[i].action) {
        case SKIP:
            return true;
        case SET_VARIABLE:
            *ret_hint = "There are no psql variables here. Write the value where it is used.";
            return is_harmless(first);
        case SET_ENCODING:
            *ret_hint = "Scripts are UTF-8 text; convert the file.";
            return is_utf8(first);
        case REFUSE:
            *ret_hint = commands[i].hint;
            return false;
        }
    }
    return false;
}

bool wb_meta_command(wb_lexer *lexer, const wb_token *backslash, wb_error *err)
{
    uint64_t from = lexer->offset;
    wb_str line;
    if (!wb_lexer_line(lexer, &line, err))
        return false;
    wb_str name = command_name(line);
    wb_str args = arguments(line, name.len);
    const char *hint = NULL;
    if (lexer->mode.dialect != WB_POSTGRES)
        return refuse(lexer, backslash->start, name, "End the statement with the delimiter.");
    if (!may_skip(name, args, &hint))
        return refuse(lexer, backslash->start, name, hint);
    size_t taken = name.len + args.len;
    if (taken < line.len) { /* `\\` goes back to SQL, `\x` is the next command */
        bool back_to_sql = taken + 1 < line.len && line.ptr[taken + 1] == '\\';
        lexer->offset = from + taken + (back_to_sql ? 2 : 0);
        lexer->is_line_start = false;
    }
    return true;
}

bool wb_meta_refuse_inside(wb_lexer *lexer, const wb_token *backslash, wb_error *err)
{
    wb_str line;
    if (!wb_lexer_line(lexer, &line, err))
        return false;
    return refuse(lexer, backslash->start, command_name(line),
                  "A statement ends with \";\", and a command stands on a line of its own.");
}

bool wb_meta_refuse_dot(wb_lexer *lexer, const wb_token *dot, wb_error *err)
{
    wb_str line;
    wb_str name = WB_STR("");
    if (!wb_lexer_line(lexer, &line, err))
        return false;
    (void) wb_str_next_word(&line, &name);
    (void) wb_window_fail(lexer->window, WB_E_SYNTAX, dot->start,
                          "the sqlite3 shell command \".%.*s\" cannot be run", WB_STR_ARG(name));
    return wb_window_hint(lexer->window, "Scripts are SQL for the library; take it out.");
}

/* --- DELIMITER ------------------------------------------------------------------------------- */

/* The delimiter named on the rest of the line: its first word, or what is quoted. */
static wb_str delimiter_on(wb_str line)
{
    line = wb_str_trim(line);
    if (line.len > 0 && strchr("'\"`", line.ptr[0]) != NULL) {
        size_t end = 0;
        wb_str inside = wb_str_from_offset(line, 1);
        if (wb_str_find_byte(inside, line.ptr[0], &end))
            return wb_str_sub(inside, 0, end);
    }
    wb_str word = WB_STR("");
    (void) wb_str_next_word(&line, &word);
    return word;
}

static bool set_delimiter(wb_lexer *lexer, const wb_token *word, wb_error *err)
{
    wb_str line;
    if (!wb_lexer_line(lexer, &line, err))
        return false;
    wb_str delimiter = delimiter_on(line);
    size_t at = 0;
    const char *reason = delimiter.len == 0                         ? "is missing"
                         : wb_str_find_byte(delimiter, '\\', &at)   ? "has a backslash"
                         : delimiter.len > sizeof(lexer->delimiter) ? "is too long"
                                                                    : NULL;
    if (reason != NULL) {
        (void) wb_window_fail(lexer->window, WB_E_SYNTAX, word->start,
                              "the delimiter behind DELIMITER %s", reason);
        return wb_window_hint(lexer->window, "Write for example \"DELIMITER //\".");
    }
    bool is_usual = wb_str_is(delimiter, ";");
    lexer->delimiter_length = is_usual ? 0 : (unsigned char) delimiter.len;
    memcpy(lexer->delimiter, delimiter.ptr, delimiter.len);
    return true;
}

bool wb_meta_word(wb_lexer *lexer, const wb_token *word, bool *ret_taken, wb_error *err)
{
    *ret_taken = false;
    wb_str text = wb_lexer_text(lexer, word);
    if (lexer->mode.dialect != WB_MARIADB)
        return true;
    if (text.len == 9 && wb_str_is_nocase(text, "DELIMITER")) {
        *ret_taken = true;
        return set_delimiter(lexer, word, err);
    }
    if (text.len == 6 && wb_str_is_nocase(text, "SOURCE")) {
        (void) wb_window_fail(lexer->window, WB_E_SYNTAX, word->start,
                              "the client command \"source\" cannot be run");
        return wb_window_hint(lexer->window, no_include);
    }
    return true;
}

bool wb_meta_is_delimiter_line(wb_lexer *lexer, const wb_token *word, bool *ret_is, wb_error *err)
{
    *ret_is = false;
    if (lexer->delimiter_length == 0 || !word->is_first_on_line || word->end - word->start != 9 ||
        !wb_str_is_nocase(wb_lexer_text(lexer, word), "DELIMITER"))
        return true;
    uint64_t from = lexer->offset;
    wb_str line;
    if (!wb_lexer_line(lexer, &line, err))
        return false;
    lexer->offset = from;
    lexer->is_line_start = false;
    line = wb_str_trim(line);
    *ret_is = line.len > 0;
    for (size_t i = 0; i < line.len; i++) {
        if (wb_is_alnum(line.ptr[i]) || wb_is_space(line.ptr[i]) || line.ptr[i] == '_')
            *ret_is = false;
    }
    return true;
}
