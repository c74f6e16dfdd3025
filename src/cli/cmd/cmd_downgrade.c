#include "cli/run_targets.h"

static const wb_option options[] = {
    WB_OPTION_DRY_RUN,
    {.name = "sql",
     .help = "Print a SQL script that does the same, including the rows of the ledger. Connects "
             "to nothing; the target is then A:B, from A down to B."},
    WB_OPTION_TRANSACTION,
    WB_OPTION_VAR,
    WB_OPTION_LOCK_RETRIES,
    {.name = NULL}};

static const wb_positional positionals[] = {
    {.name = "TARGET",
     .kind = WB_VALUE_REVISION,
     .help = "Where to go: an id or its beginning, a label, base, -1, label@-1, label@base, "
             "id-1."},
    {.name = NULL}};

static const wb_example examples[] = {
    {"downgrade -1", "Undo the newest revision."},
    {"downgrade --dry-run base", "Show what undoing everything would run."},
    {"downgrade auth@base", "Undo one branch, and what depends on it."},
    {.line = NULL}};

static bool run(wb_cli *cli, wb_error *err)
{
    return wb_run_targets(cli, wb_downgrade, err);
}

const wb_command wb_cmd_downgrade = {
    .name = "downgrade",
    .summary = "undo revisions down to a target",
    .description =
        "Runs the migrate:down section of every applied revision above the target, newest first, "
        "together with the revisions that depend on them. The target itself stays applied; base "
        "undoes everything.\n"
        "\n"
        "A revision without a migrate:down section cannot be undone; this is found out before "
        "anything is run. Data that a section drops is gone: look at --dry-run first.",
    .options = options,
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_DATABASE,
    .run = run,
};
