#include "cli/revision_out.h"

static const wb_example examples[] = {{"branches", "Show where the history forks."},
                                      {.line = NULL}};

static bool show(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_revision_list list = {0};
    if (!wb_branches(target, arena, &list, err))
        return false;
    if (cli->is_json || cli->is_verbose) {
        wb_revision_out_add(cli, arg, target, &list);
        return true;
    }
    for (size_t i = 0; i < list.count; i++) {
        const wb_revision_info *info = &list.items[i];
        WB_AUTO_BUF(text, 0);
        wb_revision_name(cli, info, &text);
        for (size_t k = 0; k < info->child_count; k++)
            wb_buf_printf(&text, "\n    -> %s", wb_clean(arena, info->children[k]));
        wb_put(&cli->out, "%s\n", wb_buf_text(&text));
    }
    return true;
}

static bool run(wb_cli *cli, wb_error *err)
{
    return wb_revision_out_run(cli, show, err);
}

const wb_command wb_cmd_branches = {
    .name = "branches",
    .summary = "show where the history forks",
    .description = "Prints the revisions that more than one other revises, with those.",
    .examples = examples,
    .needs = WB_NEEDS_PROJECT,
    .run = run,
};
