#include "sql/script_mode.h"

#include "sql/token_reader.h"

#include <stdio.h>

/* The parts of sql_mode that change where a token ends. */
enum { ANSI_QUOTES = 1, NO_BACKSLASH = 2, ORACLE = 4, BRACKETS = 8 };

static const struct {
    const char *name;
    unsigned flags;
    uint64_t bit; /* as a number: SET sql_mode = 4 */
} mode_names[] = {
    {"ANSI_QUOTES", ANSI_QUOTES, 1U << 2},
    {"NO_BACKSLASH_ESCAPES", NO_BACKSLASH, 1U << 20},
    {"ORACLE", ANSI_QUOTES | ORACLE, 1U << 9},
    {"MSSQL", ANSI_QUOTES | BRACKETS, 1U << 10},
    {"ANSI", ANSI_QUOTES, 1U << 18},
    {"POSTGRESQL", ANSI_QUOTES, 1U << 8},
    {"DB2", ANSI_QUOTES, 1U << 11},
    {"MAXDB", ANSI_QUOTES, 1U << 12},
};

static unsigned flags_of_names(wb_str list)
{
    unsigned flags = 0;
    wb_str part;
    while (wb_str_split(&list, ',', &part)) {
        part = wb_str_trim(part);
        for (size_t i = 0; i < sizeof(mode_names) / sizeof(mode_names[0]); i++) {
            if (wb_str_is_nocase(part, mode_names[i].name))
                flags |= mode_names[i].flags;
        }
    }
    return flags;
}

static unsigned flags_of_number(wb_str number)
{
    uint64_t bits = 0;
    unsigned flags = 0;
    (void) wb_str_to_u64(number, &bits);
    for (size_t i = 0; i < sizeof(mode_names) / sizeof(mode_names[0]); i++) {
        if ((bits & mode_names[i].bit) != 0)
            flags |= mode_names[i].flags;
    }
    return flags;
}

static void set_flags(wb_script_mode *mode, unsigned flags)
{
    mode->flags = flags;
    mode->now.ansi_quotes = (flags & ANSI_QUOTES) != 0;
    mode->now.backslash = (flags & NO_BACKSLASH) == 0;
    mode->now.oracle = (flags & ORACLE) != 0;
    mode->now.brackets = (flags & BRACKETS) != 0;
}

static void set_backslash(wb_script_mode *mode, bool backslash, bool local)
{
    mode->now.backslash = backslash;
    if (!local)
        mode->session_backslash = backslash;
}

void wb_script_mode_init(wb_script_mode *mode, const wb_splitter_options *options)
{
    mode->now = (wb_lexer_mode){.dialect = options->dialect->id};
    mode->saved_count = 0;
    mode->start_flags = 0;
    mode->start_backslash = options->nonstandard_strings;
    switch (options->dialect->id) {
    case WB_SQLITE:
        mode->now.brackets = true;
        break;
    case WB_POSTGRES:
        set_backslash(mode, mode->start_backslash, false);
        break;
    case WB_MARIADB:
        mode->start_flags = flags_of_names(wb_str_from(options->sql_mode));
        set_flags(mode, mode->start_flags);
        break;
    case WB_DIALECT_COUNT:
        break;
    }
}

/* --- PostgreSQL ------------------------------------------------------------------------------ */

static const char strings_setting[] = "standard_conforming_strings";

/* Does the word mean "off"? PostgreSQL takes each unique beginning of off, no, false, and 0. */
static bool is_off(wb_str word)
{
    word = wb_token_unquoted(word);
    return wb_str_is_nocase(word, "off") || wb_str_is_nocase(word, "of") ||
           wb_str_is_nocase(word, "no") || wb_str_is_nocase(word, "n") || wb_str_is(word, "0") ||
           (word.len > 0 && word.len <= 5 &&
            wb_str_is_equal_nocase(word, wb_str_sub(WB_STR("false"), 0, word.len)));
}

