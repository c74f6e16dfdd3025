/* upgrade, downgrade, stamp, resolve, wait, and scripts. */
#include "api/workspace.h"
#include "base/clock.h"
#include "engine/cluster_lock.h"
#include "engine/resolve.h"
#include "engine/runner.h"
#include "engine/script.h"

static bool check_variables(const wb_run_options *options, wb_error *err)
{
    for (size_t i = 0; i < options->variable_count; i++) {
        size_t at = 0;
        if (wb_str_find_byte(wb_str_from(options->variables[i]), '=', &at) && at > 0)
            continue;
        wb_fail(err, WB_E_USAGE, "a variable must be given as name=value");
        return wb_detail(err, "Given: \"%s\".", options->variables[i]);
    }
    return true;
}

typedef bool run_fn(wb_context *context, const wb_run_options *options, wb_arena *arena,
                    wb_plan_info *ret_plan, wb_error *err);

static bool run_upgrade(wb_context *context, const wb_run_options *options, wb_arena *arena,
                        wb_plan_info *ret_plan, wb_error *err)
{
    return wb_run_command(context, "upgrade", options, arena, ret_plan, err);
}

static bool run_downgrade(wb_context *context, const wb_run_options *options, wb_arena *arena,
                          wb_plan_info *ret_plan, wb_error *err)
{
    return wb_run_command(context, "downgrade", options, arena, ret_plan, err);
}

static bool run(wb_target *target, const char *command, run_fn *function,
                const wb_run_options *options, wb_arena *arena, wb_plan_info *ret_plan,
                wb_error *err)
{
    static const wb_run_options defaults;
    wb_context context;
    if (options == NULL)
        options = &defaults;
    if (!check_variables(options, err) || !wb_target_go_direct(target, err) ||
        !wb_target_need_all(target, command, &context, err))
        return false;
    bool ok = function(&context, options, arena, ret_plan, err);
    wb_cluster_lock_end(&context);
    return ok;
}

bool wb_upgrade(wb_target *target, const wb_run_options *options, wb_arena *arena,
                wb_plan_info *ret_plan, wb_error *err)
{
    return run(target, "upgrade", run_upgrade, options, arena, ret_plan, err);
}

bool wb_downgrade(wb_target *target, const wb_run_options *options, wb_arena *arena,
                  wb_plan_info *ret_plan, wb_error *err)
{
    return run(target, "downgrade", run_downgrade, options, arena, ret_plan, err);
}

bool wb_stamp(wb_target *target, const wb_run_options *options, wb_arena *arena,
              wb_plan_info *ret_plan, wb_error *err)
{
    return run(target, "stamp", wb_stamp_command, options, arena, ret_plan, err);
}

bool wb_script(wb_target *target, const char *command, const wb_run_options *options,
               wb_write_fn *write, void *arg, wb_error *err)
{
    wb_context context;
    bool known = strcmp(command, "upgrade") == 0 || strcmp(command, "downgrade") == 0 ||
                 strcmp(command, "stamp") == 0;
    if (!known)
        return wb_fail(err, WB_E_USAGE, "there is no script for \"%s\"", command);
    if (!check_variables(options, err) || !wb_target_need_url(target, err) ||
        !wb_target_need_revisions(target, err))
        return false;
    wb_target_context(target, command, &context);
    context.session = NULL;
    return wb_script_command(&context, command, options, write, arg, err);
}

bool wb_resolve(wb_target *target, const char *revision, unsigned statement, bool done,
                wb_error *err)
{
    wb_context context;
    if (!wb_target_go_direct(target, err) || !wb_target_need_all(target, "resolve", &context, err))
        return false;
    bool ok = wb_resolve_command(&context, revision, statement, done, err);
    wb_cluster_lock_end(&context);
    return ok;
}

/* ---- wait ---- */

static bool try_once(wb_target *target, wb_error *err)
{
    return wb_target_need_session(target, err) &&
           wb_session_exec(target->session, WB_STR("SELECT 1"), err);
}

static bool is_worth_waiting(const wb_error *err)
{
    switch ((int) err->status) {
    case WB_E_CONNECT:
    case WB_E_LOST:
    case WB_E_BUSY:
        return true;
    default:
        return false;
    }
}

bool wb_wait(wb_target *target, int64_t timeout_ms, wb_error *err)
{
    enum { FIRST_MS = 50, LONGEST_MS = 1000 };
    int64_t begin_us = wb_clock_monotonic_us();
    int64_t delay_ms = FIRST_MS;
    wb_context context;
    if (!wb_target_need_url(target, err))
        return false;
    wb_target_context(target, "wait", &context);
    while (!try_once(target, err)) {
        int64_t waited_ms = (wb_clock_monotonic_us() - begin_us) / 1000;
        wb_target_disconnect(target);
        if (!is_worth_waiting(err))
            return false;
        if (timeout_ms >= 0 && waited_ms >= timeout_ms)
            return wb_while(err, "waiting for the database for %.1f s", (double) waited_ms / 1000);
        wb_context_emit(&context, &(wb_event){.kind = WB_EVENT_CONNECT_WAIT,
                                              .text = err->message,
                                              .elapsed_us = waited_ms * 1000});
        if (timeout_ms >= 0 && delay_ms > timeout_ms - waited_ms)
            delay_ms = timeout_ms - waited_ms;
        if (!wb_context_sleep_ms(&context, delay_ms, err))
            return false;
        delay_ms = delay_ms * 2 > LONGEST_MS ? LONGEST_MS : delay_ms * 2;
    }
    return true;
}
