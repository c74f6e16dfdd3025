/* Who is in the way: the sessions that hold what another one waits for.
 *
 * What this user may not see of other sessions is left out. Nothing here waits for anything but
 * the server's own views. On SQLite nobody can be named. */
#ifndef WB_ENGINE_BLOCKERS_H
#define WB_ENGINE_BLOCKERS_H

#include "base/list.h"
#include "driver/driver.h"
#include "sql/lock_set.h"

typedef struct wb_blocker {
    int64_t id; /* backend pid or connection id; 0 for a prepared transaction */
    const char *user;
    const char *application; /* as the session calls itself; NULL where it does not say */
    const char
        *state; /* "active", "idle in transaction", "prepared transaction \"gid\""; or NULL */
    int64_t transaction_s; /* how long its transaction is open; -1 where not known */
    const char *query;     /* its last statement, shortened, without the texts in it; or NULL */
    bool is_certain;       /* it does block; otherwise it is only known that it could */
} wb_blocker;

typedef WB_LIST(wb_blocker) wb_blocker_list;

/* Adds the sessions that the one with this backend pid or connection id waits for now, the oldest
 * transaction first; none where it does not wait. `session` must be another one. What the server
 * has no view for, or does not let this user see, is no failure. */
bool wb_blockers_of(wb_session *session, int64_t id, wb_arena *arena, wb_blocker_list *blockers,
                    wb_error *err);
/* Adds the sessions that hold a lock which conflicts with one that is wanted, as when a wait has
 * just been given up; not those of `session` and of the session `except_id` (0: none). Where the
 * tables are not known (`count` 0, always so on MariaDB), on MariaDB all that have a transaction
 * open. */
bool wb_blockers_on(wb_session *session, const wb_table_lock *tables, size_t count,
                    int64_t except_id, wb_arena *arena, wb_blocker_list *blockers, wb_error *err);

/* Adds "pid 123 (user app, idle in transaction for 35 s, psql: UPDATE t SET name = '...')". */
void wb_blocker_text(const wb_blocker *blocker, wb_dialect_id dialect, wb_buf *text);
/* Adds the first ones, with "; " between them, and how many more there are. */
void wb_blocker_list_text(const wb_blocker_list *blockers, wb_dialect_id dialect, wb_buf *text);

#endif
