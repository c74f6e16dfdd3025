/* What callers use: the duties that are the same on every engine, around the engine's table of
 * functions. A driver is never asked to run a statement on a session that is lost or cancelled,
 * nor to run one beside the queue while something is queued. */
#include "driver/driver.h"

#include <stdarg.h>

bool wb_session_open(const wb_url *url, const wb_connect_options *options, wb_session **ret,
                     wb_error *err)
{
    static const wb_connect_options no_options = {0};
    const wb_driver *driver = NULL;
    return wb_driver_find(url->engine, &driver, err) &&
           driver->open(url, options != NULL ? options : &no_options, ret, err);
}

bool wb_session_adopt(wb_engine engine, void *native, wb_session **ret, wb_error *err)
{
    const wb_driver *driver = NULL;
    return wb_driver_find(engine, &driver, err) && driver->adopt(native, ret, err);
}

void wb_session_close(wb_session *session)
{
    if (session != NULL)
        session->driver->close(session);
}

void wb_session_cleanup(wb_session **session)
{
    wb_session_close(*session);
}

void wb_session_cancel(wb_session *session)
{
    atomic_store(&session->cancelled, true);
    if (session->driver->cancel != NULL)
        session->driver->cancel(session);
}

void wb_session_uncancel(wb_session *session)
{
    if (session->driver->uncancel != NULL)
        session->driver->uncancel(session);
    atomic_store(&session->cancelled, false);
}

/* Can a statement be run at all? */
static bool require_usable(wb_session *session, wb_error *err)
{
    if (session->lost) {
        session->error_offset = SIZE_MAX;
        wb_fail(err, WB_E_LOST, "the connection to the database was lost");
        return wb_hint(err, "Connect again; what was not committed is undone.");
    }
    if (atomic_load(&session->cancelled)) {
        session->error_offset = SIZE_MAX;
        return wb_fail(err, WB_E_CANCELLED, "the work was cancelled");
    }
    return true;
}

/* Empties the queue and makes sure that a statement can be run. */
static bool settle(wb_session *session, wb_error *err)
{
    return wb_session_collect(session, err) && require_usable(session, err);
}

bool wb_session_submit(wb_session *session, const wb_request *request, wb_error *err)
{
    bool usable = !session->lost && !atomic_load(&session->cancelled);
    if (!usable) /* the queue must be empty after a failure */
        return settle(session, err);
    return session->driver->submit(session, request, err);
}

bool wb_session_collect(wb_session *session, wb_error *err)
{
    return session->driver->collect(session, err);
}

bool wb_session_submit_sql(wb_session *session, wb_str sql, wb_error *err)
{
    return wb_session_submit(session, &(wb_request){.sql = sql}, err);
}

bool wb_session_query(wb_session *session, wb_str sql, const wb_value *args, size_t arg_count,
                      wb_row_fn *row, void *arg, wb_error *err)
{
    const wb_request request = {
        .sql = sql, .args = args, .arg_count = arg_count, .row = row, .arg = arg};
    if (!settle(session, err))
        return false;
    if (session->driver->query != NULL)
        return session->driver->query(session, &request, err);
    return session->driver->submit(session, &request, err) &&
           session->driver->collect(session, err);
}

bool wb_session_exec(wb_session *session, wb_str sql, wb_error *err)
{
    return wb_session_query(session, sql, NULL, 0, NULL, NULL, err);
}

bool wb_session_execf(wb_session *session, wb_error *err, const char *format, ...)
{
    WB_AUTO_BUF(sql, 0);
    va_list args;
    va_start(args, format);
    wb_buf_vprintf(&sql, format, args);
    va_end(args);
    return wb_session_exec(session, wb_buf_str(&sql), err);
}

bool wb_session_check(wb_session *session, wb_str sql, wb_error *err)
{
    if (session->driver->check == NULL)
        return wb_fail(err, WB_E_UNSUPPORTED, "%s cannot check a statement without running it",
                       session->driver->name);
    return settle(session, err) && session->driver->check(session, sql, err);
}

bool wb_session_begin(wb_session *session, wb_error *err)
{
    return wb_session_submit_sql(session, WB_STR("BEGIN"), err);
}

bool wb_session_begin_write(wb_session *session, wb_error *err)
{
    bool takes_lock = session->dialect->id == WB_SQLITE;
    wb_str sql = takes_lock ? WB_STR("BEGIN IMMEDIATE") : WB_STR("BEGIN");
    return wb_session_submit_sql(session, sql, err);
}

bool wb_session_commit(wb_session *session, wb_error *err)
{
    return wb_session_submit_sql(session, WB_STR("COMMIT"), err) &&
           wb_session_collect(session, err);
}

