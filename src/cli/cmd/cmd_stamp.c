#include "cli/run_targets.h"

static const wb_option options[] = {
    {.name = "purge",
     .help = "Forget all rows of the ledger first, also those of revisions that the files do not "
             "know."},
    {.name = "dry-run", .help = "Show what would be recorded and forgotten; change nothing."},
    {.name = "sql", .help = "Print the SQL that does it. Connects to nothing."},
    {.name = NULL}};

static const wb_positional positionals[] = {
    {.name = "TARGET",
     .kind = WB_VALUE_REVISION,
     .repeats = true,
     .help = "What the database is at: an id or its beginning, a label, head, heads, base."},
    {.name = NULL}};

static const wb_example examples[] = {
    {"stamp head", "Take over a database whose schema is there already."},
    {"stamp --purge base", "Forget everything that the ledger knows."},
    {.line = NULL}};

static bool run(wb_cli *cli, wb_error *err)
{
    return wb_run_targets(cli, wb_stamp, err);
}

const wb_command wb_cmd_stamp = {
    .name = "stamp",
    .summary = "record revisions as applied without running them",
    .description =
        "Makes the ledger say that the database is at the target: revisions behind it are "
        "recorded, others are forgotten. No section of any file is run, so the schema must be "
        "what the ledger then says.\n"
        "\n"
        "Rows that stay take the checksums of the files as they are now; this is how an edit of "
        "an applied file is accepted.",
    .options = options,
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_DATABASE,
    .run = run,
};
