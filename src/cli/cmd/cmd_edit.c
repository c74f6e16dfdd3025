#include "cli/editor.h"

static const wb_positional positionals[] = {
    {.name = "SYMBOL",
     .kind = WB_VALUE_REVISION,
     .repeats = true,
     .help = "An id or its beginning, a label, head, heads, current, label@head."},
    {.name = NULL}};

static const wb_example examples[] = {{"edit head", "Open the newest revision."}, {.line = NULL}};

static bool fail_nothing(wb_error *err)
{
    (void) wb_fail(err, WB_E_UNKNOWN_REVISION, "there is no revision to edit");
    return wb_hint(err, "See `whimbrel history` for the revisions that there are.");
}

static bool run(wb_cli *cli, wb_error *err)
{
    wb_target *target = NULL;
    wb_revision_list list = {0};
    if (!wb_cli_one_target(cli, "editing", &target, err) ||
        !wb_find_revisions(target, cli->args.words.items, cli->args.words.count, cli->arena, &list,
                           err))
        return false;
    WB_LIST(const char *) paths = {0};
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].path != NULL)
            WB_LIST_ADD(cli->arena, &paths, list.items[i].path);
    }
    return paths.count > 0 ? wb_editor_open(cli, paths.items, paths.count, err) : fail_nothing(err);
}

const wb_command wb_cmd_edit = {
    .name = "edit",
    .summary = "open revision files in the editor",
    .description =
        "Opens the files of the revisions in $VISUAL, else $EDITOR, else vi. The variable may hold "
        "arguments, such as `code --wait`; no shell is involved.\n"
        "\n"
        "A file that was applied somewhere should not be edited but followed by a new revision.",
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_PROJECT,
    .run = run,
};
