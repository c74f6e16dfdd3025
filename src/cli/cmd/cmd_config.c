#include "cli/cli.h"

static const wb_positional positionals[] = {{.name = "KEY",
                                             .kind = WB_VALUE_TEXT,
                                             .optional = true,
                                             .help = "Print the value of this setting alone."},
                                            {.name = NULL}};

static const wb_example examples[] = {
    {"config", "Show every setting, its value, and where it comes from."}, {.line = NULL}};

static void put_origin(wb_cli *cli, const wb_setting_info *item)
{
    wb_put(&cli->out, "%s%s", wb_paint_begin(&cli->out, WB_PAINT_DIM), item->origin);
    if (item->source != NULL && strcmp(item->source, item->origin) != 0)
        wb_put(&cli->out, " %s", wb_clean(cli->arena, item->source));
    if (item->line != 0)
        wb_put(&cli->out, ":%u", item->line);
    wb_put(&cli->out, "%s\n", wb_paint_begin(&cli->out, WB_PAINT_NONE));
}

static void put_table(wb_cli *cli, const wb_setting_info *items, size_t count)
{
    int key_width = 0;
    int value_width = 0;
    enum { VALUE_WIDTH_MOST = 40 };
    for (size_t i = 0; i < count; i++) {
        int key = (int) strlen(items[i].key);
        int value = (int) strlen(items[i].value != NULL ? items[i].value : "");
        key_width = key > key_width ? key : key_width;
        if (value > value_width && value <= VALUE_WIDTH_MOST)
            value_width = value;
    }
    const char *file = wb_project_file(cli->workspace);
    if (file != NULL && cli->is_verbose)
        wb_put(&cli->out, "project file: %s\n", wb_clean(cli->arena, file));
    for (size_t i = 0; i < count; i++) {
        wb_put(&cli->out, "%-*s  %-*s  ", key_width, items[i].key, value_width,
               wb_clean(cli->arena, items[i].value));
        put_origin(cli, &items[i]);
    }
}

static json_t *to_json(const wb_setting_info *items, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_object();
        wb_json_set(item, "key", wb_json_text(items[i].key));
        wb_json_set(item, "value", wb_json_text(items[i].value));
        wb_json_set(item, "origin", wb_json_text(items[i].origin));
        wb_json_set(item, "source", wb_json_text(items[i].source));
        wb_json_set(item, "line", wb_json_place(items[i].line));
        wb_json_add(array, item);
    }
    return array;
}

static bool put_one(wb_cli *cli, const wb_setting_info *items, size_t count, const char *key,
                    wb_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(items[i].key, key) != 0)
            continue;
        if (cli->is_json)
            wb_json_print(&cli->out, to_json(&items[i], 1));
        else
            wb_put(&cli->out, "%s\n", wb_clean(cli->arena, items[i].value));
        return true;
    }
    (void) wb_fail(err, WB_E_USAGE, "there is no setting \"%s\"", key);
    return wb_hint(err, "See `whimbrel config` for all of them.");
}

static bool run(wb_cli *cli, wb_error *err)
{
    wb_setting_info *items = NULL;
    size_t count = 0;
    wb_settings(cli->workspace, cli->arena, &items, &count);
    if (cli->args.words.count > 0)
        return put_one(cli, items, count, cli->args.words.items[0], err);
    if (cli->is_json)
        wb_json_print(&cli->out, to_json(items, count));
    else
        put_table(cli, items, count);
    return true;
}

const wb_command wb_cmd_config = {
    .name = "config",
    .summary = "show the settings in force and where they come from",
    .description =
        "Prints every setting with its value and its origin: flag, environment, file or default, "
        "in this order of precedence. Passwords are masked.",
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_PROJECT,
    .run = run,
};
