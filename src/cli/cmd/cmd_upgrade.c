#include "cli/run_targets.h"

static const wb_option options[] = {
    WB_OPTION_DRY_RUN,
    {.name = "sql",
     .help = "Print a SQL script that does the same, including the rows of the ledger. Connects "
             "to nothing; the start is the left side of A:B, or an empty database."},
    WB_OPTION_TRANSACTION,
    WB_OPTION_VAR,
    WB_OPTION_LOCK_RETRIES,
    {.name = NULL}};

static const wb_positional positionals[] = {
    {.name = "TARGET",
     .kind = WB_VALUE_REVISION,
     .optional = true,
     .repeats = true,
     .help = "Where to go: an id or its beginning, a label, head, heads, label@head, +2, id+1. "
             "The default is heads."},
    {.name = NULL}};

static const wb_example examples[] = {
    {"upgrade", "Apply all that is pending, in every database of the project."},
    {"upgrade +1", "Apply the next revision."},
    {"upgrade --dry-run auth@head", "Show what a branch still needs."},
    {"upgrade --sql b8a1:head >next.sql", "Write a script for somebody else to run."},
    {.line = NULL}};

static bool run(wb_cli *cli, wb_error *err)
{
    return wb_run_targets(cli, wb_upgrade, err);
}

const wb_command wb_cmd_upgrade = {
    .name = "upgrade",
    .summary = "apply revisions up to a target",
    .description =
        "Applies every revision that the target needs and the database does not have, in an order "
        "in which each comes after those that it revises or depends on. With nothing pending it "
        "asks one question, takes no lock, and ends.\n"
        "\n"
        "Each revision is recorded in the same transaction that applies it, where the engine can "
        "do that. A run that is killed is continued by the next one at the statement where it "
        "stopped; there is nothing to clean up in between. One runner works on a database at a "
        "time; a second one waits (--lock-timeout) and ends with exit code 5 if it waits in "
        "vain.",
    .options = options,
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_DATABASE,
    .run = run,
};
