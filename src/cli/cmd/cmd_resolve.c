#include "cli/cli.h"

#include <limits.h>

static const char *const outcomes[] = {"done", "undone", NULL};

static const wb_option options[] = {
    {.name = "statement",
     .kind = WB_VALUE_NUMBER,
     .value = "N",
     .help = "Number of the statement in its section, as the error named it."},
    {.name = "as",
     .kind = WB_VALUE_CHOICE,
     .value = "OUTCOME",
     .choices = outcomes,
     .help = "done: it happened, go on behind it. undone: it did not, run it again."},
    {.name = NULL}};

static const wb_positional positionals[] = {
    {.name = "REVISION", .kind = WB_VALUE_REVISION, .help = "Id of the revision."}, {.name = NULL}};

static const wb_example examples[] = {
    {"resolve b8a169f37b24 --statement 2 --as done", "Say that the statement took effect."},
    {.line = NULL}};

static bool require(const wb_cli *cli, const char *name, wb_error *err)
{
    if (wb_args_has(&cli->args, name))
        return true;
    (void) wb_fail(err, WB_E_USAGE, "resolve needs --%s", name);
    return wb_hint(err, "See `whimbrel resolve --help`.");
}

static bool run(wb_cli *cli, wb_error *err)
{
    wb_target *target = NULL;
    if (!require(cli, "statement", err) || !require(cli, "as", err))
        return false;
    uint64_t statement = wb_args_number(&cli->args, "statement");
    if (statement == 0 || statement > UINT_MAX)
        return wb_fail(err, WB_E_USAGE, "statements are counted from 1");
    const char *revision = cli->args.words.items[0];
    const char *outcome = wb_args_value(&cli->args, "as");
    bool done = strcmp(outcome, "done") == 0;
    if (!wb_cli_one_target(cli, "resolve", &target, err) ||
        !wb_resolve(target, revision, (unsigned) statement, done, err))
        return false;
    if (!cli->is_quiet && !cli->is_json)
        wb_put(&cli->out, "statement %u of %s counts as %s; go on with `whimbrel upgrade`\n",
               (unsigned) statement, wb_clean(cli->arena, revision), outcome);
    return true;
}

const wb_command wb_cmd_resolve = {
    .name = "resolve",
    .summary = "say how an interrupted statement ended",
    .description =
        "On engines that commit each DDL statement by itself, a run that was killed during a "
        "statement finds out alone whether it took effect. Where that cannot be known, the next "
        "run stops and names the revision and the statement. Look at the database, then say "
        "here what happened; the run after that continues.",
    .options = options,
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_DATABASE,
    .run = run,
};
