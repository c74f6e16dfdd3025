/* The SQLite driver's own session; only files of this folder include this. */
#ifndef WB_DRIVER_SQLITE_SESSION_H
#define WB_DRIVER_SQLITE_SESSION_H

#include "base/list.h"
#include "base/map.h"
#include "driver/driver.h"

#include <sqlite3.h>

typedef struct wb_sqlite_settings {
    unsigned timeout_ms; /* how long a statement waits for another process's lock */
    int open_flags;      /* further SQLITE_OPEN_... */
    const char *vfs;     /* NULL for the default */
    bool read_only;
    bool must_exist;
    bool in_memory;
    bool is_immutable; /* nobody writes the file, so nothing is locked or checked */
    bool has_no_lock;
} wb_sqlite_settings;

typedef struct wb_sqlite_lock wb_sqlite_lock;

typedef struct wb_sqlite_session {
    wb_session base;
    sqlite3 *db;
    bool is_owned;
    bool is_absent;  /* the file is not there yet: `db` is an empty database in memory */
    bool needs_file; /* what was prepared last can't be answered by that empty database */
    wb_sqlite_settings settings;
    char *path;                         /* NULL for an adopted handle */
    int64_t wait_end_us;                /* when the wait for a lock is given up */
    wb_map *kept;                       /* text -> sqlite3_stmt */
    WB_LIST(sqlite3_stmt *) statements; /* those of `kept` */
    wb_arena *arena;                    /* of the list and of `settings` */
    const char *name;                   /* what the session is for; NULL where not known */
    wb_sqlite_lock *locks;              /* that it has, see sqlite_lock.c */
} wb_sqlite_session;

static inline wb_sqlite_session *wb_sqlite_of(wb_session *session)
{
    return (wb_sqlite_session *) session;
}

/* Reads the parameters of the URL. CONFIG for one that is not known or has a value that does not
 * fit. */
bool wb_sqlite_settings_read(const wb_url *url, const wb_connect_options *options,
                             wb_sqlite_settings *ret_settings, wb_error *err);
/* Opens the file, or, where it is absent, the empty database that stands for it. */
bool wb_sqlite_open_file(wb_sqlite_session *session, wb_error *err);
/* Replaces the empty database by the file, which this creates; an open transaction stays open. */
bool wb_sqlite_create_file(wb_sqlite_session *session, wb_error *err);
/* Did another process create the file in the meantime? */
bool wb_sqlite_file_appeared(const wb_sqlite_session *session);

/* The database's file as it is known here; NULL for one in memory. */
const char *wb_sqlite_file_name(const wb_sqlite_session *session);
bool wb_sqlite_try_lock(wb_session *session, const char *name, wb_arena *arena, bool *ret_taken,
                        const char **ret_holder, wb_error *err);
bool wb_sqlite_lock_holder(wb_session *session, const char *name, wb_arena *arena,
                           wb_lock_holder *ret_holder, wb_error *err);
bool wb_sqlite_unlock(wb_session *session, const char *name, wb_error *err);
void wb_sqlite_unlock_all(wb_sqlite_session *session);

/* Runs a statement at once; both `submit` and `query` of the driver. */
bool wb_sqlite_run(wb_session *session, const wb_request *request, wb_error *err);
/* Compiles a statement; `check` of the driver. */
bool wb_sqlite_check(wb_session *base, wb_str sql, wb_error *err);
/* sqlite_writable.c: `demand_writable` of the driver. */
bool wb_sqlite_demand_writable(wb_session *base, wb_error *err);
/* sqlite_holder.c: `file_holder` of the driver. */
const char *wb_sqlite_file_holder(wb_session *base, wb_arena *arena);
/* The database's file, NULL where it is in memory. An absolute path once the file is there. */
const char *wb_sqlite_file_path(const wb_sqlite_session *session);
/* Fills the error from what the handle says went wrong last. */
bool wb_sqlite_fail(wb_sqlite_session *session, wb_error *err);

#endif
