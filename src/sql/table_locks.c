#include "sql/table_locks.h"

#include "sql/traits.h"

#include <stdio.h>

enum { MOST_PARTS = 3, MOST_PART_BYTES = 128 };

typedef struct uses_look {
    wb_token_reader reader;
    unsigned version;
    wb_table_use_fn *fn;
    void *arg;
} uses_look;

/* A table as the statement names it: the parts of its name, in the statement's own text. */
typedef struct uses_name {
    wb_str parts[MOST_PARTS];
    size_t count;
    bool only; /* without its children */
} uses_name;

/* Short names for the tables below. */
#define NONE WB_LOCK_NONE
#define RE   WB_LOCK_ROW_EXCLUSIVE
#define SUE  WB_LOCK_SHARE_UPDATE_EXCLUSIVE
#define SH   WB_LOCK_SHARE
#define SRE  WB_LOCK_SHARE_ROW_EXCLUSIVE
#define AE   WB_LOCK_ACCESS_EXCLUSIVE

/* --- names ----------------------------------------------------------------------------------- */

static bool uses_take_part(wb_token_reader *reader, uses_name *name)
{
    bool is_name = reader->token.kind == WB_TOKEN_WORD ||
                   (reader->token.kind == WB_TOKEN_NAME && reader->text.ptr[0] == '"');
    if (!is_name || name->count == MOST_PARTS || reader->text.len > MOST_PART_BYTES)
        return false;
    name->parts[name->count++] = reader->text;
    wb_token_reader_step(reader);
    return true;
}

static bool uses_take_name(wb_token_reader *reader, uses_name *ret_name)
{
    uses_name name = {.count = 0};
    do {
        if (!uses_take_part(reader, &name))
            return false;
    } while (wb_token_reader_accept(reader, "."));
    *ret_name = name;
    return true;
}

/* Steps over two words only where both stand there: a table may be called `if`. */
static bool uses_accept_both(wb_token_reader *reader, const char *first, const char *second)
{
    wb_token_reader ahead;
    wb_token_reader_copy(&ahead, reader);
    if (!wb_token_reader_accept(&ahead, first) || !wb_traits_is_word(&ahead, second))
        return false;
    wb_token_reader_step(&ahead);
    wb_token_reader_copy(reader, &ahead);
    return true;
}

static bool uses_accept_if_not_exists(wb_token_reader *reader)
{
    return uses_accept_both(reader, "IF", "NOT") && wb_token_reader_accept(reader, "EXISTS");
}

/* A name with what may stand around it: ONLY t, ONLY (t), t *. */
static bool uses_take_target(wb_token_reader *reader, uses_name *ret_name)
{
    bool only = wb_token_reader_accept(reader, "ONLY");
    bool in_group = only && wb_token_reader_accept(reader, "(");
    if (!uses_take_name(reader, ret_name) || (in_group && !wb_token_reader_accept(reader, ")")))
        return false;
    ret_name->only = only;
    if (!only)
        (void) wb_token_reader_accept(reader, "*");
    return true;
}

typedef struct uses_text {
    char bytes[WB_TABLE_NAME_MAX * 2]; /* the key's quotes come on top of the name's */
    size_t length;
} uses_text;

static void uses_add(uses_text *text, char c)
{
    text->bytes[text->length++] = c;
}

/* Adds a part of a name; folded and quoted for a key. The server folds more than ASCII only where
 * its encoding has single bytes. */
static void uses_add_part(uses_text *text, wb_str part, bool as_key)
{
    bool folds = as_key && part.ptr[0] != '"';
    if (folds)
        uses_add(text, '"');
    for (size_t i = 0; i < part.len; i++) {
        char c = part.ptr[i];
        if (folds)
            c = wb_to_lower(c);
        uses_add(text, c);
    }
    if (folds)
        uses_add(text, '"');
}

static wb_str uses_compose(uses_text *text, const uses_name *name, bool as_key)
{
    text->length = 0;
    for (size_t i = 0; i < name->count; i++) {
        if (i > 0)
            uses_add(text, '.');
        uses_add_part(text, name->parts[i], as_key);
    }
    return wb_str_make(text->bytes, text->length);
}

