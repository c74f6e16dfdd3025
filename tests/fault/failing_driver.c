#include "failing_driver.h"

#include "base/list.h"
#include "engine/ledger_sql.h"

#include <stdio.h>
#include <stdlib.h>

enum { BACKEND = 4242 };
#define BACKEND_TEXT "4242"

fault_plan the_fault;

bool __wrap_wb_driver_find(wb_engine engine, const wb_driver **ret_driver, wb_error *err);
const char *__real_wb_ledger_query_text(wb_dialect_id dialect, wb_ledger_query query);
const char *__wrap_wb_ledger_query_text(wb_dialect_id dialect, wb_ledger_query query);

typedef struct queued {
    wb_request request;
    wb_value args[12];
} queued;

typedef struct failing_session {
    wb_session base;
    wb_session *inner; /* NULL once it is lost */
    bool has_failed;   /* a server's transaction that takes nothing but ROLLBACK */
    WB_LIST(queued) queue;
    wb_arena *arena; /* of the queue */
} failing_session;

static failing_session *of(wb_session *session)
{
    return (failing_session *) session;
}

static bool is_server(const failing_session *session)
{
    return session->base.dialect->id == WB_POSTGRES;
}

/* ---- the fault ---- */

/* Is this call the one? */
static bool is_due(fault_call call)
{
    fault_plan *fault = &the_fault;
    if (fault->kind == NULL || fault->kind->call != call)
        return false;
    fault->seen++;
    if (fault->seen < fault->nth || (fault->is_hit && !fault->kind->is_lasting))
        return false;
    if (fault->is_hit)
        return true;
    fault->is_hit = true;
    fault->was_running = fault->is_running;
    return true;
}

static void drop_queue(failing_session *session)
{
    session->queue.items = NULL;
    session->queue.count = 0;
    session->queue.capacity = 0;
    wb_arena_clear(session->arena);
}

/* The server's side of a connection that ends: what was open is rolled back. */
static bool lose(failing_session *session, wb_error *err)
{
    wb_session_close(session->inner);
    session->inner = NULL;
    session->base.lost = true;
    return wb_fail(err, WB_E_LOST, "the connection was cut by the test");
}

/* Fails as the kind says. A cancel is one by the caller: it is the driver that makes of it what
 * it does, so true, where nothing has failed so far. */
static bool fail_as_planned(failing_session *session, wb_error *err)
{
    wb_status status = the_fault.kind->status;
    if (status == WB_E_LOST)
        return lose(session, err);
    if (status == WB_E_CANCELLED) {
        the_fault.cancel(the_fault.cancel_arg);
        return true;
    }
    return wb_fail(err, status, "the test wants this call to fail");
}

/* ---- statements ---- */

static bool begins_with(wb_str text, const char *words)
{
    size_t length = strlen(words);
    return text.len >= length &&
           wb_str_is_equal_nocase(wb_str_sub(text, 0, length), wb_str_from(words));
}

/* What only a server of PostgreSQL has, and what is no matter here. */
static bool is_setting(wb_str sql)
{
    return begins_with(sql, "SELECT pg_catalog.set_config") || begins_with(sql, "RESET ") ||
           begins_with(sql, "SET ");
}

typedef struct forwarding {
    const wb_request *request;
    uint64_t affected;
} forwarding;

static bool forward_row(void *arg, const wb_row *row, wb_error *err)
{
    const forwarding *work = arg;
    return work->request->row(work->request->arg, row, err);
}

static void take_affected(void *arg, const wb_answer *answer)
{
    ((forwarding *) arg)->affected = answer->rows_affected;
}

static bool run_inner(failing_session *session, const wb_request *request, uint64_t *ret_affected,
                      wb_error *err)
{
    forwarding work = {.request = request};
    wb_request inner = *request;
    inner.row = request->row != NULL ? forward_row : NULL;
    inner.answer = take_affected;
    inner.arg = &work;
    inner.keep = false; /* its text is kept for as long as the queue */
    bool ok = session->inner->driver->query(session->inner, &inner, err);
    *ret_affected = work.affected;
    session->base.error_offset = session->inner->error_offset;
    return ok;
}

