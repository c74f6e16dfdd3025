#include "engine/runner_lock.h"

#include "base/clock.h"
#include "base/random.h"
#include "engine/cluster_lock.h"
#include "engine/lock_list.h"

enum { FIRST_DELAY_MS = 5, LONGEST_DELAY_MS = 250, REPORT_EVERY_MS = 5000 };

/* Waiting in growing, jittered steps, with a word to the caller now and then. */
typedef struct waiting {
    const wb_context *context;
    int64_t begin_us;
    int64_t wait_ms;
    int64_t reported_ms; /* since the begin; -1: never */
    uint32_t delay_ms;
} waiting;

static waiting begin_waiting(const wb_context *context, int64_t wait_ms)
{
    return (waiting){.context = context,
                     .begin_us = wb_clock_monotonic_us(),
                     .wait_ms = wait_ms,
                     .reported_ms = -1,
                     .delay_ms = FIRST_DELAY_MS};
}

static int64_t waited_ms(const waiting *wait)
{
    return (wb_clock_monotonic_us() - wait->begin_us) / 1000;
}

static bool is_over(const waiting *wait)
{
    return wait->wait_ms >= 0 && waited_ms(wait) >= wait->wait_ms;
}

static bool is_report_due(const waiting *wait)
{
    return wait->reported_ms < 0 || waited_ms(wait) - wait->reported_ms >= REPORT_EVERY_MS;
}

static bool wait_more(waiting *wait, const char *holder, wb_error *err)
{
    int64_t waited = waited_ms(wait);
    if (is_report_due(wait)) {
        wait->reported_ms = waited;
        wb_context_emit(
            wait->context,
            &(wb_event){.kind = WB_EVENT_LOCK_WAIT, .text = holder, .elapsed_us = waited * 1000});
    }
    int64_t delay = wait->delay_ms / 2 + wb_random_below(wait->delay_ms);
    if (wait->wait_ms >= 0 && delay > wait->wait_ms - waited)
        delay = wait->wait_ms - waited;
    wait->delay_ms = wait->delay_ms * 2 > LONGEST_DELAY_MS ? LONGEST_DELAY_MS : wait->delay_ms * 2;
    return wb_context_sleep_ms(wait->context, delay, err);
}

static bool fail_not_had(const waiting *wait, const char *holder, wb_error *err)
{
    wb_fail(err, WB_E_LOCK, "another runner holds the migration lock%s%s",
            holder != NULL ? ": " : "", holder != NULL ? holder : "");
    wb_detail(err, "Waited %.1f s for it.", (double) waited_ms(wait) / 1000);
    return wb_hint(err, "Run again when it has ended, or wait longer with --lock-timeout.");
}

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
    if ((context->session->can & WB_CAN_SESSION_LOCK) == 0)
        return true;
    waiting wait = begin_waiting(context, wait_ms);
    WB_SCRATCH(tmp);
    for (;;) {
        bool taken = false;
        const char *holder = NULL;
        if (!try_lock(ledger, tmp, &taken, &holder, err))
            return wb_while(err, "taking the migration lock");
        if (taken)
            return true;
        if (is_over(&wait) || is_report_due(&wait))
            holder = describe_holder(ledger, tmp, holder);
        if (is_over(&wait))
            return fail_not_had(&wait, holder, err);
        if (!wait_more(&wait, holder, err))
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
    return (context->session->can & WB_CAN_SESSION_LOCK) == 0 ||
           wb_session_unlock(context->session, wb_runner_lock_name(ledger, context->arena), err);
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
    waiting wait = begin_waiting(context, wait_ms);
    if (!set_busy_timeout(context, 0, err))
        return false;
    for (;;) {
        if (wb_session_begin_write(context->session, err))
            return set_busy_timeout(context, context->config->lock_timeout_ms, err);
        if (err->status != WB_E_BUSY)
            return false;
        if (is_over(&wait))
            return fail_not_had(&wait, "another process is writing to the database file", err);
        if (!wait_more(&wait, "another process is writing to the database file", err))
            return false;
    }
}
