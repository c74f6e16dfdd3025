#include "cli/revision_out.h"

static const wb_option options[] = {
    {.name = "check-heads", .help = "End with exit code 3 unless every head is applied."},
    {.name = NULL}};

static const wb_example examples[] = {
    {"current", "Show what the database is at."},
    {"current --check-heads -q && start-service", "Start only on a database that is up to date."},
    {.line = NULL}};

static bool has(const wb_revision_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].id, id) == 0)
            return true;
    }
    return false;
}

static bool check_heads(wb_target *target, const wb_revision_list *current, wb_arena *arena,
                        wb_error *err)
{
    wb_revision_list heads = {0};
    if (!wb_heads(target, true, arena, &heads, err))
        return false;
    WB_AUTO_BUF(lacking, 0);
    for (size_t i = 0; i < heads.count; i++) {
        if (!has(current, heads.items[i].id))
            wb_buf_printf(&lacking, "%s%s", lacking.len > 0 ? ", " : "", heads.items[i].id);
    }
    if (lacking.len == 0)
        return true;
    (void) wb_fail(err, WB_E_PENDING, "the database is not at %s", wb_buf_text(&lacking));
    return wb_hint(err, "Run `whimbrel upgrade`.");
}

static bool show(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_revision_list list = {0};
    if (!wb_current(target, arena, &list, err))
        return false;
    if (cli->is_json || cli->is_verbose) {
        wb_revision_out_add(cli, arg, target, &list);
    } else {
        for (size_t i = 0; i < list.count && !cli->is_quiet; i++) {
            WB_AUTO_BUF(line, 0);
            wb_revision_name(cli, &list.items[i], &line);
            wb_put(&cli->out, "%s\n", wb_buf_text(&line));
        }
    }
    return !wb_args_has(&cli->args, "check-heads") || check_heads(target, &list, arena, err);
}

static bool run(wb_cli *cli, wb_error *err)
{
    return wb_revision_out_run(cli, show, err);
}

const wb_command wb_cmd_current = {
    .name = "current",
    .summary = "show what the database is at",
    .description =
        "Prints the applied revisions that no other applied revision follows: one for each line "
        "of history, and those that are applied only because others depend on them. An empty "
        "database prints nothing.",
    .options = options,
    .examples = examples,
    .needs = WB_NEEDS_DATABASE,
    .run = run,
};
