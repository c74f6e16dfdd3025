/* One step from begin to end: its statements, its row in the ledger, its transaction. */
#include "base/clock.h"
#include "engine/run_state.h"

#define SAVEPOINT "whimbrel_step"

static bool run_statements(wb_run *run, wb_open_step *open, wb_error *err)
{
    wb_section_statements statements;
    if (!wb_section_statements_open(run->ledger, run->options, &run->scripts[run->sending],
                                    &statements, err))
        return false;
    bool ok = true;
    while (ok) {
        wb_statement statement;
        bool at_end = false;
        ok = wb_context_proceed(run->context, err) &&
             wb_splitter_next(statements.splitter, &statement, &at_end, err);
        if (!ok || at_end)
            break;
        ok = wb_run_take_statement(run, &statement, open, statements.splitter, err);
    }
    wb_section_statements_close(&statements);
    return ok && wb_run_check_end(run, open, err);
}

/* Puts back what the file may have changed in the session. */
static bool restore_settings(wb_run *run, wb_error *err)
{
    bool is_later = run->layout == WB_LAYOUT_GROUP; /* outside of the transaction */
    if (!run->changed_settings || is_later)
        return true;
    run->changed_settings = false;
    return wb_settings_submit(run, true, err);
}

static bool submit_row(wb_run *run, int64_t begin_us, wb_error *err)
{
    const wb_step_script *script = &run->scripts[run->sending];
    if (!wb_run_submit_fence(run, err))
        return false;
    wb_sent_push(&run->sent, &(wb_sent){.kind = WB_SENT_LEDGER, .step = run->sending});
    if (run->plan->down)
        return wb_ledger_submit_removed(run->ledger, script->revision->id, wb_run_answered, run,
                                        err);
    /* The server adds the time of the transaction itself, where it has a clock for it. */
    bool server_counts = run->context->dialect->id == WB_POSTGRES && !script->is_split;
    wb_applied_row row = {
        .revision = script->revision,
        .checksum = script->checksum,
        .raw_checksum = script->raw_checksum,
        .duration_ms = server_counts ? 0 : (wb_clock_monotonic_us() - begin_us) / 1000,
        .position = run->next_position++,
        .run = run->id,
    };
    return wb_ledger_submit_applied(run->ledger, &row, wb_run_answered, run, err);
}

/* SQLite: how long a shared transaction may grow before it is committed. */
enum { GROUP_US = 1000000 };

/* SQLite: pragmas of the connection can only be set outside of a transaction. */
static bool restore_pragmas(wb_run *run, wb_error *err)
{
    if (!run->changed_settings)
        return true;
    run->changed_settings = false;
    return wb_run_collect(run, err) && wb_settings_submit(run, true, err);
}

static bool end_step(wb_run *run, bool savepoint, wb_error *err)
{
    bool is_split = run->scripts[run->sending].is_split;
    switch (run->layout) {
    case WB_LAYOUT_EACH:
        return wb_run_commit(run, run->sending + 1, err);
    case WB_LAYOUT_GROUP:
        if (savepoint && !wb_run_submit_other(run, "RELEASE " SAVEPOINT, err))
            return false;
        if (!is_split && !run->changed_settings &&
            wb_clock_monotonic_us() - run->group_begin_us < GROUP_US)
            return true;
        return wb_run_commit(run, run->sending + 1, err) && restore_pragmas(run, err);
    case WB_LAYOUT_ALL:
        break;
    }
    return true;
}

static bool begin_step(wb_run *run, bool savepoint, wb_error *err)
{
    if (run->layout == WB_LAYOUT_GROUP && !savepoint && run->in_transaction &&
        !wb_run_commit(run, run->sending, err))
        return false;
    if (!savepoint)
        return true;
    return wb_run_open_transaction(run, err) &&
           wb_run_submit_other(run, "SAVEPOINT " SAVEPOINT, err);
}

bool wb_run_step(wb_run *run, uint32_t step, wb_error *err)
{
    int64_t begin_us = wb_clock_monotonic_us();
    const wb_step_script *script = &run->scripts[step];
    wb_open_step *open = wb_ledger_open_step(run->ledger, script->revision->id, script->direction);
    run->sending = step;
    run->executed = 0;
    wb_sha256_init(&run->prefix);
    bool savepoint = run->layout == WB_LAYOUT_GROUP && !script->is_split;
    if (!begin_step(run, savepoint, err) || !wb_run_lock_tables(run, err) ||
        !wb_sqlite_guard_look(run, err) || !run_statements(run, open, err))
        return false;
    if (run->user_transaction) {
        wb_fail(err, WB_E_REVISION, "revision \"%s\" leaves its own transaction open",
                script->revision->id);
        wb_hint(err, "End it with COMMIT or ROLLBACK in the same section.");
        return wb_at(err, script->revision->path, 0, 0);
    }
    if (!wb_run_open_transaction(run, err) || !wb_sqlite_guard_check(run, err) ||
        !restore_settings(run, err))
        return false;
    if (script->is_split || open != NULL)
        wb_run_add_journal(run, &(wb_journal_row){.event = "finish"});
    if (!wb_run_submit_journal(run, err) || !submit_row(run, begin_us, err))
        return false;
    run->queued = step + 1;
    return end_step(run, savepoint, err);
}
