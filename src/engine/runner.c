#include "engine/runner.h"

#include "base/clock.h"
#include "base/random.h"
#include "engine/comparison.h"
#include "engine/run_state.h"
#include "engine/runner_lock.h"

#include <stdlib.h>

/* ---- deciding what to do ---- */

static const char *const all_heads[] = {"heads"};

typedef struct intent {
    const char *command;
    const char *const *targets;
    size_t target_count;
} intent;

static bool read_intent(const char *command, const wb_run_options *options, intent *ret_intent,
                        wb_error *err)
{
    *ret_intent = (intent){command, options->targets, options->target_count};
    if (strcmp(command, "downgrade") == 0) {
        if (options->target_count == 1)
            return true;
        wb_fail(err, WB_E_USAGE, "downgrade takes exactly one target");
        return wb_hint(err, "For example -1 (one revision back), a revision id, or base.");
    }
    if (options->target_count == 0)
        *ret_intent = (intent){command, all_heads, 1};
    return true;
}

static bool make_run_plan(const wb_ledger *ledger, const intent *what, wb_arena *arena,
                          wb_plan *ret_plan, wb_error *err)
{
    wb_applied applied;
    wb_ledger_applied(ledger, arena, &applied, NULL);
    return wb_demand_unchanged(ledger, err) &&
           wb_plan_make(ledger->context->graph, what->command, what->targets, what->target_count,
                        &applied, arena, ret_plan, err);
}

static bool choose_layout(const wb_context *context, const wb_run_options *options,
                          wb_layout *ret_layout, wb_error *err)
{
    const char *how =
        options->transaction != NULL ? options->transaction : context->config->transaction;
    bool is_sqlite = context->dialect->id == WB_SQLITE;
    if (how == NULL || strcmp(how, "each") == 0) {
        *ret_layout = is_sqlite ? WB_LAYOUT_GROUP : WB_LAYOUT_EACH;
        return true;
    }
    if (strcmp(how, "all") != 0) {
        wb_fail(err, WB_E_USAGE, "\"%s\" is not a way to lay out transactions", how);
        return wb_hint(err, "Known ones: each (every revision its own), all (one for the run).");
    }
    if ((context->session->can & WB_CAN_TRANSACTIONAL_DDL) == 0) {
        wb_fail(err, WB_E_UNSUPPORTED, "%s cannot run several revisions in one transaction",
                context->dialect->name);
        return wb_hint(err, "It commits at every CREATE, ALTER and DROP. Use --transaction each.");
    }
    *ret_layout = WB_LAYOUT_ALL;
    return true;
}

static bool prepare_scripts(wb_run *run, wb_error *err)
{
    size_t count = run->plan->steps.count;
    run->scripts = WB_NEW_ARRAY(run->arena, wb_step_script, count + 1);
    run->elapsed_us = WB_NEW_ARRAY(run->arena, int64_t, count + 1);
    run->is_foreign = WB_NEW_ARRAY(run->arena, bool, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (!wb_step_script_prepare(run->ledger, run->options, run->plan->steps.items[i],
                                    run->plan->down ? WB_DOWN : WB_UP, run->layout == WB_LAYOUT_ALL,
                                    run->arena, &run->scripts[i], err))
            return false;
    }
    return true;
}

/* Behind a pooler only what is one transaction can be run. */
static bool demand_direct(const wb_run *run, wb_error *err)
{
    for (size_t i = 0; run->ledger->is_pooled && i < run->plan->steps.count; i++) {
        const wb_step_script *script = &run->scripts[i];
        if (!script->is_split)
            continue;
        wb_fail(err, WB_E_UNSUPPORTED, "revision \"%s\" cannot be run through a connection pooler",
                script->revision->id);
        wb_detail(err, "It has a statement outside of a transaction, and the pooler gives each "
                       "transaction another session of the server.");
        wb_hint(err, "Set direct_url (WHIMBREL_DIRECT_URL) to the server's own address: runs then "
                     "go past the pooler.");
        return wb_at(err, script->revision->path, 0, 0);
    }
    return true;
}

static bool demand_writable(const wb_ledger *ledger, wb_error *err)
{
    if (!ledger->read_only)
        return wb_session_demand_writable(ledger->context->session, err);
    wb_fail(err, WB_E_READ_ONLY, "the database server is read-only");
    return wb_hint(err, "It may be a replica: give the URL of the primary.");
}

/* ---- under the lock ---- */

static bool same_rows(const wb_ledger *a, const wb_ledger *b)
{
    if (a->rows.count != b->rows.count)
        return false;
    for (size_t i = 0; i < a->rows.count; i++) {
        if (strcmp(a->rows.items[i].revision, b->rows.items[i].revision) != 0)
            return false;
    }
    return true;
}

