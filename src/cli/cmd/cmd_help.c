#include "cli/cli.h"
#include "cli/manual_page.h"
#include "cli/usage.h"

/* --manual is what the build calls to make the manual pages. */
static const wb_option options[] = {
    {.name = "manual", .hidden = true, .help = "Print the source of the manual page."},
    {.name = NULL}};

static const wb_positional positionals[] = {
    {.name = "COMMAND", .kind = WB_VALUE_COMMAND, .optional = true, .help = "What to explain."},
    {.name = NULL}};

static const wb_example examples[] = {{"help upgrade", "Explain a command."}, {.line = NULL}};

static bool run(wb_cli *cli, wb_error *err)
{
    const wb_command *command = NULL;
    if (cli->args.words.count > 0) {
        command = wb_command_find(cli->args.words.items[0]);
        if (command == NULL)
            return wb_args_fail_command(cli->args.words.items[0], cli->arena, err);
    }
    if (wb_args_has(&cli->args, "manual"))
        wb_manual_print(&cli->out, command);
    else
        wb_usage_print(&cli->out, command);
    return true;
}

const wb_command wb_cmd_help = {
    .name = "help",
    .summary = "explain the program or a command",
    .description = "Prints the same as --help. The manual pages whimbrel(1) and "
                   "whimbrel-COMMAND(1) say more.",
    .options = options,
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_NOTHING,
    .run = run,
};
