#include "cli/new_revision.h"

static const wb_option options[] = {
    {.name = "message",
     .letter = 'm',
     .kind = WB_VALUE_TEXT,
     .value = "TEXT",
     .help = "What the merge is for. The default names the revisions merged."},
    {.name = "splice", .help = "Allow revisions that are no heads."},
    WB_OPTION_BRANCH_LABEL,
    WB_OPTION_DEPENDS_ON,
    WB_OPTION_REV_ID,
    WB_OPTION_FOLDER,
    WB_OPTION_EDIT,
    {.name = NULL}};

static const wb_positional positionals[] = {{.name = "REVISION",
                                             .kind = WB_VALUE_REVISION,
                                             .optional = true,
                                             .repeats = true,
                                             .help = "What to merge. The default is all heads."},
                                            {.name = NULL}};

static const wb_example examples[] = {
    {"merge", "Join all heads."},
    {"merge auth@head billing@head -m \"join billing\"", "Join two branches."},
    {.line = NULL}};

static bool run(wb_cli *cli, wb_error *err)
{
    return wb_write_revision(cli, wb_merge, cli->args.words.items, cli->args.words.count, "a merge",
                             err);
}

const wb_command wb_cmd_merge = {
    .name = "merge",
    .summary = "write a revision that joins several heads",
    .description =
        "Writes a revision that revises all those given. It is what a team needs after two people "
        "wrote a revision on the same head: the history has one head again, and databases that "
        "have either side go on.\n"
        "\n"
        "The merge itself usually changes nothing; its sections may hold SQL that the join needs.",
    .options = options,
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_PROJECT,
    .run = run,
};