bool wb_session_rollback(wb_session *session, wb_error *err)
{
    wb_error ignored;
    (void) wb_session_collect(session, &ignored);
    bool is_known = session->driver->in_transaction != NULL && !session->lost;
    if (is_known && !session->driver->in_transaction(session))
        return true;
    return wb_session_exec(session, WB_STR("ROLLBACK"), err);
}

/* Makes `command` followed by the quoted name. */
static wb_str savepoint_sql(const wb_session *session, const char *command, const char *name,
                            wb_buf *sql)
{
    wb_buf_puts(sql, command);
    wb_sql_identifier(sql, session->dialect, wb_str_from(name));
    return wb_buf_str(sql);
}

bool wb_session_savepoint(wb_session *session, const char *name, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    return wb_session_submit_sql(session, savepoint_sql(session, "SAVEPOINT ", name, &sql), err);
}

bool wb_session_release(wb_session *session, const char *name, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    wb_str text = savepoint_sql(session, "RELEASE SAVEPOINT ", name, &sql);
    return wb_session_submit_sql(session, text, err);
}

bool wb_session_rollback_to(wb_session *session, const char *name, wb_error *err)
{
    wb_error ignored;
    (void) wb_session_collect(session, &ignored);
    WB_AUTO_BUF(sql, 0);
    wb_str text = savepoint_sql(session, "ROLLBACK TO SAVEPOINT ", name, &sql);
    return wb_session_exec(session, text, err);
}

static bool refuse_copy(const wb_session *session, wb_error *err)
{
    return wb_fail(err, WB_E_UNSUPPORTED, "%s has no COPY", session->driver->name);
}

bool wb_session_copy_begin(wb_session *session, wb_str sql, wb_error *err)
{
    if (session->driver->copy_begin == NULL)
        return refuse_copy(session, err);
    return settle(session, err) && session->driver->copy_begin(session, sql, err);
}

bool wb_session_copy_data(wb_session *session, wb_str data, wb_error *err)
{
    if (session->driver->copy_data == NULL)
        return refuse_copy(session, err);
    return session->driver->copy_data(session, data, err);
}

bool wb_session_copy_end(wb_session *session, const char *fault, uint64_t *ret_rows, wb_error *err)
{
    if (session->driver->copy_end == NULL)
        return refuse_copy(session, err);
    return session->driver->copy_end(session, fault, ret_rows, err);
}

static bool refuse_lock(const wb_session *session, wb_error *err)
{
    return wb_fail(err, WB_E_UNSUPPORTED, "%s has no locks of a session", session->driver->name);
}

bool wb_session_try_lock(wb_session *session, const char *name, wb_arena *arena, bool *ret_taken,
                         const char **ret_holder, wb_error *err)
{
    if (session->driver->try_lock == NULL)
        return refuse_lock(session, err);
    return settle(session, err) &&
           session->driver->try_lock(session, name, arena, ret_taken, ret_holder, err);
}

bool wb_session_lock_holder(wb_session *session, const char *name, wb_arena *arena,
                            wb_lock_holder *ret_holder, wb_error *err)
{
    if (session->driver->lock_holder == NULL)
        return refuse_lock(session, err);
    return settle(session, err) &&
           session->driver->lock_holder(session, name, arena, ret_holder, err);
}

bool wb_session_unlock(wb_session *session, const char *name, wb_error *err)
{
    if (session->driver->unlock == NULL)
        return refuse_lock(session, err);
    return session->driver->unlock(session, name, err);
}

bool wb_session_transaction_lock(const wb_session *session, const char *name, wb_buf *sql,
                                 wb_error *err)
{
    if (session->driver->transaction_lock == NULL)
        return refuse_lock(session, err);
    session->driver->transaction_lock(name, sql);
    return true;
}

bool wb_session_demand_writable(wb_session *session, wb_error *err)
{
    return session->driver->demand_writable == NULL ||
           session->driver->demand_writable(session, err);
}

void wb_session_set_file_wait(wb_session *session, unsigned timeout_ms)
{
    if (session->driver->set_file_wait != NULL)
        session->driver->set_file_wait(session, timeout_ms);
}

const char *wb_session_file_holder(wb_session *session, wb_arena *arena)
{
    return session->driver->file_holder != NULL ? session->driver->file_holder(session, arena)
                                                : NULL;
}

void wb_session_placeholder(const wb_session *session, unsigned number, wb_buf *sql)
{
    if (session->dialect->id == WB_POSTGRES)
        wb_buf_printf(sql, "$%u", number);
    else
        wb_buf_putc(sql, '?');
}