static void apply_postgres_set(wb_script_mode *mode, wb_token_reader *reader)
{
    bool local = wb_token_reader_accept(reader, "LOCAL");
    if (!local)
        (void) wb_token_reader_accept(reader, "SESSION");
    if (!wb_str_is_nocase(wb_token_unquoted(reader->text), strings_setting))
        return;
    wb_token_reader_step(reader);
    if (!wb_token_reader_accept(reader, "TO") && !wb_token_reader_accept(reader, "="))
        return;
    bool is_default = wb_str_is_nocase(reader->text, "DEFAULT");
    set_backslash(mode, is_default ? mode->start_backslash : is_off(reader->text), local);
}

/* set_config('standard_conforming_strings', 'off', false), anywhere in a SELECT */
static void apply_set_config(wb_script_mode *mode, wb_token_reader *reader)
{
    while (!wb_token_reader_is_at_end(reader)) {
        if (!wb_token_reader_accept(reader, "set_config")) {
            wb_token_reader_step(reader);
            continue;
        }
        if (!wb_token_reader_accept(reader, "(") ||
            !wb_str_is_nocase(wb_token_unquoted(reader->text), strings_setting))
            continue;
        wb_token_reader_step(reader);
        (void) wb_token_reader_accept(reader, ",");
        bool off = is_off(reader->text);
        wb_token_reader_step(reader);
        (void) wb_token_reader_accept(reader, ",");
        set_backslash(mode, off, !is_off(reader->text));
    }
}

static void apply_postgres(wb_script_mode *mode, wb_str text, unsigned traits)
{
    if ((traits & WB_STMT_END) != 0) /* SET LOCAL ends with the transaction */
        mode->now.backslash = mode->session_backslash;
    if ((traits & WB_STMT_BEGIN) != 0 || text.len < 3 || strchr("sSrRdDwW", text.ptr[0]) == NULL)
        return;
    wb_token_reader reader;
    wb_token_reader_open(&reader, mode->now, text);
    if (wb_token_reader_accept(&reader, "SET")) {
        apply_postgres_set(mode, &reader);
    } else if (wb_token_reader_accept(&reader, "RESET")) {
        if (wb_token_reader_accept(&reader, "ALL") ||
            wb_token_reader_accept(&reader, strings_setting))
            set_backslash(mode, mode->start_backslash, false);
    } else if (wb_token_reader_accept(&reader, "DISCARD")) {
        if (wb_token_reader_accept(&reader, "ALL"))
            set_backslash(mode, mode->start_backslash, false);
    } else if ((traits & WB_STMT_SETTING) != 0) {
        apply_set_config(mode, &reader);
    }
}

/* --- MariaDB --------------------------------------------------------------------------------- */

static wb_saved_mode *find_saved(wb_script_mode *mode, wb_str name)
{
    for (unsigned i = 0; i < mode->saved_count; i++) {
        if (wb_str_is_nocase(name, mode->saved[i].name))
            return &mode->saved[i];
    }
    return NULL;
}

static void save_flags(wb_script_mode *mode, wb_str name, unsigned flags)
{
    wb_saved_mode *saved = find_saved(mode, name);
    if (saved == NULL && (mode->saved_count == WB_SAVED_MODES || name.len >= WB_SAVED_NAME))
        return;
    if (saved == NULL) {
        saved = &mode->saved[mode->saved_count++];
        (void) snprintf(saved->name, sizeof(saved->name), "%.*s", WB_STR_ARG(name));
    }
    saved->flags = flags;
}

/* A variable at the reader: @@sql_mode with or without a scope, @name, or a plain word. */
typedef struct variable {
    bool is_system;
    bool is_user;
    bool is_global;
    wb_str name;
} variable;

static variable read_variable(wb_token_reader *reader)
{
    variable found = {.name = WB_STR("")};
    found.is_system = wb_token_reader_accept(reader, "@@");
    found.is_user = !found.is_system && wb_token_reader_accept(reader, "@");
    if (!found.is_user) {
        found.is_global = wb_token_reader_accept(reader, "GLOBAL");
        if (!found.is_global && !wb_token_reader_accept(reader, "SESSION"))
            (void) wb_token_reader_accept(reader, "LOCAL");
        (void) wb_token_reader_accept(reader, ".");
    }
    found.name = wb_token_unquoted(reader->text);
    if (!wb_token_reader_is_at_end(reader) && reader->token.kind != WB_TOKEN_OPEN)
        wb_token_reader_step(reader);
    return found;
}

