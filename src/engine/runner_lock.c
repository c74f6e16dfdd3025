#include "engine/runner_lock.h"

#include "base/clock.h"
#include "base/random.h"

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

static bool wait_more(waiting *wait, const char *holder, wb_error *err)
{
    int64_t waited = waited_ms(wait);
    if (wait->reported_ms < 0 || waited - wait->reported_ms >= REPORT_EVERY_MS) {
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

/* The lock's name: one for each ledger, so that two projects in one database do not meet. */
static const char *lock_name(const wb_ledger *ledger)
{
    return wb_arena_printf(ledger->context->arena, "whimbrel:%s", ledger->history);
}

bool wb_runner_lock(const wb_ledger *ledger, int64_t wait_ms, wb_error *err)
{
    const wb_context *context = ledger->context;
    if ((context->session->can & WB_CAN_SESSION_LOCK) == 0)
        return true;
    const char *name = lock_name(ledger);
    waiting wait = begin_waiting(context, wait_ms);
    WB_SCRATCH(tmp);
    for (;;) {
        bool taken = false;
        const char *holder = NULL;
        if (!wb_session_try_lock(context->session, name, tmp, &taken, &holder, err))
            return wb_while(err, "taking the migration lock");
        if (taken)
            return true;
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
    return (context->session->can & WB_CAN_SESSION_LOCK) == 0 ||
           wb_session_unlock(context->session, lock_name(ledger), err);
}

/* SQLite waits by itself for as long as it was told. While the write lock is sought that would keep
 * the caller from being told, so it is 0 then. */
static void set_file_wait(const wb_context *context)
{
    enum { LONGEST_MS = 86400000 };
    unsigned timeout_ms = context->config->lock_timeout_ms;
    wb_session_set_file_wait(context->session, timeout_ms != 0 ? timeout_ms : LONGEST_MS);
}

static bool fail_not_written(const waiting *wait, const char *holder, wb_error *err)
{
    wb_fail(err, WB_E_LOCK, "the database file is locked: %s", holder);
    wb_detail(err, "Waited %.1f s for it.", (double) waited_ms(wait) / 1000);
    return wb_hint(err, "Run again when it has ended, or wait longer with --lock-timeout.");
}

typedef bool attempt_fn(wb_session *session, wb_error *err);

/* Tries for as long as the file is locked, and says by whom. */
static bool try_on_file(const wb_context *context, int64_t wait_ms, attempt_fn *attempt,
                        wb_error *err)
{
    waiting wait = begin_waiting(context, wait_ms);
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
        if (is_over(&wait))
            return fail_not_written(&wait, holder, err);
        if (!wait_more(&wait, holder, err))
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
