#include "sql/sqlite_section.h"

#include "sql/token_reader.h"

/* A table that the section has dropped or moved away. */
typedef struct gone_table {
    const char *name;
    bool was_dropped; /* else it was moved away */
    bool is_back;     /* another one has taken the name */
} gone_table;

static void open_reader(wb_token_reader *reader, wb_str text)
{
    const wb_lexer_mode mode = {.dialect = WB_SQLITE, .brackets = true};
    wb_token_reader_open(reader, mode, text);
}

/* ---- names ---- */

/* Reads [schema.]name, in lower case: SQLite compares ASCII letters without regard to case. NULL
 * where there is none, or where it is one of the connection's own (temp.name). */
static const char *read_name(wb_token_reader *reader, wb_arena *arena)
{
    if (wb_token_reader_is_at_end(reader))
        return NULL;
    wb_str name = wb_token_unquoted(reader->text);
    bool is_temporary = wb_str_is_nocase(name, "temp");
    char *copy = wb_str_dup(arena, name);
    wb_token_reader_step(reader);
    if (wb_token_reader_accept(reader, ".")) {
        if (is_temporary)
            return NULL;
        copy = wb_str_dup(arena, wb_token_unquoted(reader->text));
        wb_token_reader_step(reader);
    }
    for (char *c = copy; *c != '\0'; c++)
        *c = wb_to_lower(*c);
    return copy;
}

static void skip_words(wb_token_reader *reader, const char *first, const char *second,
                       const char *third)
{
    if (wb_token_reader_accept(reader, first) && wb_token_reader_accept(reader, second) &&
        third != NULL)
        (void) wb_token_reader_accept(reader, third);
}

static gone_table *find_gone(const wb_sqlite_section *section, const char *name)
{
    bool is_known = section->gone != NULL && name != NULL;
    return is_known ? wb_map_get(section->gone, wb_str_from(name)) : NULL;
}

static gone_table *note_gone(wb_sqlite_section *section, const char *name, bool was_dropped)
{
    if (section->gone == NULL) {
        section->gone = wb_map_new();
        section->moved = wb_map_new();
    }
    gone_table *table = WB_NEW(section->arena, gone_table);
    *table = (gone_table){.name = name, .was_dropped = was_dropped};
    (void) wb_map_set(section->gone, wb_str_from(name), table);
    return table;
}

static void note_rebuild(wb_sqlite_section *section, const char *name, bool renames_first)
{
    section->effects.foreign_keys_off = true;
    section->effects.renames_first = section->effects.renames_first || renames_first;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): it is a list of pointers */
    WB_LIST_ADD(section->arena, &section->effects.rebuilt, name);
}

/* ---- statements ---- */

static void look_drop(wb_sqlite_section *section, wb_token_reader *reader)
{
    section->effects.may_break_programs = true;
    if (!wb_token_reader_accept(reader, "table"))
        return;
    skip_words(reader, "if", "exists", NULL);
    const char *name = read_name(reader, section->arena);
    if (name == NULL)
        return;
    gone_table *moved =
        section->moved != NULL ? wb_map_get(section->moved, wb_str_from(name)) : NULL;
    if (moved != NULL && moved->is_back)
        note_rebuild(section, moved->name, true);
    else
        (void) note_gone(section, name, true);
}

/* Another table takes this name. */
static void note_back(const wb_sqlite_section *section, const char *name)
{
    gone_table *table = find_gone(section, name);
    if (table != NULL)
        table->is_back = true;
}

static void look_alter(wb_sqlite_section *section, wb_token_reader *reader)
{
    section->effects.may_break_programs = true;
    if (!wb_token_reader_accept(reader, "table"))
        return;
    const char *from = read_name(reader, section->arena);
    if (from == NULL || !wb_token_reader_accept(reader, "rename") ||
        !wb_token_reader_accept(reader, "to"))
        return;
    const char *to = read_name(reader, section->arena);
    if (to == NULL)
        return;
    const gone_table *before = find_gone(section, to);
    if (before != NULL && before->was_dropped)
        note_rebuild(section, to, false);
    note_back(section, to);
    gone_table *moved = note_gone(section, from, false);
    (void) wb_map_set(section->moved, wb_str_from(to), moved);
}