/* As a server: a transaction that has failed takes only its end. */
static bool run_on_server(failing_session *session, const wb_request *request, uint64_t *ret,
                          wb_error *err)
{
    wb_session *inner = session->inner;
    wb_str sql = request->sql;
    bool is_open = inner->driver->in_transaction(inner);
    bool ends = begins_with(sql, "ROLLBACK") || begins_with(sql, "COMMIT");
    if (is_setting(sql) && !session->has_failed)
        return true;
    if (ends && !is_open)
        return true;
    if (session->has_failed && !ends) {
        (void) wb_fail(err, WB_E_QUERY, "the transaction has failed");
        (void) snprintf(err->sqlstate, sizeof(err->sqlstate), "25P02");
        return false;
    }
    if (session->has_failed && begins_with(sql, "COMMIT")) {
        session->has_failed = false;
        return wb_session_exec(inner, WB_STR("ROLLBACK"), err);
    }
    bool ok = run_inner(session, request, ret, err);
    session->has_failed = ok ? session->has_failed && !ends : is_open;
    if (!ok && strstr(err->message, "no such table") != NULL)
        (void) snprintf(err->sqlstate, sizeof(err->sqlstate), "42P01");
    return ok;
}

static bool run_request(failing_session *session, const wb_request *request, uint64_t *ret,
                        wb_error *err)
{
    return is_server(session) ? run_on_server(session, request, ret, err)
                              : run_inner(session, request, ret, err);
}

/* Runs a statement, or fails before or after. */
static bool run_or_fail(failing_session *session, const wb_request *request, bool is_cut,
                        uint64_t *ret, wb_error *err)
{
    bool is_after = the_fault.kind != NULL && the_fault.kind->is_after;
    if (is_cut && !is_after && !fail_as_planned(session, err)) {
        session->has_failed = !session->base.lost && is_server(session) &&
                              session->inner->driver->in_transaction(session->inner);
        return false;
    }
    if (!run_request(session, request, ret, err))
        return false;
    if (is_cut && is_after && !fail_as_planned(session, err)) {
        session->has_failed = !session->base.lost && is_server(session) &&
                              session->inner->driver->in_transaction(session->inner);
        return false;
    }
    return true;
}

static bool run_and_answer(failing_session *session, const wb_request *request, bool is_cut,
                           wb_error *err)
{
    wb_answer answer = {.error_offset = SIZE_MAX};
    session->base.error_offset = SIZE_MAX;
    bool ok = run_or_fail(session, request, is_cut, &answer.rows_affected, err);
    if (!ok) {
        answer.error = err;
        answer.error_offset = session->base.error_offset;
    }
    if (request->answer != NULL)
        request->answer(request->arg, &answer);
    return ok;
}

static bool failing_query(wb_session *base, const wb_request *request, wb_error *err)
{
    base->round_trips++;
    return run_and_answer(of(base), request, is_due(CALL_STATEMENT), err);
}

/* ---- the queue ---- */

static bool run_queue(failing_session *session, bool has_answers, wb_error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < session->queue.count; i++) {
        queued item = session->queue.items[i];
        uint64_t ignored = 0;
        item.request.args = item.args;
        ok = has_answers ? run_and_answer(session, &item.request, is_due(CALL_STATEMENT), err)
                         : run_request(session, &item.request, &ignored, err);
    }
    drop_queue(session);
    return ok;
}

