/* What follows a failure: another try where that can mend it. A statement is never tried again by
 * itself, only whole transactions. */
#include "base/clock.h"
#include "base/random.h"
#include "engine/blockers.h"
#include "engine/cluster_lock.h"
#include "engine/lock_list.h"
#include "engine/run_state.h"

#include <stdio.h>

enum { MOST_RECONNECTS = 5 };

static void tell_retry(const wb_run *run, const char *why)
{
    const wb_revision *revision = run->scripts[run->sending].revision;
    wb_context_emit(run->context, &(wb_event){.kind = WB_EVENT_RETRY,
                                              .revision = revision->id,
                                              .message = revision->message,
                                              .direction = run->plan->down ? "down" : "up",
                                              .step = run->sending + 1,
                                              .steps = run->plan->steps.count,
                                              .text = why});
}

/* The run is to go on with the step behind the last one that is completed. */
static void put_back(wb_run *run)
{
    run->has_failed = false;
    run->in_transaction = false;
    run->user_transaction = false;
    run->begun = run->completed;
    wb_run_emit_begin(run, run->completed);
}

/* ---- locks and conflicts ---- */

static bool is_conflict(const wb_error *err)
{
    switch ((int) err->status) {
    case WB_E_LOCK_TIMEOUT:
    case WB_E_SERIALIZATION:
    case WB_E_BUSY:
        return true;
    default:
        return false;
    }
}

/* Full jitter, so that those who collided do not collide again. */
static bool wait_for_retry(const wb_run *run, unsigned attempt, wb_error *err)
{
    enum { BASE_MS = 100, LONGEST_MS = 5000, DOUBLINGS = 6 };
    unsigned doubled = attempt < DOUBLINGS ? attempt : DOUBLINGS;
    unsigned limit_ms = (unsigned) BASE_MS << doubled;
    if (limit_ms > LONGEST_MS)
        limit_ms = LONGEST_MS;
    return wb_context_sleep_ms(run->context, wb_random_below(limit_ms) + 1, err);
}

/* Who was in the way: seen while the run waited, or, where the wait was too short for that, who
 * holds the tables now. NULL where nobody is to be seen. */
static const char *who_blocks(const wb_run *run)
{
    wb_error ignored;
    wb_blocker_list list = {0};
    WB_AUTO_BUF(text, 0);
    wb_session *session = run->context->session;
    const wb_step_script *script = &run->scripts[run->sending];
    const char *seen = wb_watch_blockers(run->watch, run->arena);
    bool may_ask = seen == NULL && run->context->dialect->id != WB_SQLITE;
    if (!may_ask)
        return seen;
    if (!wb_blockers_on(session, script->tables, script->table_count, 0, run->arena, &list,
                        &ignored) ||
        list.count == 0)
        return NULL;
    wb_blocker_list_text(&list, run->context->dialect->id, &text);
    return wb_str_dup(run->arena, wb_buf_str(&text));
}

static bool retry(wb_run *run, wb_recovery *recovery, wb_error *err)
{
    const wb_error cause = *err;
    const char *blockers = who_blocks(run);
    if (recovery->retries >= run->context->config->lock_retries) {
        wb_detail(err, "%s%sTried %u times%s%s.", cause.detail, cause.detail[0] != '\0' ? " " : "",
                  recovery->retries + 1, blockers != NULL ? "; in the way: " : "",
                  blockers != NULL ? blockers : "");
        return false;
    }
    tell_retry(run, blockers == NULL ? cause.message
                                     : wb_arena_printf(run->arena, "%s; in the way: %s",
                                                       cause.message, blockers));
    if (!wait_for_retry(run, recovery->retries++, err))
        return false;
    put_back(run);
    return wb_run_look_again(run, false, err);
}

/* ---- behind a pooler ---- */

/* The transaction's first statement has failed: another runner has the lock. */
static bool wait_for_lock(wb_run *run, wb_recovery *recovery, wb_error *err)
{
    wb_error ignored;
    wb_lock_info info = {.is_held = false};
    if (!recovery->is_waiting)
        recovery->lock = wb_waiting_begin(run->context, run->options->lock_wait_ms);
    recovery->is_waiting = true;
    bool is_over = wb_waiting_is_over(&recovery->lock);
    if (is_over || wb_waiting_is_report_due(&recovery->lock))
        (void) wb_lock_describe(run->ledger, run->arena, &info, &ignored);
    const char *holder = info.is_held ? info.holder : NULL;
    if (is_over)
        return wb_waiting_fail(&recovery->lock, holder, err);
    if (!wb_waiting_more(&recovery->lock, holder, err))
        return false;
    put_back(run);
    return wb_run_look_again(run, false, err);
}

/* ---- a lost connection ---- */

static bool is_unreachable(const wb_error *err)
{
    return err->status == WB_E_CONNECT || err->status == WB_E_LOST;
}

/* MariaDB learns late, if at all, that the other side of a silent network is gone, and a session
 * that nobody reaches any more keeps the lock. Where the holder is this run's own old session, and
 * has been idle for a while, it is ended: nothing is lost by that. */