static void uses_tell(const uses_look *look, wb_table_use_kind kind, const uses_name *name,
                      wb_lock_mode mode, wb_lock_mode tree)
{
    if (name->count == 0 || name->count > 2 || (kind == WB_TABLE_LOCKED && mode == WB_LOCK_NONE))
        return; /* a name with the database in it is too rare to care for */
    uses_text text;
    uses_text key;
    wb_table_use use = {.kind = kind,
                        .mode = mode,
                        .tree = name->only ? WB_LOCK_NONE : tree,
                        .has_schema = name->count > 1,
                        .name = uses_compose(&text, name, false),
                        .key = uses_compose(&key, name, true)};
    if (use.name.len <= WB_TABLE_NAME_MAX)
        look->fn(look->arg, &use);
}

static void uses_tell_path(const uses_look *look)
{
    look->fn(look->arg, &(wb_table_use){.kind = WB_TABLE_PATH});
}

/* --- what several statements share ----------------------------------------------------------- */

typedef struct uses_row uses_row;
typedef void uses_look_fn(uses_look *look, const uses_row *row);

struct uses_row {
    const char *verb;    /* the first word */
    const char *pattern; /* as in sql/traits.h */
    wb_lock_mode mode;
    wb_lock_mode tree;
    uses_look_fn *look; /* NULL: nothing is locked that the text shows */
};

/* The table comes next. */
static void uses_one(uses_look *look, const uses_row *row)
{
    uses_name name;
    if (uses_take_target(&look->reader, &name))
        uses_tell(look, WB_TABLE_LOCKED, &name, row->mode, row->tree);
}

/* Tables with commas between them, each with a list of columns or not. */
static void uses_list(uses_look *look, const uses_row *row)
{
    wb_token_reader *reader = &look->reader;
    uses_name name;
    do {
        if (!uses_take_target(reader, &name))
            return;
        uses_tell(look, WB_TABLE_LOCKED, &name, row->mode, row->tree);
        if (reader->token.kind == WB_TOKEN_OPEN)
            wb_token_reader_skip_group(reader);
    } while (wb_token_reader_accept(reader, ","));
}

/* Steps to an unquoted word outside of parentheses; false where there is none. */
static bool uses_find_word(wb_token_reader *reader, const char *word)
{
    while (!wb_token_reader_is_at_end(reader)) {
        if (reader->token.kind == WB_TOKEN_OPEN)
            wb_token_reader_skip_group(reader);
        else if (wb_traits_is_word(reader, word))
            return true;
        else
            wb_token_reader_step(reader);
    }
    return false;
}

/* The table stands behind this word. */
static void uses_behind(uses_look *look, const uses_row *row, const char *word)
{
    if (!uses_find_word(&look->reader, word))
        return;
    wb_token_reader_step(&look->reader);
    uses_one(look, row);
}

static void uses_behind_on(uses_look *look, const uses_row *row)
{
    uses_behind(look, row, "ON");
}

static void uses_behind_from(uses_look *look, const uses_row *row)
{
    uses_behind(look, row, "FROM");
}

/* --- ALTER TABLE ----------------------------------------------------------------------------- */

/* What an action of ALTER TABLE is. */
typedef enum uses_other {
    NO_OTHER,
    OTHER_REFERENCED, /* the table behind REFERENCES, which may not come */
    OTHER_PARTITION,  /* ATTACH: the table that comes next, with the strongest mode */
    OTHER_DETACHED,
    OTHER_PARENT, /* INHERIT */
    OTHER_OPTIONS
} uses_other;

