/* How far a statement is, asked by another session while it runs. */
#ifndef WB_ENGINE_PROGRESS_QUERY_H
#define WB_ENGINE_PROGRESS_QUERY_H

#include "driver/driver.h"

/* One line about what the session with this backend pid or connection id does: "building index:
 * scanning table, 45 %", "waiting for old transactions, 1 of 3 left: pid 123 (...)". NULL where it
 * is just running, has ended, or on SQLite. `observer` must be another session; it waits for
 * nothing but the server's own views. A server that does not let this user see is no failure. */
bool wb_progress_query(wb_session *observer, int64_t id, wb_arena *arena, const char **ret_text,
                       wb_error *err);

#endif
