/* What the statements of a SQLite section do to the schema, as far as running them safely needs to
 * know: found by their leading words, one statement after the other, without a database.
 *
 * A rebuild is how SQLite changes what ALTER TABLE cannot: a new table, the rows copied, the old
 * one dropped, the new one in its place. Where foreign keys are enforced, DROP TABLE deletes the
 * rows first, and ON DELETE CASCADE then empties other tables without a word. */
#ifndef WB_SQL_SQLITE_SECTION_H
#define WB_SQL_SQLITE_SECTION_H

#include "base/list.h"
#include "base/map.h"
#include "base/str.h"

typedef struct wb_sqlite_effects {
    /* The section rebuilds a table or says PRAGMA foreign_keys = OFF: it is to run without foreign
     * keys, which can only be switched outside of a transaction. */
    bool foreign_keys_off;
    /* A rebuild that moves the old table away first: what refers to the table must go on doing so,
     * which needs PRAGMA legacy_alter_table. */
    bool renames_first;
    bool may_break_programs; /* changes or drops what views and triggers may use */
    bool adds_programs;      /* makes views or triggers */
    wb_text_list rebuilt;    /* names of the tables, in lower case */
} wb_sqlite_effects;

typedef struct wb_sqlite_section {
    wb_sqlite_effects effects;
    wb_arena *arena;
    wb_map *gone;  /* tables dropped or moved away, by name; NULL while there are none */
    wb_map *moved; /* the same that were moved away, by their new name */
} wb_sqlite_section;

/* Begins a section. The names in the effects live in the arena. */
void wb_sqlite_section_init(wb_sqlite_section *section, wb_arena *arena);
/* Looks at the next statement. */
void wb_sqlite_section_add(wb_sqlite_section *section, wb_str text);
/* Ends it: frees what was needed on the way. The effects stay. */
void wb_sqlite_section_clear(wb_sqlite_section *section);

/* Is it PRAGMA foreign_keys with a value? That has no effect within a transaction. */
bool wb_sqlite_sets_foreign_keys(wb_str text);

/* What fires a trigger, by the text of its CREATE TRIGGER: INSERT, UPDATE, DELETE in upper case;
 * NULL where the text is none. */
const char *wb_sqlite_trigger_event(wb_str text);

#endif
