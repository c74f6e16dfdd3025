#include "cli/lanes.h"
#include "cli/revision_out.h"

static const wb_option options[] = {
    {.name = "rev-range",
     .letter = 'r',
     .kind = WB_VALUE_REVISION,
     .value = "A:B",
     .help = "Only revisions from A to B; either side may be empty."},
    {.name = "indicate-current",
     .letter = 'i',
     .asks_database = true,
     .help = "Ask the database, and mark what is current; with --verbose also when and by whom "
             "each was applied."},
    {.name = "graph", .letter = 'g', .help = "Draw branches and merges as lanes."},
    {.name = NULL}};

static const wb_example examples[] = {
    {"history", "List all revisions, newest first."},
    {"history --graph -i", "Draw them, and mark where the database is."},
    {"history -r b8a1:", "List what came since b8a1."},
    {.line = NULL}};

static void draw(wb_cli *cli, const wb_revision_list *list, wb_arena *arena)
{
    WB_AUTO_BUF(drawing, 0);
    wb_lanes lanes;
    wb_lanes_open(&lanes, list, cli->out.has_unicode, arena);
    for (size_t i = 0; i < list->count; i++) {
        const wb_revision_info *info = &list->items[i];
        WB_AUTO_BUF(text, 0);
        if (cli->is_verbose) {
            wb_revision_details(cli, info, &text);
        } else {
            wb_revision_name(cli, info, &text);
            wb_buf_printf(&text, " %s", wb_clean(arena, info->message));
            for (size_t k = 0; k < info->depends_on_count; k++)
                wb_buf_printf(&text, "%s%s", k > 0 ? ", " : " <- ", info->depends_on[k]);
        }
        wb_lanes_draw(&lanes, info, wb_buf_text(&text), &drawing);
    }
    wb_lanes_close(&lanes);
    wb_put_bytes(&cli->out, wb_buf_text(&drawing), drawing.len);
}

static bool show(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_revision_list list = {0};
    bool ask = wb_args_has(&cli->args, "indicate-current");
    if (!wb_history(target, wb_args_value(&cli->args, "rev-range"), ask, arena, &list, err))
        return false;
    if (wb_args_has(&cli->args, "graph") && !cli->is_json)
        draw(cli, &list, arena);
    else
        wb_revision_out_add(cli, arg, target, &list);
    return true;
}

static bool run(wb_cli *cli, wb_error *err)
{
    return wb_revision_out_run(cli, show, err);
}

const wb_command wb_cmd_history = {
    .name = "history",
    .summary = "list revisions, newest first",
    .description =
        "Lists revisions with what they revise, newest first. The database is asked only with "
        "--indicate-current, or where the range names current.",
    .options = options,
    .examples = examples,
    .needs = WB_NEEDS_PROJECT,
    .run = run,
};
