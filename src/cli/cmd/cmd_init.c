#include "cli/cli.h"

static const wb_positional positionals[] = {
    {.name = "DIR",
     .kind = WB_VALUE_FOLDER,
     .optional = true,
     .help = "Folder of the project; made where it is missing. The default is the current one."},
    {.name = NULL}};

static const wb_example examples[] = {
    {"init", "Begin here; the URL comes from DATABASE_URL, else it is sqlite:app.db."},
    {"init --url sqlite:forum.db forum", "Begin in a new folder with another database."},
    {.line = NULL}};

static bool run(wb_cli *cli, wb_error *err)
{
    wb_init_options options = {
        .folder = cli->args.words.count > 0 ? cli->args.words.items[0] : ".",
        .url = wb_args_value(&cli->args, "url"),
    };
    const char **paths = NULL;
    size_t count = 0;
    if (!wb_init(&options, cli->arena, &paths, &count, err))
        return false;
    if (cli->is_json) {
        json_t *object = json_object();
        wb_json_set(object, "written", wb_json_texts(paths, count));
        wb_json_print(&cli->out, object);
        return true;
    }
    for (size_t i = 0; i < count && !cli->is_quiet; i++)
        wb_put(&cli->out, "wrote %s\n", wb_clean(cli->arena, paths[i]));
    if (!cli->is_quiet)
        wb_put(&cli->out, "next: whimbrel revision -m \"create users table\"\n");
    return true;
}

const wb_command wb_cmd_init = {
    .name = "init",
    .summary = "begin a project",
    .description =
        "Writes whimbrel.yaml and a folder for revisions. Nothing that exists is replaced.\n"
        "\n"
        "A URL given with --url is written into whimbrel.yaml as it is, so a password belongs in "
        "a variable: --url '${DATABASE_URL}'.",
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_NOTHING,
    .run = run,
};