static void enqueue(failing_session *session, const wb_request *request)
{
    queued item = {.request = *request};
    item.request.sql.ptr = wb_str_dup(session->arena, request->sql);
    for (size_t i = 0; i < request->arg_count; i++) {
        item.args[i] = request->args[i];
        if (item.args[i].kind == WB_TEXT)
            item.args[i].text.ptr = wb_str_dup(session->arena, request->args[i].text);
    }
    WB_LIST_ADD(session->arena, &session->queue, item);
}

static bool failing_submit(wb_session *base, const wb_request *request, wb_error *err)
{
    failing_session *session = of(base);
    if (!is_server(session))
        return failing_query(base, request, err);
    if (!is_due(CALL_SUBMIT)) {
        enqueue(session, request);
        return true;
    }
    return run_queue(session, true, err) && run_and_answer(session, request, true, err);
}

static bool failing_collect(wb_session *base, wb_error *err)
{
    failing_session *session = of(base);
    if (session->queue.count == 0)
        return true;
    base->round_trips++;
    if (base->lost || atomic_load(&base->cancelled)) {
        drop_queue(session);
        return wb_fail(err, base->lost ? WB_E_LOST : WB_E_CANCELLED, "nothing more is sent");
    }
    if (!is_due(CALL_COLLECT))
        return run_queue(session, true, err);
    if (!the_fault.kind->is_after)
        drop_queue(session);
    else
        (void) run_queue(session, false, err);
    return fail_as_planned(session, err);
}

/* ---- the rest ---- */

static bool failing_in_transaction(const wb_session *base)
{
    failing_session *session = (failing_session *) (uintptr_t) base;
    wb_error ignored;
    if (is_due(CALL_IN_TRANSACTION))
        (void) fail_as_planned(session, &ignored);
    return session->inner != NULL && session->inner->driver->in_transaction(session->inner);
}

static bool failing_try_lock(wb_session *base, const char *name, wb_arena *arena, bool *ret_taken,
                             const char **ret_holder, wb_error *err)
{
    failing_session *session = of(base);
    bool is_cut = is_due(CALL_TRY_LOCK);
    bool is_after = is_cut && the_fault.kind->is_after;
    if (is_cut && !is_after && !fail_as_planned(session, err))
        return false;
    bool ok = wb_session_try_lock(session->inner, name, arena, ret_taken, ret_holder, err);
    return ok && (!is_after || fail_as_planned(session, err));
}

static bool failing_unlock(wb_session *base, const char *name, wb_error *err)
{
    failing_session *session = of(base);
    bool is_cut = is_due(CALL_UNLOCK);
    if (is_cut && !the_fault.kind->is_after && !fail_as_planned(session, err))
        return false;
    if (base->lost)
        return wb_fail(err, WB_E_LOST, "nothing more is sent");
    bool ok = failing_collect(base, err) && wb_session_unlock(session->inner, name, err);
    return ok && (!is_cut || !the_fault.kind->is_after || fail_as_planned(session, err));
}

/* A statement that is only compiled can fail like one that is run. */
static bool failing_check(wb_session *base, wb_str sql, wb_error *err)
{
    failing_session *session = of(base);
    if (is_due(CALL_STATEMENT) && !fail_as_planned(session, err))
        return false;
    return wb_session_check(session->inner, sql, err);
}

static bool failing_lock_holder(wb_session *base, const char *name, wb_arena *arena,
                                wb_lock_holder *ret_holder, wb_error *err)
{
    return wb_session_lock_holder(of(base)->inner, name, arena, ret_holder, err);
}

static bool failing_demand_writable(wb_session *base, wb_error *err)
{
    return wb_session_demand_writable(of(base)->inner, err);
}

static void failing_set_file_wait(wb_session *base, unsigned timeout_ms)
{
    if (of(base)->inner != NULL)
        wb_session_set_file_wait(of(base)->inner, timeout_ms);
}

static void failing_close(wb_session *base)
{
    failing_session *session = of(base);
    wb_session_close(session->inner);
    wb_arena_free(session->arena);
    free(session);
}