/* Takes the lock and looks again: another runner may have been at work meanwhile. */
static bool lock_and_look_again(wb_run *run, const intent *what, wb_plan *plan, wb_error *err)
{
    const wb_context *context = run->context;
    wb_ledger *before = run->ledger;
    if (!wb_runner_lock(before, run->options->lock_wait_ms, err))
        return false;
    if (context->dialect->id == WB_SQLITE && !wb_run_open_transaction(run, err))
        return false;
    if ((!before->is_pooled && !wb_settings_submit(run, false, err)) ||
        !wb_ledger_read(context, WB_LEDGER_STATE, &run->ledger, err) ||
        !wb_ledger_read_open_steps(run->ledger, err))
        return false;
    run->next_position = run->ledger->next_position;
    if (same_rows(before, run->ledger))
        return true;
    return make_run_plan(run->ledger, what, run->arena, plan, err) && prepare_scripts(run, err);
}

/* ---- running ---- */

bool wb_run_submit_prelude(wb_run *run, wb_error *err)
{
    wb_journal_row begin = {.event = "begin", .command = run->plan->command};
    if (!wb_run_open_transaction(run, err) || !wb_ledger_submit_create(run->ledger, run->id, err))
        return false;
    run->is_prelude_sent = true;
    wb_journal_add(run->ledger, run->id, &begin, &run->journal);
    if (run->layout == WB_LAYOUT_EACH)
        return wb_run_commit(run, 0, err);
    return wb_run_submit_journal(run, err);
}

static bool submit_end(wb_run *run, wb_error *err)
{
    uint32_t count = (uint32_t) run->plan->steps.count;
    wb_journal_row end = {.event = "end", .message = "clean"};
    if (!wb_run_open_transaction(run, err))
        return false;
    wb_journal_add(run->ledger, run->id, &end, &run->journal);
    return wb_run_commit(run, count, err) && wb_runner_submit_unlock(run->ledger, err) &&
           wb_run_collect(run, err);
}

/* SQLite: between two shared transactions another runner may have done the rest of the plan. */
static bool is_done_by_another(wb_run *run, uint32_t step, bool *ret_done, wb_error *err)
{
    *ret_done = false;
    bool is_first = step == 0 && !run->guard.foreign_keys_off;
    if (run->layout != WB_LAYOUT_GROUP || run->in_transaction || is_first)
        return true;
    if (!wb_run_open_transaction(run, err) ||
        !wb_ledger_read(run->context, WB_LEDGER_STATE, &run->ledger, err) ||
        !wb_ledger_read_open_steps(run->ledger, err))
        return false;
    run->next_position = run->ledger->next_position;
    wb_applied applied;
    wb_ledger_applied(run->ledger, run->arena, &applied, NULL);
    *ret_done = applied.flags[run->plan->steps.items[step]] == !run->plan->down;
    return true;
}

static bool run_steps(wb_run *run, wb_error *err)
{
    for (uint32_t step = run->completed; step < run->plan->steps.count; step++) {
        bool is_done = false;
        if (!wb_sqlite_guard_begin(run, step, err) || !is_done_by_another(run, step, &is_done, err))
            return false;
        run->is_foreign[step] = is_done;
        if (is_done ? !wb_sqlite_guard_skip(run, step, err) : !wb_run_step(run, step, err))
            return false;
    }
    if (!submit_end(run, err))
        return false;
    if (!run->row_missing)
        return true;
    wb_fail(err, WB_E_LEDGER, "a row of the ledger %s was changed by somebody else meanwhile",
            run->ledger->history);
    return wb_hint(err, "Compare `whimbrel history -v` with the database.");
}

/* How many of the plan's steps are done, as the ledger says. Those behind must all be undone. */
static bool find_place(const wb_run *run, uint32_t *ret_place, wb_error *err)
{
    wb_applied applied;
    const wb_plan *plan = run->plan;
    uint32_t count = (uint32_t) plan->steps.count;
    uint32_t place = 0;
    bool is_done_behind = false;
    wb_ledger_applied(run->ledger, run->arena, &applied, NULL);
    while (place < count && applied.flags[plan->steps.items[place]] == !plan->down)
        place++;
    for (uint32_t i = place; i < count; i++)
        is_done_behind = is_done_behind || applied.flags[plan->steps.items[i]] == !plan->down;
    *ret_place = place;
    if (!is_done_behind)
        return true;
    wb_fail(err, WB_E_LEDGER, "another runner has worked on the same revisions in another order");
    return wb_hint(err, "Run `whimbrel %s` again.", plan->command);
}

bool wb_run_look_again(wb_run *run, bool is_ours, wb_error *err)
{
    uint32_t place = 0;
    uint32_t last = (uint32_t) run->plan->steps.count - 1;
    run->sending = run->completed < last ? run->completed : last;
    if (run->context->dialect->id == WB_SQLITE && !wb_run_open_transaction(run, err))
        return false;
    if (!wb_ledger_read(run->context, WB_LEDGER_STATE, &run->ledger, err) ||
        !wb_ledger_read_open_steps(run->ledger, err) || !find_place(run, &place, err))
        return false;
    run->next_position = run->ledger->next_position;
    if (place < run->completed) /* a server that took over without all that was committed */
        wb_context_warn(run->context,
                        "the database has lost %u revisions that were committed: they are run "
                        "again",
                        run->completed - place);
    for (uint32_t step = run->completed; step < place; step++)
        run->is_foreign[step] = !is_ours;
    wb_run_tell_committed(run, place);
    run->completed = place;
    run->looked_at = place;
    run->queued = place;
    run->sending = place < run->plan->steps.count ? place : place - 1;
    return true;
}

