#include "cli/new_revision.h"

#include "cli/editor.h"
#include "cli/revision_out.h"

static void put_written(wb_cli *cli, wb_target *target, const wb_revision_info *info)
{
    if (cli->is_json) {
        wb_json_print(&cli->out, wb_json_revision(wb_target_name(target), info));
        return;
    }
    WB_AUTO_BUF(line, 0);
    wb_revision_line(cli, info, &line);
    if (!cli->is_quiet)
        wb_put(&cli->out, "%s\n", wb_buf_text(&line));
    /* The path alone on its line is what a script wants, and stays with --quiet. */
    wb_put(&cli->out, "%s\n", wb_clean(cli->arena, info->path));
}

bool wb_write_revision(wb_cli *cli, wb_write_revision_fn *write, const char *const *heads,
                       size_t head_count, const char *what, wb_error *err)
{
    const wb_args *args = &cli->args;
    wb_new_revision_options options = {
        .message = wb_args_value(args, "message"),
        .id = wb_args_value(args, "rev-id"),
        .heads = heads,
        .head_count = head_count,
        .splice = wb_args_has(args, "splice"),
        .folder = wb_args_value(args, "folder"),
    };
    options.branch_labels =
        wb_args_values(args, "branch-label", cli->arena, &options.branch_label_count);
    options.depends_on = wb_args_values(args, "depends-on", cli->arena, &options.depends_on_count);
    wb_target *target = NULL;
    wb_revision_info info = {0};
    if (!wb_cli_one_target(cli, what, &target, err) ||
        !write(target, &options, cli->arena, &info, err))
        return false;
    put_written(cli, target, &info);
    return !wb_args_has(args, "edit") || wb_editor_open(cli, &info.path, 1, err);
}
