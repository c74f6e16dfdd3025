#include "engine/runner_lock.h"

const char *wb_runner_lock_name(const wb_ledger *ledger)
{
    return wb_arena_printf(ledger->context->arena, "whimbrel:%s", ledger->history);
}

bool wb_runner_lock(const wb_ledger *ledger, int64_t wait_ms, wb_error *err)
{
    const wb_context *context = ledger->context;
    if ((context->session->can & WB_CAN_SESSION_LOCK) == 0 || ledger->is_pooled)
        return true;
    const char *name = wb_runner_lock_name(ledger);
    wb_waiting wait = wb_waiting_begin(context, wait_ms);
    WB_SCRATCH(tmp);
    for (;;) {
        bool taken = false;
        const char *holder = NULL;
        if (!wb_session_try_lock(context->session, name, tmp, &taken, &holder, err))
            return wb_while(err, "taking the migration lock");
        if (taken)
            return true;
        if (wb_waiting_is_over(&wait))
            return wb_waiting_fail(&wait, holder, err);
        if (!wb_waiting_more(&wait, holder, err))
            return false;
        wb_arena_clear(tmp);
    }
}

bool wb_runner_submit_unlock(const wb_ledger *ledger, wb_error *err)
{
    const wb_context *context = ledger->context;
    return (context->session->can & WB_CAN_SESSION_LOCK) == 0 || ledger->is_pooled ||
           wb_session_unlock(context->session, wb_runner_lock_name(ledger), err);
}

void wb_runner_release(const wb_ledger *ledger)
{
    wb_error ignored;
    wb_session *session = ledger->context->session;
    if (!session->lost)
        (void) (wb_runner_submit_unlock(ledger, &ignored) && wb_session_collect(session, &ignored));
}

/* SQLite waits by itself for as long as its busy_timeout says. While the write lock is sought that
 * would keep the caller from being told and from cancelling, so it is 0 then. */
static bool set_busy_timeout(const wb_context *context, unsigned timeout_ms, wb_error *err)
{
    return context->dialect->id != WB_SQLITE ||
           wb_session_execf(context->session, err, "PRAGMA busy_timeout = %u", timeout_ms);
}

bool wb_runner_begin_write(const wb_context *context, int64_t wait_ms, wb_error *err)
{
    wb_waiting wait = wb_waiting_begin(context, wait_ms);
    if (!set_busy_timeout(context, 0, err))
        return false;
    for (;;) {
        if (wb_session_begin_write(context->session, err))
            return set_busy_timeout(context, context->config->lock_timeout_ms, err);
        if (err->status != WB_E_BUSY)
            return false;
        if (wb_waiting_is_over(&wait))
            return wb_waiting_fail(&wait, "another process is writing to the database file", err);
        if (!wb_waiting_more(&wait, "another process is writing to the database file", err))
            return false;
    }
}