/* The first row that fits counts. `tree`: ALTER goes down to the children by itself. */
static const struct {
    const char *pattern;
    wb_lock_mode mode;
    wb_lock_mode tree;
    uses_other other;
} alter_rows[] = {
    {"VALIDATE CONSTRAINT", SUE, NONE, NO_OTHER},
    {"CLUSTER ON", SUE, NONE, NO_OTHER},
    {"SET WITHOUT CLUSTER", SUE, NONE, NO_OTHER},
    {"SET|RESET (", SUE, NONE, OTHER_OPTIONS},
    {"SET SCHEMA|TABLESPACE|LOGGED|UNLOGGED|ACCESS|WITHOUT", AE, NONE, NO_OTHER},
    {"ALTER ?COLUMN ~ SET STATISTICS", SUE, NONE, NO_OTHER},
    {"ALTER ?COLUMN ~ SET|RESET (", SUE, NONE, NO_OTHER},
    {"ALTER CONSTRAINT", AE, NONE, NO_OTHER},
    {"ALTER", AE, AE, NO_OTHER},
    {"ATTACH PARTITION", SUE, NONE, OTHER_PARTITION},
    {"DETACH PARTITION ~ CONCURRENTLY|FINALIZE", SUE, NONE, NO_OTHER},
    {"DETACH PARTITION", AE, NONE, OTHER_DETACHED},
    {"ENABLE|DISABLE TRIGGER", SRE, NONE, NO_OTHER},
    {"ENABLE REPLICA|ALWAYS TRIGGER", SRE, NONE, NO_OTHER},
    {"ADD CONSTRAINT ~ FOREIGN KEY", SRE, NONE, OTHER_REFERENCED},
    {"ADD FOREIGN KEY", SRE, NONE, OTHER_REFERENCED},
    {"ADD CONSTRAINT ~ UNIQUE|PRIMARY|EXCLUDE", AE, NONE, NO_OTHER},
    {"ADD UNIQUE|PRIMARY|EXCLUDE", AE, NONE, NO_OTHER},
    {"ADD", AE, AE, OTHER_REFERENCED},
    {"DROP", AE, AE, NO_OTHER},
    {"RENAME", AE, AE, NO_OTHER},
    {"INHERIT", AE, NONE, OTHER_PARENT},
    {"ENABLE|DISABLE|FORCE|NO|OWNER|OF|NOT|REPLICA", AE, NONE, NO_OTHER},
};

enum { ALTER_ROWS = sizeof(alter_rows) / sizeof(alter_rows[0]) };

/* Tells of the tables behind each REFERENCES up to the next comma outside of parentheses and
 * brackets, where the action ends; the reader then stands behind that comma. */
static bool uses_pass_action(uses_look *look, bool tell)
{
    wb_token_reader *reader = &look->reader;
    size_t brackets = 0;
    while (!wb_token_reader_is_at_end(reader)) {
        uses_name name;
        if (reader->token.kind == WB_TOKEN_OPEN) {
            wb_token_reader_skip_group(reader);
        } else if (wb_token_reader_accept(reader, "REFERENCES")) {
            if (!uses_take_name(reader, &name))
                continue;
            name.only = true;
            if (tell)
                uses_tell(look, WB_TABLE_LOCKED, &name, SRE, NONE);
        } else if (wb_token_reader_accept(reader, ",")) {
            if (brackets == 0)
                return true;
        } else {
            if (wb_str_is(reader->text, "["))
                brackets++;
            else if (wb_str_is(reader->text, "]") && brackets > 0)
                brackets--;
            wb_token_reader_step(reader);
        }
    }
    return false;
}

static void uses_other_table(uses_look *look, uses_other other, wb_lock_mode *mode)
{
    wb_token_reader *reader = &look->reader;
    wb_lock_mode child = NONE;
    uses_name name;
    switch (other) {
    case OTHER_OPTIONS:
        if (wb_traits_option(reader, "user_catalog_table") != WB_OPTION_ABSENT)
            *mode = AE;
        return;
    case OTHER_PARTITION:
        child = AE;
        break;
    case OTHER_DETACHED: /* SHARE UPDATE EXCLUSIVE before 14; not known: no word of it */
        child = look->version >= 140000 ? AE : (look->version == 0 ? NONE : SUE);
        break;
    case OTHER_PARENT:
        child = SUE;
        break;
    case OTHER_REFERENCED:
    case NO_OTHER:
        return;
    }
    if (uses_take_name(reader, &name))
        uses_tell(look, WB_TABLE_LOCKED, &name, child, NONE);
}

/* RENAME TO: the new name means a table that is locked already. */
static bool uses_rename(uses_look *look, const uses_name *table)
{
    wb_token_reader *reader = &look->reader;
    if (!uses_accept_both(reader, "RENAME", "TO"))
        return false;
    uses_tell(look, WB_TABLE_LOCKED, table, AE, NONE);
    uses_name renamed = *table;
    uses_name part;
    if (uses_take_name(reader, &part) && part.count == 1) {
        renamed.parts[renamed.count - 1] = part.parts[0];
        uses_tell(look, WB_TABLE_DROPPED, table, NONE, NONE);
        uses_tell(look, WB_TABLE_MADE, &renamed, NONE, NONE);
    }
    return true;
}

