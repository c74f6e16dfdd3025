#include "cli/cli.h"

enum { TIMEOUT_DEFAULT_MS = 60 * 1000 };

static const wb_option options[] = {
    {.name = "timeout",
     .letter = 't',
     .kind = WB_VALUE_DURATION,
     .value = "DURATION",
     .help = "How long to wait; none for no limit. The default is 1m."},
    {.name = NULL}};

static const wb_example examples[] = {
    {"wait --timeout 2m && whimbrel upgrade", "Migrate as soon as the server is up."},
    {.line = NULL}};

static bool wait_for(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    (void) arg;
    if (!wb_wait(target, wb_args_duration(&cli->args, "timeout", TIMEOUT_DEFAULT_MS), err))
        return false;
    if (cli->is_json) {
        json_t *object = json_object();
        wb_json_set(object, "target", wb_json_text(wb_target_name(target)));
        wb_json_set(object, "ready", json_true());
        wb_json_print(&cli->out, object);
    } else if (!cli->is_quiet) {
        wb_put(&cli->out, "%s: ready\n", wb_target_name(target));
    }
    return true;
}

static bool run(wb_cli *cli, wb_error *err)
{
    return wb_cli_each(cli, wait_for, NULL, err);
}

const wb_command wb_cmd_wait = {
    .name = "wait",
    .summary = "wait until the database answers",
    .description =
        "Tries to connect until the database takes a statement. A refused password ends it at "
        "once, since waiting would not help.",
    .options = options,
    .examples = examples,
    .needs = WB_NEEDS_DATABASE,
    .run = run,
};