/* One operand of the value; what cannot be known leaves the flags as they are. */
static unsigned read_operand(wb_script_mode *mode, wb_token_reader *reader)
{
    if (reader->token.kind == WB_TOKEN_STRING) {
        wb_str text = wb_token_unquoted(reader->text);
        wb_token_reader_step(reader);
        return flags_of_names(text);
    }
    if (reader->token.kind == WB_TOKEN_NUMBER) {
        wb_str text = reader->text;
        wb_token_reader_step(reader);
        return flags_of_number(text);
    }
    variable from = read_variable(reader);
    if (from.is_user) {
        const wb_saved_mode *saved = find_saved(mode, from.name);
        return saved != NULL ? saved->flags : mode->flags;
    }
    if (from.is_system && wb_str_is_nocase(from.name, "sql_mode"))
        return from.is_global ? mode->start_flags : mode->flags;
    if (wb_str_is_nocase(from.name, "DEFAULT"))
        return mode->start_flags;
    return from.is_system ? mode->flags : flags_of_names(from.name);
}

/* CONCAT adds up what its operands name; REPLACE takes away its second and adds its third. They
 * may be in one another; the last function that was opened counts. */
static unsigned read_value(wb_script_mode *mode, wb_token_reader *reader)
{
    unsigned flags = 0;
    unsigned depth = 0;
    unsigned operand = 0;
    bool replaces = false;
    while (!wb_token_reader_is_at_end(reader) && (depth > 0 || !wb_str_is(reader->text, ","))) {
        if (wb_token_reader_accept(reader, "REPLACE")) {
            replaces = true;
        } else if (wb_token_reader_accept(reader, "(")) {
            depth++;
            operand = 0;
        } else if (wb_token_reader_accept(reader, ")")) {
            depth -= depth > 0 ? 1 : 0;
            replaces = false;
        } else if (wb_token_reader_accept(reader, ",")) {
            operand++;
        } else if (!wb_token_reader_accept(reader, "CONCAT") &&
                   !wb_token_reader_accept(reader, "CONCAT_WS")) {
            unsigned read = read_operand(mode, reader);
            flags = replaces && operand == 1 ? flags & ~read : flags | read;
        }
    }
    return flags;
}

static void apply_mariadb(wb_script_mode *mode, wb_str text)
{
    wb_token_reader reader;
    wb_token_reader_open(&reader, mode->now, text);
    if (!wb_token_reader_accept(&reader, "SET"))
        return;
    unsigned flags = mode->flags;
    do {
        variable target = read_variable(&reader);
        if (!wb_token_reader_accept(&reader, "=") && !wb_token_reader_accept(&reader, ":="))
            break;
        bool is_mode = wb_str_is_nocase(target.name, "sql_mode") && !target.is_user;
        unsigned value = read_value(mode, &reader);
        if (target.is_user)
            save_flags(mode, target.name, value);
        else if (is_mode && !target.is_global)
            flags = value;
    } while (wb_token_reader_accept(&reader, ","));
    set_flags(mode, flags);
}

void wb_script_mode_apply(wb_script_mode *mode, wb_str text, unsigned traits)
{
    unsigned watched = WB_STMT_SETTING | WB_STMT_BEGIN | WB_STMT_END;
    bool is_set = text.len > 3 && wb_to_lower(text.ptr[0]) == 's';
    if ((traits & watched) == 0 && !(mode->now.dialect == WB_POSTGRES && is_set))
        return;
    switch (mode->now.dialect) {
    case WB_POSTGRES:
        apply_postgres(mode, text, traits);
        return;
    case WB_MARIADB:
        if ((traits & WB_STMT_SETTING) != 0)
            apply_mariadb(mode, text);
        return;
    case WB_SQLITE:
    case WB_DIALECT_COUNT:
        return;
    }
}
