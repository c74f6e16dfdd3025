/* Behind a pooler in transaction mode the next transaction may run in another session of the
 * server, and another client may run in this one. So nothing of the session is relied on: each
 * transaction takes the runner's lock for itself, makes sure that the ledger is as it was read
 * (another runner may have come in between two transactions), and sets its settings for itself. */
#include "engine/run_state.h"

static bool submit_lock(wb_run *run, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    const char *name = wb_runner_lock_name(run->ledger, run->arena);
    return wb_session_transaction_lock(run->context->session, name, &sql, err) &&
           wb_run_submit(run, wb_buf_str(&sql),
                         &(wb_sent){.kind = WB_SENT_LOCK, .step = run->sending}, err);
}

/* Was the row taken away by a step that is queued? */
static bool is_removed(const wb_run *run, const char *revision)
{
    for (uint32_t step = run->looked_at; run->plan->down && step < run->queued; step++) {
        if (strcmp(run->scripts[step].revision->id, revision) == 0)
            return true;
    }
    return false;
}

/* Rows and last position of the ledger, once all that is queued has been run. */
static void expect(const wb_run *run, size_t *ret_count, int64_t *ret_last)
{
    const wb_ledger *ledger = run->ledger;
    uint32_t queued = run->queued - run->looked_at;
    *ret_count = run->plan->down ? ledger->rows.count - queued : ledger->rows.count + queued;
    *ret_last = run->next_position - 1;
    if (!run->plan->down)
        return;
    *ret_last = 0;
    for (size_t i = 0; i < ledger->rows.count; i++) {
        if (!is_removed(run, ledger->rows.items[i].revision))
            *ret_last = ledger->rows.items[i].position;
    }
}

static bool submit_guard(wb_run *run, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    const wb_sent sent = {.kind = WB_SENT_GUARD, .step = run->sending};
    if (!run->ledger->exists && !run->is_prelude_sent) {
        wb_buf_puts(&sql, "SELECT 1 / (pg_catalog.to_regclass(");
        wb_sql_literal(&sql, run->context->dialect, wb_str_from(run->ledger->history));
        wb_buf_puts(&sql, ") IS NULL)::integer");
        return wb_run_submit(run, wb_buf_str(&sql), &sent, err);
    }
    size_t count = 0;
    int64_t last = 0;
    expect(run, &count, &last);
    wb_buf_printf(&sql,
                  "SELECT 1 / (count(*) = %zu AND coalesce(max(position), 0) = %lld)::integer"
                  " FROM %s",
                  count, (long long) last, run->ledger->history);
    return wb_run_submit(run, wb_buf_str(&sql), &sent, err);
}

bool wb_run_submit_pooled(wb_run *run, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    wb_settings_add_local(run, &sql);
    return submit_lock(run, err) && submit_guard(run, err) &&
           wb_run_submit_other(run, wb_buf_text(&sql), err);
}