/* One lock for all actions: the strongest that any of them needs. */
static void uses_alter(uses_look *look, const uses_row *row)
{
    (void) row;
    wb_token_reader *reader = &look->reader;
    uses_name table;
    (void) uses_accept_both(reader, "IF", "EXISTS");
    if (!uses_take_target(reader, &table) || uses_rename(look, &table))
        return;
    wb_lock_mode mode = NONE;
    wb_lock_mode tree = NONE;
    bool more = true;
    while (more) {
        size_t i = 0;
        while (i < ALTER_ROWS && !wb_traits_match(reader, alter_rows[i].pattern))
            i++;
        if (i == ALTER_ROWS)
            return; /* not understood */
        wb_lock_mode own = alter_rows[i].mode;
        bool tells = alter_rows[i].other == OTHER_REFERENCED;
        if (tells) {
            (void) wb_token_reader_accept(reader, "COLUMN");
            tells = !uses_accept_if_not_exists(reader);
        } else {
            uses_other_table(look, alter_rows[i].other, &own);
        }
        mode = own > mode ? own : mode;
        tree = alter_rows[i].tree > tree ? alter_rows[i].tree : tree;
        more = uses_pass_action(look, tells);
    }
    uses_tell(look, WB_TABLE_LOCKED, &table, mode, tree);
}

/* --- other statements with their own way ------------------------------------------------------ */

/* CREATE INDEX [IF NOT EXISTS] [name] ON [ONLY] table */
static void uses_index(uses_look *look, const uses_row *row)
{
    wb_token_reader *reader = &look->reader;
    (void) uses_accept_if_not_exists(reader);
    uses_name name;
    if (!wb_traits_is_word(reader, "ON") && !uses_take_name(reader, &name))
        return;
    if (wb_token_reader_accept(reader, "ON"))
        uses_one(look, row);
}

/* What comes is a relation that the statement makes. */
static bool uses_made(uses_look *look, uses_name *ret_name, bool *ret_if_missing)
{
    *ret_if_missing = uses_accept_if_not_exists(&look->reader);
    if (!uses_take_name(&look->reader, ret_name))
        return false;
    uses_tell(look, WB_TABLE_MADE, ret_name, NONE, NONE);
    return true;
}

static void uses_create_other(uses_look *look, const uses_row *row)
{
    (void) row;
    uses_name name;
    bool if_missing = false;
    (void) uses_made(look, &name, &if_missing);
}

/* CREATE TABLE: foreign keys lock the tables they point at, PARTITION OF and INHERITS the parents.
 * Where the table may be there already, nothing is said. */
static void uses_create_table(uses_look *look, const uses_row *row)
{
    static const uses_row inherits = {.mode = SUE};
    wb_token_reader *reader = &look->reader;
    uses_name name;
    bool if_missing = false;
    if (!uses_made(look, &name, &if_missing) || if_missing)
        return;
    if (uses_accept_both(reader, "PARTITION", "OF"))
        uses_one(look, row);
    size_t depth = 0;
    while (!wb_token_reader_is_at_end(reader)) {
        if (depth == 0 && wb_traits_is_word(reader, "AS"))
            return; /* a query; those of GENERATED ... AS are in parentheses */
        if (wb_token_reader_accept(reader, "REFERENCES")) {
            if (!uses_take_name(reader, &name))
                continue;
            name.only = true;
            uses_tell(look, WB_TABLE_LOCKED, &name, SRE, NONE);
        } else if (depth == 0 && wb_token_reader_accept(reader, "INHERITS")) {
            if (wb_token_reader_accept(reader, "("))
                uses_list(look, &inherits);
        } else {
            depth += reader->token.kind == WB_TOKEN_OPEN ? 1 : 0;
            depth -= reader->token.kind == WB_TOKEN_CLOSE && depth > 0 ? 1 : 0;
            wb_token_reader_step(reader);
        }
    }
}

