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

/* SQLite waits by itself for as long as it was told. While the write lock is sought that would keep
 * the caller from being told, so it is 0 then. */
static void set_file_wait(const wb_context *context)
{
    enum { LONGEST_MS = 86400000 };
    unsigned timeout_ms = context->config->lock_timeout_ms;
    wb_session_set_file_wait(context->session, timeout_ms != 0 ? timeout_ms : LONGEST_MS);
}

typedef bool attempt_fn(wb_session *session, wb_error *err);

/* Tries for as long as the file is locked, and says by whom. */
static bool try_on_file(const wb_context *context, int64_t wait_ms, attempt_fn *attempt,
                        wb_error *err)
{
    wb_waiting wait = wb_waiting_begin(context, wait_ms);
    WB_SCRATCH(tmp);
    wb_session_set_file_wait(context->session, 0);
    for (;;) {
        if (attempt(context->session, err)) {
            set_file_wait(context);
            return true;
        }
        if (err->status != WB_E_BUSY)
            return false;
        const char *holder = wb_session_file_holder(context->session, tmp);
        if (holder == NULL)
            holder = "another process is writing to the database file";
        if (wb_waiting_is_over(&wait))
            return wb_waiting_fail_file(&wait, holder, err);
        if (!wb_waiting_more(&wait, holder, err))
            return false;
        wb_arena_clear(tmp);
    }
}

bool wb_runner_begin_write(const wb_context *context, int64_t wait_ms, wb_error *err)
{
    return try_on_file(context, wait_ms, wb_session_begin_write, err);
}

static bool read_anything(wb_session *session, wb_error *err)
{
    return wb_session_exec(session, WB_STR("SELECT 1 FROM sqlite_master LIMIT 1"), err);
}

bool wb_runner_await_file(const wb_context *context, int64_t wait_ms, wb_error *err)
{
    return context->dialect->id != WB_SQLITE || try_on_file(context, wait_ms, read_anything, err);
}
