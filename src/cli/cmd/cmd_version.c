#include "cli/cli.h"

static bool run(wb_cli *cli, wb_error *err)
{
    (void) err;
    if (cli->is_json) {
        json_t *object = json_object();
        wb_json_set(object, "version", wb_json_text(wb_version()));
        wb_json_print(&cli->out, object);
    } else {
        wb_put(&cli->out, "whimbrel %s\n", wb_version());
    }
    return true;
}

const wb_command wb_cmd_version = {
    .name = "version",
    .summary = "print the version",
    .description = "Prints the version of the program and its library.",
    .needs = WB_NEEDS_NOTHING,
    .run = run,
};