static void uses_drop(uses_look *look, const uses_row *row)
{
    wb_token_reader *reader = &look->reader;
    (void) uses_accept_both(reader, "IF", "EXISTS");
    uses_name name;
    do {
        if (!uses_take_name(reader, &name))
            return;
        uses_tell(look, WB_TABLE_LOCKED, &name, row->mode, row->tree);
        uses_tell(look, WB_TABLE_DROPPED, &name, NONE, NONE);
    } while (wb_token_reader_accept(reader, ","));
}

/* COMMENT ON COLUMN [schema.]table.column */
static void uses_column(uses_look *look, const uses_row *row)
{
    uses_name name;
    if (!uses_take_name(&look->reader, &name))
        return;
    name.count--;
    uses_tell(look, WB_TABLE_LOCKED, &name, row->mode, row->tree);
}

static void uses_copy(uses_look *look, const uses_row *row)
{
    wb_token_reader *reader = &look->reader;
    uses_name name;
    if (!uses_take_name(reader, &name))
        return;
    if (reader->token.kind == WB_TOKEN_OPEN)
        wb_token_reader_skip_group(reader);
    if (wb_traits_is_word(reader, "FROM"))
        uses_tell(look, WB_TABLE_LOCKED, &name, row->mode, row->tree);
}

/* The mode of LOCK TABLE a, b IN ... MODE stands behind the names, so they are read twice. */
static void uses_lock(uses_look *look, const uses_row *row)
{
    wb_token_reader *reader = &look->reader;
    uses_row found = *row;
    wb_token_reader names;
    wb_token_reader_copy(&names, reader);
    if (uses_find_word(reader, "IN")) {
        wb_token_reader_step(reader);
        found.mode = NONE;
        for (unsigned mode = WB_LOCK_ACCESS_SHARE; mode < WB_LOCK_MODE_COUNT; mode++) {
            char pattern[64];
            (void) snprintf(pattern, sizeof(pattern), "%s MODE",
                            wb_lock_mode_name((wb_lock_mode) mode));
            if (wb_traits_match(reader, pattern))
                found.mode = (wb_lock_mode) mode;
        }
    }
    found.tree = found.mode;
    wb_token_reader_copy(reader, &names);
    uses_list(look, &found);
}

/* REINDEX (CONCURRENTLY) TABLE t locks as little as with the word. */
static void uses_reindex(uses_look *look, const uses_row *row)
{
    wb_token_reader *reader = &look->reader;
    if (reader->token.kind == WB_TOKEN_OPEN) {
        if (wb_traits_option(reader, "CONCURRENTLY") == WB_OPTION_ON)
            return;
        wb_token_reader_skip_group(reader);
    }
    if (wb_token_reader_accept(reader, "TABLE") && !wb_traits_is_word(reader, "CONCURRENTLY"))
        uses_one(look, row);
}

static bool uses_is_path(wb_str name)
{
    static const char *const names[] = {"search_path", "schema", "role", "authorization"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (wb_str_is_nocase(wb_token_unquoted(name), names[i]))
            return true;
    }
    return false;
}

static void uses_set(uses_look *look, const uses_row *row)
{
    (void) row;
    wb_token_reader *reader = &look->reader;
    (void) (wb_token_reader_accept(reader, "LOCAL") || wb_token_reader_accept(reader, "SESSION"));
    (void) wb_token_reader_accept(reader, "SESSION");
    if (uses_is_path(reader->text))
        uses_tell_path(look);
}

static void uses_path(uses_look *look, const uses_row *row)
{
    (void) row;
    uses_tell_path(look);
}

/* SELECT ... INTO table makes one; set_config('search_path', ...) is a SET. */
static void uses_select(uses_look *look, const uses_row *row)
{
    (void) row;
    wb_token_reader *reader = &look->reader;
    size_t depth = 0;
    while (!wb_token_reader_is_at_end(reader)) {
        wb_token_kind kind = reader->token.kind;
        if (kind == WB_TOKEN_STRING && uses_is_path(reader->text))
            uses_tell_path(look);
        depth += kind == WB_TOKEN_OPEN ? 1 : 0;
        depth -= kind == WB_TOKEN_CLOSE && depth > 0 ? 1 : 0;
        if (depth == 0 && wb_token_reader_accept(reader, "INTO")) {
            uses_name name;
            (void) wb_traits_match(reader, "?TEMP|TEMPORARY|UNLOGGED ?TABLE");
            if (uses_take_name(reader, &name))
                uses_tell(look, WB_TABLE_MADE, &name, NONE, NONE);
        } else {
            wb_token_reader_step(reader);
        }
    }
}

