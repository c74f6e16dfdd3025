#include "cli/cli.h"

static const wb_option options[] = {
    {.name = "database",
     .asks_database = true,
     .help = "Also ask the database: what is pending (exit code 3), edited or missing (exit code "
             "1)."},
    {.name = NULL}};

static const wb_example examples[] = {
    {"check", "Check the files, in a commit hook or before a merge."},
    {"check --database", "Check that a database is up to date, before a deployment."},
    {.line = NULL}};

static json_t *to_json(const wb_target *target, const wb_check_info *info)
{
    json_t *findings = json_array();
    for (size_t i = 0; i < info->finding_count; i++) {
        const wb_finding *finding = &info->findings[i];
        json_t *item = json_object();
        wb_json_set(item, "kind", wb_json_text(finding->kind));
        wb_json_set(item, "error", json_boolean(finding->is_error));
        wb_json_set(item, "revision", wb_json_text(finding->revision));
        wb_json_set(item, "file", wb_json_text(finding->file));
        wb_json_set(item, "text", wb_json_text(finding->text));
        wb_json_set(item, "hint", wb_json_text(finding->hint));
        wb_json_add(findings, item);
    }
    json_t *object = json_object();
    wb_json_set(object, "target", wb_json_text(wb_target_name(target)));
    wb_json_set(object, "asked_database", json_boolean(info->asked_database));
    wb_json_set(object, "revisions", json_integer((json_int_t) info->revision_count));
    wb_json_set(object, "pending",
                info->asked_database ? json_integer((json_int_t) info->pending_count)
                                     : json_null());
    wb_json_set(object, "errors", json_integer((json_int_t) info->error_count));
    wb_json_set(object, "findings", findings);
    return object;
}

static void put_finding(wb_cli *cli, const wb_finding *finding, wb_arena *arena)
{
    const char *none = wb_paint_begin(&cli->out, WB_PAINT_NONE);
    wb_put(&cli->out, "%s%s%s: %s%s%s\n",
           wb_paint_begin(&cli->out, finding->is_error ? WB_PAINT_BAD : WB_PAINT_WARN),
           finding->is_error ? "error" : "remark", none, wb_clean(arena, finding->revision),
           finding->revision != NULL ? ": " : "", wb_clean(arena, finding->text));
    if (finding->file != NULL)
        wb_put(&cli->out, " --> %s\n", wb_clean(arena, finding->file));
    if (finding->hint != NULL)
        wb_put(&cli->out, "%shint:%s %s\n", wb_paint_begin(&cli->out, WB_PAINT_GOOD), none,
               wb_clean(arena, finding->hint));
}

static void put_summary(wb_cli *cli, const wb_check_info *info)
{
    wb_put(&cli->out, "%zu revision%s checked, %zu error%s", info->revision_count,
           wb_plural(info->revision_count), info->error_count, wb_plural(info->error_count));
    if (info->asked_database)
        wb_put(&cli->out, ", %zu pending", info->pending_count);
    wb_put(&cli->out, "\n");
}

static bool check(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_check_info info = {0};
    json_t *array = arg;
    if (!wb_check(target, wb_args_has(&cli->args, "database"), arena, &info, err))
        return false;
    if (info.error_count > 0)
        wb_cli_set_exit(cli, WB_E_REVISION);
    else if (info.pending_count > 0 && info.asked_database)
        wb_cli_set_exit(cli, WB_E_PENDING);
    if (cli->is_json) {
        wb_json_add(array, to_json(target, &info));
        return true;
    }
    for (size_t i = 0; i < info.finding_count; i++)
        put_finding(cli, &info.findings[i], arena);
    if (!cli->is_quiet)
        put_summary(cli, &info);
    return true;
}

static bool run(wb_cli *cli, wb_error *err)
{
    json_t *array = cli->is_json ? json_array() : NULL;
    bool ok = wb_cli_each_headed(cli, check, array, err);
    if (ok && array != NULL)
        wb_json_print(&cli->out, array);
    else
        json_decref(array);
    return ok;
}

const wb_command wb_cmd_check = {
    .name = "check",
    .summary = "check revision files, and with --database the database",
    .description =
        "Reads every revision file completely: header, sections, statements, links. Finds what "
        "would fail later, and heads that nobody has merged. Nothing is changed and, without "
        "--database, nothing is connected to.\n"
        "\n"
        "Exit codes: 0 all is well, 1 errors were found, 3 only pending revisions were found.",
    .options = options,
    .examples = examples,
    .needs = WB_NEEDS_PROJECT,
    .run = run,
};
