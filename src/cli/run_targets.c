#include "cli/run_targets.h"

#include "base/clock.h"

enum { LOCK_WAIT_DEFAULT_MS = 60 * 1000 };

const char *const wb_transaction_choices[] = {"each", "all", NULL};

typedef struct run_call {
    wb_run_fn *run;
    wb_run_options options;
} run_call;

/* How a step's direction is told once it is done. */
static const struct {
    const char *direction;
    const char *done;
} directions[] = {
    {"up", "applied"}, {"down", "undone"}, {"record", "recorded"}, {"forget", "forgotten"}};

static void add_ids(wb_buf *buf, const char *const *ids, size_t count, wb_arena *arena)
{
    wb_buf_puts(buf, count == 0 ? "<base>" : "");
    for (size_t i = 0; i < count; i++)
        wb_buf_printf(buf, "%s%s", i > 0 ? ", " : "", wb_clean(arena, ids[i]));
}

/* "3 revisions applied", or for a mixed stamp "2 recorded, 1 forgotten". */
static void add_counts(wb_buf *buf, const wb_plan_info *plan)
{
    bool first = true;
    for (size_t k = 0; k < sizeof(directions) / sizeof(directions[0]); k++) {
        size_t count = 0;
        for (size_t i = 0; i < plan->step_count; i++)
            count += strcmp(plan->steps[i].direction, directions[k].direction) == 0;
        if (count == 0)
            continue;
        if (first)
            wb_buf_printf(buf, "%zu revision%s %s", count, wb_plural(count), directions[k].done);
        else
            wb_buf_printf(buf, ", %zu %s", count, directions[k].done);
        first = false;
    }
}

static void put_summary(wb_cli *cli, const wb_plan_info *plan, int64_t elapsed_us)
{
    WB_SCRATCH(arena);
    WB_AUTO_BUF(text, 0);
    if (plan->step_count == 0) {
        wb_buf_puts(&text, "nothing to do; database is at ");
    } else {
        add_counts(&text, plan);
        wb_buf_printf(&text, " in %s; database is at ", wb_duration_text(arena, elapsed_us));
    }
    add_ids(&text, plan->heads_after, plan->heads_after_count, arena);
    wb_put(&cli->out, "%s\n", wb_buf_text(&text));
}

static void put_dry_run(wb_cli *cli, const wb_plan_info *plan)
{
    WB_SCRATCH(arena);
    WB_AUTO_BUF(text, 0);
    for (size_t i = 0; i < plan->step_count; i++)
        wb_buf_printf(
            &text, "%-4s %s%s%s  %s\n", plan->steps[i].direction,
            wb_paint_begin(&cli->out, WB_PAINT_ID), wb_clean(arena, plan->steps[i].revision),
            wb_paint_begin(&cli->out, WB_PAINT_NONE), wb_clean(arena, plan->steps[i].message));
    if (plan->step_count == 0)
        wb_buf_puts(&text, "nothing to do; database is at ");
    else
        wb_buf_printf(&text, "dry run: %zu revision%s; database would go from ", plan->step_count,
                      wb_plural(plan->step_count));
    if (plan->step_count != 0) {
        add_ids(&text, plan->current, plan->current_count, arena);
        wb_buf_puts(&text, " to ");
    }
    add_ids(&text, plan->heads_after, plan->heads_after_count, arena);
    wb_put(&cli->out, "%s\n", wb_buf_text(&text));
}

static bool run_one(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    run_call *call = arg;
    WB_SCRATCH(arena);
    wb_plan_info plan = {0};
    int64_t begun_us = wb_clock_monotonic_us();
    if (!call->run(target, &call->options, arena, &plan, err)) {
        wb_progress_fail(&cli->progress);
        return false;
    }
    if (cli->is_json)
        wb_json_print(&cli->out, wb_json_plan(&plan));
    else if (call->options.dry_run)
        put_dry_run(cli, &plan);
    else if (!cli->is_quiet)
        put_summary(cli, &plan, wb_clock_monotonic_us() - begun_us);
    wb_term_flush(&cli->out);
    return true;
}

/* A script that cannot be written to its end must fail: half of it could be run. */
static bool write_script(void *arg, const char *text, size_t length, wb_error *err)
{
    wb_cli *cli = arg;
    wb_put_bytes(&cli->out, text, length);
    if (cli->out.failure == 0)
        return true;
    return wb_fail_errno(err, cli->out.failure, "cannot write the script");
}

static bool print_script(wb_cli *cli, const wb_run_options *options, wb_error *err)
{
    wb_target *target = NULL;
    if (cli->is_json) {
        (void) wb_fail(err, WB_E_USAGE, "--sql and --json exclude each other");
        return wb_hint(err, "--dry-run --json prints the plan.");
    }
    if (options->dry_run) {
        (void) wb_fail(err, WB_E_USAGE, "--sql and --dry-run exclude each other");
        return wb_hint(err, "--sql runs nothing in any case.");
    }
    return wb_cli_one_target(cli, "a script", &target, err) &&
           wb_script(target, cli->args.command->name, options, write_script, cli, err);
}

bool wb_run_targets(wb_cli *cli, wb_run_fn *run, wb_error *err)
{
    run_call call = {
        .run = run,
        .options = {
            .targets = cli->args.words.items,
            .target_count = cli->args.words.count,
            .dry_run = wb_args_has(&cli->args, "dry-run"),
            .transaction = wb_args_value(&cli->args, "transaction"),
            .lock_wait_ms = wb_args_duration(&cli->args, "lock-timeout", LOCK_WAIT_DEFAULT_MS),
            .purge = wb_args_has(&cli->args, "purge"),
        }};
    call.options.variables =
        wb_args_values(&cli->args, "var", cli->arena, &call.options.variable_count);
    if (wb_args_has(&cli->args, "sql"))
        return print_script(cli, &call.options, err);
    return wb_cli_each_headed(cli, run_one, &call, err);
}
