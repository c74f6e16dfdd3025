#include "engine/runner_lock.h"

#include "engine/cluster_lock.h"
#include "engine/lock_list.h"

const char *wb_runner_lock_name(const wb_ledger *ledger, wb_arena *arena)
{
    return wb_arena_printf(arena, "whimbrel:%s", ledger->history);
}

/* On a cluster GET_LOCK is of one node only (and some servers refuse it), so it is not used. */
static bool try_lock(const wb_ledger *ledger, wb_arena *arena, bool *ret_taken,
                     const char **ret_holder, wb_error *err)
{
    if (ledger->is_cluster)
        return wb_cluster_try_lock(ledger, arena, ret_taken, ret_holder, err);
    return wb_session_try_lock(ledger->context->session, wb_runner_lock_name(ledger, arena), arena,
                               ret_taken, ret_holder, err);
}

/* What was learned while trying, or more where more is to be had; asked only before it is shown. A
 * cluster's row has told all. */
static const char *describe_holder(const wb_ledger *ledger, wb_arena *arena, const char *known)
{
    wb_lock_info info;
    wb_error ignored;
    if (ledger->is_cluster || !wb_lock_describe(ledger, arena, &info, &ignored) || !info.is_held)
        return known;
    return info.holder;
}

bool wb_runner_lock(const wb_ledger *ledger, int64_t wait_ms, wb_error *err)
{
    const wb_context *context = ledger->context;
    if ((context->session->can & WB_CAN_SESSION_LOCK) == 0 || ledger->is_pooled)
        return true;
    wb_waiting wait = wb_waiting_begin(context, wait_ms);
    WB_SCRATCH(tmp);
    for (;;) {
        bool taken = false;
        const char *holder = NULL;
        if (!try_lock(ledger, tmp, &taken, &holder, err))
            return wb_while(err, "taking the migration lock");
        if (taken)
            return true;
        if (wb_waiting_is_over(&wait) || wb_waiting_is_report_due(&wait))
            holder = describe_holder(ledger, tmp, holder);
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
    if (ledger->is_cluster) { /* the release is another session's: all must be committed by then */
        if (!wb_session_collect(context->session, err))
            return false;
        wb_cluster_lock_end(context);
        return true;
    }
    return (context->session->can & WB_CAN_SESSION_LOCK) == 0 || ledger->is_pooled ||
           wb_session_unlock(context->session, wb_runner_lock_name(ledger, context->arena), err);
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