/* Another runner has done it all. */
static bool end_without_work(wb_run *run, wb_error *err)
{
    return wb_session_rollback(run->context->session, err) &&
           wb_runner_submit_unlock(run->ledger, err) && wb_run_collect(run, err);
}

static bool run_plan(wb_run *run, wb_error *err)
{
    wb_recovery recovery = {0};
    bool ok = wb_run_submit_prelude(run, err) && run_steps(run, err);
    while (!ok) {
        if (!wb_run_recover(run, &recovery, err)) {
            wb_run_explain(run, err);
            wb_run_record_failure(run, err);
            wb_runner_release(run->ledger);
            return false;
        }
        if (!run->is_recorded && run->completed == run->plan->steps.count)
            return end_without_work(run, err);
        ok = (run->is_recorded || wb_run_submit_prelude(run, err)) && run_steps(run, err);
    }
    return true;
}

/* The plan as it was run: without what others have done of it. */
static void leave_out_foreign(const wb_run *run, wb_plan *plan)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->steps.count; i++) {
        if (!run->is_foreign[i])
            plan->steps.items[kept++] = plan->steps.items[i];
    }
    plan->steps.count = kept;
}

static bool run_under_lock(wb_run *run, const intent *what, wb_plan *plan, wb_error *err)
{
    wb_error ignored;
    if (!lock_and_look_again(run, what, plan, err)) {
        if (!run->context->session->lost)
            (void) wb_session_rollback(run->context->session, &ignored);
        wb_runner_release(run->ledger);
        return false;
    }
    if (plan->steps.count == 0)
        return end_without_work(run, err);
    int64_t begin_us = wb_clock_monotonic_us();
    wb_event event = {.kind = WB_EVENT_RUN_BEGIN,
                      .direction = plan->down ? "down" : "up",
                      .steps = plan->steps.count};
    wb_context_emit(run->context, &event);
    wb_run_emit_begin(run, 0);
    run->watch = wb_watch_start(run->context);
    bool ok = run_plan(run, err);
    wb_watch_stop(run->watch);
    if (!ok)
        return false;
    event.kind = WB_EVENT_RUN_END;
    event.elapsed_us = wb_clock_monotonic_us() - begin_us;
    wb_context_emit(run->context, &event);
    leave_out_foreign(run, plan);
    return true;
}

/* A glance tells whether there is anything to do, which is the common case of a start. Only then
 * is the server asked for what a run needs. */
static bool look_and_plan(wb_run *run, const intent *what, wb_plan *plan, wb_error *err)
{
    if (!wb_runner_await_file(run->context, run->options->lock_wait_ms, err) ||
        !wb_ledger_read(run->context, WB_LEDGER_GLANCE, &run->ledger, err) ||
        !make_run_plan(run->ledger, what, run->arena, plan, err))
        return false;
    if (plan->steps.count == 0)
        return true;
    const wb_ledger *before = run->ledger;
    if (!wb_ledger_read(run->context, WB_LEDGER_STATE, &run->ledger, err))
        return false;
    return same_rows(before, run->ledger) ||
           make_run_plan(run->ledger, what, run->arena, plan, err);
}

static bool run_or_describe(wb_run *run, const intent *what, wb_plan *plan, wb_plan_info *ret_plan,
                            wb_error *err)
{
    bool ok = look_and_plan(run, what, plan, err);
    if (ok && plan->steps.count > 0) {
        ok = choose_layout(run->context, run->options, &run->layout, err) &&
             prepare_scripts(run, err);
        if (ok && !run->options->dry_run)
            ok = demand_writable(run->ledger, err) && demand_direct(run, err) &&
                 run_under_lock(run, what, plan, err);
    }
    if (ok)
        wb_plan_describe(run->context, plan, run->arena, ret_plan);
    return ok;
}

bool wb_run_command(wb_context *context, const char *command, const wb_run_options *options,
                    wb_arena *arena, wb_plan_info *ret_plan, wb_error *err)
{
    intent what;
    if (!read_intent(command, options, &what, err))
        return false;
    wb_plan plan = {.command = command};
    wb_run run = {.context = context, .options = options, .arena = arena, .plan = &plan};
    wb_buf_init(&run.journal, 0);
    wb_buf_init(&run.alone_text, 0);
    wb_random_hex(run.id, WB_RUN_ID - 1);
    bool ok = run_or_describe(&run, &what, &plan, ret_plan, err);
    wb_buf_clear(&run.journal);
    wb_buf_clear(&run.alone_text);
    wb_sqlite_guard_clear(&run.guard);
    free(run.sent.items);
    return ok;
}
