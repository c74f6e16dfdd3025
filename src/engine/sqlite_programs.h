/* Views and triggers of a SQLite database: which of them compile. */
#ifndef WB_ENGINE_SQLITE_PROGRAMS_H
#define WB_ENGINE_SQLITE_PROGRAMS_H

#include "base/map.h"
#include "engine/context.h"

/* A view or trigger that does not compile. */
typedef struct wb_broken_program {
    const char *type; /* view, trigger */
    const char *name;
    const char *reason; /* SQLite's */
    bool is_new;        /* was not there when the database was looked at last */
} wb_broken_program;

typedef WB_LIST(wb_broken_program) wb_broken_list;

/* What is known of the database; all zero: nothing yet. */
typedef struct wb_sqlite_programs {
    bool is_known;
    size_t count;    /* of views and triggers */
    wb_arena *arena; /* of the map's keys; NULL: none yet */
    wb_map *states;  /* "view name" -> whether it compiles */
} wb_sqlite_programs;

/* Looks at the database and compiles all, or `only_new` ones. Gives those that were fine or absent
 * before and do not compile now; the names live in `arena`. What needs functions, collations or
 * modules that only the application has counts as fine. */
bool wb_sqlite_programs_look(wb_sqlite_programs *programs, const wb_context *context, bool only_new,
                             wb_arena *arena, wb_broken_list *ret_broken, wb_error *err);
/* Forgets what is known. */
void wb_sqlite_programs_clear(wb_sqlite_programs *programs);

#endif