/* --- the table ------------------------------------------------------------------------------- */

#define WB_USES_TEMPORARY "?GLOBAL|LOCAL ?TEMP|TEMPORARY|UNLOGGED"

/* Of the rows of one verb the first that fits counts. */
static const uses_row uses_rows[] = {
    {"ALTER", "TABLE ALL", NONE, NONE, NULL},
    {"ALTER", "TABLE", NONE, NONE, uses_alter},
    {"ALTER", "POLICY|TRIGGER|RULE ~ ON", AE, NONE, uses_one},
    {"ANALYSE", "?VERBOSE ()", SUE, NONE, uses_list},
    {"ANALYZE", "?VERBOSE ()", SUE, NONE, uses_list},
    {"CLUSTER", "?VERBOSE ()", AE, NONE, uses_one},
    {"COMMENT", "ON TABLE", SUE, NONE, uses_one},
    {"COMMENT", "ON COLUMN", SUE, NONE, uses_column},
    {"COPY", "", RE, NONE, uses_copy},
    {"CREATE", "?UNIQUE INDEX CONCURRENTLY", NONE, NONE, NULL},
    {"CREATE", "?UNIQUE INDEX", SH, SH, uses_index},
    {"CREATE", "?OR ?REPLACE ?CONSTRAINT TRIGGER ~", SRE, NONE, uses_behind_on},
    {"CREATE", "POLICY ~ ON", AE, NONE, uses_one},
    {"CREATE", "?OR ?REPLACE RULE ~ AS ON SELECT|INSERT|UPDATE|DELETE TO", AE, NONE, uses_one},
    {"CREATE", "STATISTICS", SUE, NONE, uses_behind_from},
    {"CREATE", WB_USES_TEMPORARY " TABLE", AE, NONE, uses_create_table},
    {"CREATE",
     "?OR ?REPLACE " WB_USES_TEMPORARY " ?RECURSIVE ?MATERIALIZED|FOREIGN TABLE|VIEW|SEQUENCE",
     NONE, NONE, uses_create_other},
    {"DELETE", "FROM", RE, NONE, uses_one},
    {"DISCARD", "", NONE, NONE, uses_path},
    {"DROP", "TABLE", AE, AE, uses_drop},
    {"DROP", "TRIGGER|POLICY|RULE ?IF ?EXISTS ~ ON", AE, NONE, uses_one},
    {"INSERT", "INTO", RE, NONE, uses_one},
    {"LOCK", "?TABLE", AE, AE, uses_lock},
    {"MERGE", "INTO", RE, NONE, uses_one},
    {"REINDEX", "", SH, NONE, uses_reindex},
    {"RESET", "SEARCH_PATH|ALL|ROLE|SESSION", NONE, NONE, uses_path},
    {"SELECT", "", NONE, NONE, uses_select},
    {"SET", "", NONE, NONE, uses_set},
    {"TRUNCATE", "?TABLE", AE, AE, uses_list},
    {"UPDATE", "", RE, NONE, uses_one},
    {"WITH", "", NONE, NONE, uses_select},
};

void wb_table_uses(wb_lexer_mode mode, wb_str statement, unsigned version, wb_table_use_fn *fn,
                   void *arg)
{
    uses_look look = {.version = version, .fn = fn, .arg = arg};
    wb_token_reader *reader = &look.reader;
    wb_token_reader_open(reader, mode, statement);
    if (reader->token.kind != WB_TOKEN_WORD)
        return;
    wb_str verb = reader->text;
    wb_token_reader_step(reader);
    for (size_t i = 0; i < sizeof(uses_rows) / sizeof(uses_rows[0]); i++) {
        const uses_row *row = &uses_rows[i];
        if (wb_to_upper(verb.ptr[0]) != row->verb[0] || !wb_str_is_nocase(verb, row->verb) ||
            !wb_traits_match(reader, row->pattern))
            continue;
        if (row->look != NULL)
            row->look(&look, row);
        return;
    }
}
