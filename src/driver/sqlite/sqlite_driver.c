/* The SQLite driver: opening and closing; what runs statements is in sqlite_statement.c. */
#include "driver/sqlite/sqlite_session.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static void sqlite_close(wb_session *base)
{
    wb_sqlite_session *session = wb_sqlite_of(base);
    for (size_t i = 0; i < session->statements.count; i++)
        (void) sqlite3_finalize(session->statements.items[i]);
    if (session->is_owned)
        (void) sqlite3_close(session->db);
    wb_sqlite_unlock_all(session);
    wb_map_free(session->kept);
    wb_arena_free(session->arena);
    free(session->path);
    free(session);
}

static wb_sqlite_session *new_sqlite_session(void)
{
    wb_sqlite_session *session = wb_calloc(1, sizeof(*session));
    session->base = (wb_session){
        .driver = &wb_driver_sqlite,
        .dialect = wb_dialect_of(WB_SQLITE),
        .can = WB_CAN_TRANSACTIONAL_DDL,
        .version = (unsigned) sqlite3_libversion_number(),
        .error_offset = SIZE_MAX,
    };
    (void) snprintf(session->base.version_text, sizeof(session->base.version_text), "%s",
                    sqlite3_libversion());
    session->kept = wb_map_new();
    session->arena = wb_arena_new();
    return session;
}

static bool sqlite_open(const wb_url *url, const wb_connect_options *options, wb_session **ret,
                        wb_error *err)
{
    wb_sqlite_settings settings;
    if (!wb_sqlite_settings_read(url, options, &settings, err))
        return false;
    wb_sqlite_session *session = new_sqlite_session();
    session->is_owned = true;
    session->settings = settings;
    session->settings.vfs = wb_arena_strdup(session->arena, settings.vfs);
    session->path = wb_strdup(url->database);
    session->name = wb_arena_strdup(session->arena, options->name);
    if (wb_sqlite_file_name(session) != NULL)
        session->base.can |= WB_CAN_SESSION_LOCK;
    if (!wb_sqlite_open_file(session, err)) {
        sqlite_close(&session->base);
        return false;
    }
    *ret = &session->base;
    return true;
}

static bool sqlite_adopt(void *native, wb_session **ret, wb_error *err)
{
    (void) err; /* nothing can be wrong with an open handle */
    wb_sqlite_session *session = new_sqlite_session();
    session->db = native;
    if (wb_sqlite_file_name(session) != NULL)
        session->base.can |= WB_CAN_SESSION_LOCK;
    *ret = &session->base;
    return true;
}

/* A session of our own watches `cancelled` itself, so that a cancel in the moment before a
 * statement begins is not lost; in an adopted handle those hooks belong to the application. */
static void sqlite_cancel(wb_session *base)
{
    const wb_sqlite_session *session = wb_sqlite_of(base);
    if (!session->is_owned)
        sqlite3_interrupt(session->db);
}

/* Nothing is ever queued. */
static bool sqlite_collect(wb_session *session, wb_error *err)
{
    (void) session;
    (void) err;
    return true;
}

static bool sqlite_in_transaction(const wb_session *base)
{
    const wb_sqlite_session *session = (const wb_sqlite_session *) base;
    return sqlite3_get_autocommit(session->db) == 0;
}

/* PRAGMA busy_timeout would replace our own way of waiting, which sees a cancel. */
static void sqlite_set_file_wait(wb_session *base, unsigned timeout_ms)
{
    wb_sqlite_session *session = wb_sqlite_of(base);
    session->settings.timeout_ms = timeout_ms;
    if (!session->is_owned)
        (void) sqlite3_busy_timeout(session->db, timeout_ms < INT_MAX ? (int) timeout_ms : INT_MAX);
}

const wb_driver wb_driver_sqlite = {
    .name = "sqlite",
    .engine = WB_ENGINE_SQLITE,
    .dialect = WB_SQLITE,
    .open = sqlite_open,
    .adopt = sqlite_adopt,
    .close = sqlite_close,
    .cancel = sqlite_cancel,
    .submit = wb_sqlite_run,
    .collect = sqlite_collect,
    .query = wb_sqlite_run,
    .in_transaction = sqlite_in_transaction,
    .check = wb_sqlite_check,
    .demand_writable = wb_sqlite_demand_writable,
    .set_file_wait = sqlite_set_file_wait,
    .file_holder = wb_sqlite_file_holder,
    .try_lock = wb_sqlite_try_lock,
    .lock_holder = wb_sqlite_lock_holder,
    .unlock = wb_sqlite_unlock,
};