static void look_create(wb_sqlite_section *section, wb_token_reader *reader)
{
    bool is_temporary =
        wb_token_reader_accept(reader, "temp") || wb_token_reader_accept(reader, "temporary");
    (void) wb_token_reader_accept(reader, "virtual");
    if (wb_token_reader_accept(reader, "view") || wb_token_reader_accept(reader, "trigger")) {
        section->effects.adds_programs = section->effects.adds_programs || !is_temporary;
        return;
    }
    if (is_temporary || !wb_token_reader_accept(reader, "table"))
        return;
    skip_words(reader, "if", "not", "exists");
    note_back(section, read_name(reader, section->arena));
}

/* A table that was dropped, made again and is filled again. */
static void look_insert(wb_sqlite_section *section, wb_token_reader *reader)
{
    if (section->gone == NULL)
        return;
    if (wb_token_reader_accept(reader, "or"))
        wb_token_reader_step(reader);
    if (!wb_token_reader_accept(reader, "into"))
        return;
    gone_table *table = find_gone(section, read_name(reader, section->arena));
    if (table == NULL || !table->was_dropped || !table->is_back)
        return;
    note_rebuild(section, table->name, false);
    table->was_dropped = false; /* once */
}

/* The value of the pragma; empty where it is another one, or has none. */
static wb_str foreign_keys_value(wb_token_reader *reader)
{
    const wb_str none = {0};
    wb_str name = wb_token_unquoted(reader->text);
    wb_token_reader_step(reader);
    if (wb_token_reader_accept(reader, ".")) {
        name = wb_token_unquoted(reader->text);
        wb_token_reader_step(reader);
    }
    bool is_set = wb_token_reader_accept(reader, "=") || wb_token_reader_accept(reader, "(");
    return is_set && wb_str_is_nocase(name, "foreign_keys") ? wb_token_unquoted(reader->text)
                                                            : none;
}

/* As SQLite reads a boolean: what is neither a word for true nor a number is false. */
static bool is_false(wb_str value)
{
    static const char *const truths[] = {"on", "yes", "true"};
    for (size_t i = 0; i < sizeof(truths) / sizeof(truths[0]); i++) {
        if (wb_str_is_nocase(value, truths[i]))
            return false;
    }
    uint64_t number = 0;
    return !wb_str_to_u64(value, &number) || number == 0;
}

static void take_pragma(wb_sqlite_section *section, wb_token_reader *reader)
{
    wb_str value = foreign_keys_value(reader);
    if (value.len > 0 && is_false(value))
        section->effects.foreign_keys_off = true;
}

static const struct {
    const char *verb;
    void (*look)(wb_sqlite_section *section, wb_token_reader *reader);
} verbs[] = {
    {"insert", look_insert}, {"create", look_create},  {"alter", look_alter},
    {"drop", look_drop},     {"replace", look_insert}, {"pragma", take_pragma},
};

void wb_sqlite_section_init(wb_sqlite_section *section, wb_arena *arena)
{
    *section = (wb_sqlite_section){.arena = arena};
}

void wb_sqlite_section_add(wb_sqlite_section *section, wb_str text)
{
    wb_token_reader reader;
    open_reader(&reader, text);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (wb_token_reader_accept(&reader, verbs[i].verb)) {
            verbs[i].look(section, &reader);
            return;
        }
    }
}

void wb_sqlite_section_clear(wb_sqlite_section *section)
{
    wb_map_free(section->gone);
    wb_map_free(section->moved);
    section->gone = NULL;
    section->moved = NULL;
}

bool wb_sqlite_sets_foreign_keys(wb_str text)
{
    wb_token_reader reader;
    open_reader(&reader, text);
    return wb_token_reader_accept(&reader, "pragma") && foreign_keys_value(&reader).len > 0;
}

const char *wb_sqlite_trigger_event(wb_str text)
{
    static const char *const events[] = {"INSERT", "UPDATE", "DELETE"};
    wb_token_reader reader;
    open_reader(&reader, text);
    if (!wb_token_reader_accept(&reader, "create"))
        return NULL;
    while (!wb_token_reader_accept(&reader, "trigger")) {
        if (wb_token_reader_is_at_end(&reader))
            return NULL;
        wb_token_reader_step(&reader);
    }
    skip_words(&reader, "if", "not", "exists");
    wb_token_reader_step(&reader); /* its name, which may be any word */
    if (wb_token_reader_accept(&reader, "."))
        wb_token_reader_step(&reader);
    static const char *const times[] = {"before", "after", "instead", "of"};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        (void) wb_token_reader_accept(&reader, times[i]);
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        if (wb_token_reader_accept(&reader, events[i]))
            return events[i];
    }
    return NULL;
}