static void failing_cancel(wb_session *base)
{
    if (of(base)->inner != NULL)
        wb_session_cancel(of(base)->inner);
}

static void failing_uncancel(wb_session *base)
{
    if (of(base)->inner != NULL)
        wb_session_uncancel(of(base)->inner);
}

static bool open_as(const wb_driver *driver, const wb_url *url, const wb_connect_options *options,
                    wb_session **ret, wb_error *err)
{
    wb_session *inner = NULL;
    bool is_gone = the_fault.kind != NULL && the_fault.is_hit && the_fault.kind->is_lasting;
    if (is_due(CALL_OPEN) || (is_gone && the_fault.kind->status == WB_E_LOST))
        return wb_fail(err, WB_E_CONNECT, "the test lets nobody in");
    if (!wb_driver_sqlite.open(url, options, &inner, err))
        return false;
    failing_session *session = wb_calloc(1, sizeof(*session));
    session->base = (wb_session){
        .driver = driver,
        .dialect = wb_dialect_of(driver->dialect),
        .can = inner->can,
        .version = inner->version,
        .backend_id = BACKEND,
        .error_offset = SIZE_MAX,
    };
    session->inner = inner;
    session->arena = wb_arena_new();
    *ret = &session->base;
    return true;
}

static const wb_driver failing_sqlite;
static const wb_driver failing_server;

static bool open_sqlite(const wb_url *url, const wb_connect_options *options, wb_session **ret,
                        wb_error *err)
{
    return open_as(&failing_sqlite, url, options, ret, err);
}

static bool open_server(const wb_url *url, const wb_connect_options *options, wb_session **ret,
                        wb_error *err)
{
    wb_url file = {.engine = WB_ENGINE_SQLITE, .database = wb_strdup(the_fault.file)};
    (void) url;
    bool ok = open_as(&failing_server, &file, options, ret, err);
    free((void *) (uintptr_t) file.database);
    return ok;
}

static const wb_driver failing_sqlite = {
    .name = "failing sqlite",
    .engine = WB_ENGINE_SQLITE,
    .dialect = WB_SQLITE,
    .open = open_sqlite,
    .close = failing_close,
    .cancel = failing_cancel,
    .uncancel = failing_uncancel,
    .submit = failing_submit,
    .collect = failing_collect,
    .query = failing_query,
    .in_transaction = failing_in_transaction,
    .try_lock = failing_try_lock,
    .lock_holder = failing_lock_holder,
    .unlock = failing_unlock,
    .check = failing_check,
    .demand_writable = failing_demand_writable,
    .set_file_wait = failing_set_file_wait,
};

static const wb_driver failing_server = {
    .name = "failing server",
    .engine = WB_ENGINE_POSTGRES,
    .dialect = WB_POSTGRES,
    .open = open_server,
    .close = failing_close,
    .cancel = failing_cancel,
    .uncancel = failing_uncancel,
    .submit = failing_submit,
    .collect = failing_collect,
    .query = failing_query,
    .in_transaction = failing_in_transaction,
    .try_lock = failing_try_lock,
    .lock_holder = failing_lock_holder,
    .unlock = failing_unlock,
};

bool __wrap_wb_driver_find(wb_engine engine, const wb_driver **ret_driver, wb_error *err)
{
    *ret_driver = engine == WB_ENGINE_SQLITE ? &failing_sqlite : &failing_server;
    return engine != WB_ENGINE_MARIADB || wb_fail(err, WB_E_UNSUPPORTED, "not in this test");
}

const char *__wrap_wb_ledger_query_text(wb_dialect_id dialect, wb_ledger_query query)
{
    if (dialect == WB_POSTGRES && query == WB_Q_INFO)
        return "SELECT 'main', 1, 'on', 0, " BACKEND_TEXT ", 'somebody', 'main', 1";
    return __real_wb_ledger_query_text(dialect == WB_POSTGRES ? WB_SQLITE : dialect, query);
}