static void end_predecessor(const wb_run *run, uint64_t old_id)
{
    enum { IDLE_US = 5 * 1000 * 1000 };
    WB_SCRATCH(scratch);
    wb_error ignored;
    wb_lock_holder holder;
    wb_session *session = run->context->session;
    if (run->context->dialect->id != WB_MARIADB || run->ledger->is_cluster ||
        !wb_session_lock_holder(session, wb_runner_lock_name(run->ledger, scratch), scratch,
                                &holder, &ignored))
        return;
    bool is_idle = holder.state != NULL && strcmp(holder.state, "sleep") == 0 &&
                   holder.state_us >= (int64_t) IDLE_US;
    if (holder.is_held && (uint64_t) holder.id == old_id && is_idle)
        (void) wb_session_execf(session, &ignored, "KILL CONNECTION %llu",
                                (unsigned long long) old_id);
}

/* The old session has the lock for as long as the server works for it. */
static bool lock_again(const wb_run *run, uint64_t old_id, wb_error *err)
{
    enum { SLICE_MS = 2000 };
    int64_t least_ms = run->context->config->reconnect_timeout_ms;
    int64_t left_ms = run->options->lock_wait_ms;
    bool is_limited = left_ms >= 0;
    if (is_limited && left_ms < least_ms)
        left_ms = least_ms;
    for (;;) {
        int64_t slice_ms = is_limited && left_ms < SLICE_MS ? left_ms : SLICE_MS;
        end_predecessor(run, old_id);
        if (wb_runner_lock(run->ledger, slice_ms, err))
            return true;
        left_ms -= is_limited ? slice_ms : 0;
        if (err->status != WB_E_LOCK || (is_limited && left_ms <= 0))
            return false;
    }
}

/* Connects, takes the lock and reads what the old session has achieved. */
static bool reconnect_once(wb_run *run, uint64_t old_id, wb_error *err)
{
    if (!wb_context_reopen(run->context, err))
        return false;
    put_back(run);
    if (!wb_ledger_read(run->context, WB_LEDGER_STATE, &run->ledger, err))
        return false;
    if (run->ledger->read_only) /* the one that is to take over has not yet */
        return wb_fail(err, WB_E_CONNECT, "the database server is read-only");
    return lock_again(run, old_id, err) &&
           (run->ledger->is_pooled || wb_settings_submit(run, false, err)) &&
           wb_run_look_again(run, true, err);
}

static bool reconnect(wb_run *run, wb_recovery *recovery, wb_error *err)
{
    enum { FIRST_MS = 100, LONGEST_MS = 2000 };
    const wb_error cause = *err;
    uint64_t old_id = run->context->session->backend_id;
    int64_t begin_us = wb_clock_monotonic_us();
    int64_t limit_us = (int64_t) run->context->config->reconnect_timeout_ms * 1000;
    uint32_t delay_ms = FIRST_MS;
    bool may = limit_us > 0 && run->context->connector.reopen != NULL &&
               run->context->dialect->id != WB_SQLITE && recovery->reconnects < MOST_RECONNECTS;
    if (!may)
        return false;
    recovery->reconnects++;
    tell_retry(run, cause.message);
    while (!reconnect_once(run, old_id, err)) {
        int64_t waited_us = wb_clock_monotonic_us() - begin_us;
        if (!is_unreachable(err))
            return false;
        if (waited_us > limit_us) {
            wb_detail(err, "The connection was lost, and no other was to be had for %.1f s.",
                      (double) waited_us / 1000000);
            return false;
        }
        if (!wb_context_sleep_ms(run->context, delay_ms / 2 + wb_random_below(delay_ms), err))
            return false;
        delay_ms = delay_ms * 2 < LONGEST_MS ? delay_ms * 2 : LONGEST_MS;
    }
    return true;
}

/* ---- choosing ---- */

bool wb_run_recover(wb_run *run, wb_recovery *recovery, wb_error *err)
{
    bool is_lost = run->context->session->lost;
    wb_cluster_explain_loss(run->context, err);
    wb_run_settle(run);
    if (run->completed > recovery->completed)
        *recovery = (wb_recovery){.completed = run->completed};
    if (err->status == WB_E_CANCELLED || err->status == WB_E_LOCK)
        return false;
    if (is_lost || run->context->session->lost)
        return reconnect(run, recovery, err);
    if (run->has_failed && run->failed.kind == WB_SENT_LOCK && strcmp(err->sqlstate, "22012") == 0)
        return wait_for_lock(run, recovery, err);
    recovery->is_waiting = false;
    if (run->has_failed && run->failed.kind == WB_SENT_GUARD &&
        strcmp(err->sqlstate, "22012") == 0) {
        put_back(run);
        return wb_run_look_again(run, false, err);
    }
    bool is_too_long = run->has_failed && run->failed.kind == WB_SENT_TABLES &&
                       strcmp(err->sqlstate, "57014") == 0;
    if (is_too_long) {
        wb_fail(err, WB_E_LOCK_TIMEOUT, "the tables of the revision could not be locked in time");
        (void) snprintf(err->sqlstate, sizeof(err->sqlstate), "57014");
    }
    return is_conflict(err) && retry(run, recovery, err);
}
