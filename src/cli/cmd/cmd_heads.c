#include "cli/revision_out.h"

static const wb_option options[] = {
    {.name = "resolve-dependencies",
     .help = "Leave out heads that another revision depends on: what upgrading to heads leads "
             "to."},
    {.name = NULL}};

static const wb_example examples[] = {{"heads", "Show where the lines of history end."},
                                      {.line = NULL}};

static bool show(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_revision_list list = {0};
    if (!wb_heads(target, wb_args_has(&cli->args, "resolve-dependencies"), arena, &list, err))
        return false;
    if (cli->is_json || cli->is_verbose) {
        wb_revision_out_add(cli, arg, target, &list);
        return true;
    }
    for (size_t i = 0; i < list.count; i++) {
        WB_AUTO_BUF(line, 0);
        wb_revision_name(cli, &list.items[i], &line);
        wb_put(&cli->out, "%s\n", wb_buf_text(&line));
    }
    return true;
}

static bool run(wb_cli *cli, wb_error *err)
{
    return wb_revision_out_run(cli, show, err);
}

const wb_command wb_cmd_heads = {
    .name = "heads",
    .summary = "show the heads of the history",
    .description =
        "Prints the revisions that no other one revises. More than one means that the history has "
        "branches: `whimbrel merge` joins them, `whimbrel upgrade heads` applies them all.",
    .options = options,
    .examples = examples,
    .needs = WB_NEEDS_PROJECT,
    .run = run,
};
