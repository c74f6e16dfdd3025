#include "cli/revision_out.h"

static const wb_positional positionals[] = {
    {.name = "SYMBOL",
     .kind = WB_VALUE_REVISION,
     .repeats = true,
     .help = "An id or its beginning, a label, head, heads, current, label@head, id+1."},
    {.name = NULL}};

static const wb_example examples[] = {{"show head", "Show the newest revision."},
                                      {"show b8a1 2963", "Show two of them."},
                                      {.line = NULL}};

static bool show(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_revision_list list = {0};
    if (!wb_find_revisions(target, cli->args.words.items, cli->args.words.count, arena, &list, err))
        return false;
    cli->is_verbose = true; /* one revision is shown with all that is known */
    wb_revision_out_add(cli, arg, target, &list);
    return true;
}

static bool run(wb_cli *cli, wb_error *err)
{
    return wb_revision_out_run(cli, show, err);
}

const wb_command wb_cmd_show = {
    .name = "show",
    .summary = "show all that is known of a revision",
    .description = "Prints the header of the revisions that the symbols mean, and their places in "
                   "the history. The database is asked only for current.",
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_PROJECT,
    .run = run,
};
