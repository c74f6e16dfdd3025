/* Rows of a SQLite database that refer to a row that is not there, before a step and after it. */
#ifndef WB_ENGINE_SQLITE_ROWS_H
#define WB_ENGINE_SQLITE_ROWS_H

#include "engine/context.h"

/* Notes those that are there now, in a temporary table of the session. `rebuilt` are tables whose
 * rows may get other numbers meanwhile. */
bool wb_sqlite_rows_note(const wb_context *context, const wb_text_list *rebuilt, wb_error *err);
/* Counts those that have come since. *ret_text, in the arena, names the first few in a sentence. */
bool wb_sqlite_rows_compare(const wb_context *context, const wb_text_list *rebuilt, wb_arena *arena,
                            uint64_t *ret_count, const char **ret_text, wb_error *err);
/* Forgets what was noted. */
bool wb_sqlite_rows_forget(const wb_context *context, wb_error *err);

#endif
