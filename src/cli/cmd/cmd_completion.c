#include "cli/cli.h"
#include "cli/complete_script.h"

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

/* --list is what the scripts call while the user types. */
static const char *const lists[] = {"revisions", "databases", "commands", NULL};

static const wb_option options[] = {{.name = "list",
                                     .kind = WB_VALUE_CHOICE,
                                     .value = "WHAT",
                                     .choices = lists,
                                     .hidden = true,
                                     .help = "Print candidates for the script."},
                                    {.name = NULL}};

static const wb_positional positionals[] = {{.name = "SHELL",
                                             .kind = WB_VALUE_CHOICE,
                                             .choices = shells,
                                             .optional = true,
                                             .help = "bash, zsh or fish."},
                                            {.name = NULL}};

static const wb_example examples[] = {
    {"completion bash >~/.local/share/bash-completion/completions/whimbrel",
     "Install it for one user."},
    {.line = NULL}};

static bool list_revisions(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_revision_list list = {0};
    (void) arg;
    if (!wb_history(target, NULL, false, arena, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        wb_put(&cli->out, "%s\n", wb_clean(arena, list.items[i].id));
        for (size_t k = 0; k < list.items[i].label_count; k++)
            wb_put(&cli->out, "%s@head\n", wb_clean(arena, list.items[i].labels[k]));
    }
    return true;
}

static bool print_list(wb_cli *cli, const char *what, wb_error *err)
{
    if (strcmp(what, "commands") == 0) {
        for (size_t i = 0; wb_commands[i] != NULL; i++)
            wb_put(&cli->out, "%s\n", wb_commands[i]->name);
        return true;
    }
    if (!wb_cli_open(cli, err))
        return false;
    if (strcmp(what, "databases") == 0) {
        for (size_t i = 0; i < cli->target_count; i++)
            wb_put(&cli->out, "%s\n", wb_target_name(cli->targets[i]));
        return true;
    }
    wb_put(&cli->out, "head\nheads\nbase\ncurrent\n");
    return wb_cli_each(cli, list_revisions, NULL, err);
}

static bool run(wb_cli *cli, wb_error *err)
{
    const char *list = wb_args_value(&cli->args, "list");
    if (list != NULL)
        return print_list(cli, list, err);
    if (cli->args.words.count == 0) {
        (void) wb_fail(err, WB_E_USAGE, "completion needs the name of a shell");
        return wb_hint(err, "It is one of bash, zsh or fish.");
    }
    const char *shell = cli->args.words.items[0];
    if (strcmp(shell, "bash") == 0)
        wb_complete_bash(&cli->out);
    else if (strcmp(shell, "zsh") == 0)
        wb_complete_zsh(&cli->out);
    else
        wb_complete_fish(&cli->out);
    return true;
}

const wb_command wb_cmd_completion = {
    .name = "completion",
    .summary = "print a completion script for a shell",
    .description =
        "Prints a script that completes commands, options and their values, revisions and names "
        "of databases. The script asks the program of the same version, so it never falls behind.\n"
        "\n"
        "  bash   source <(whimbrel completion bash)\n"
        "  zsh    source <(whimbrel completion zsh)\n"
        "  fish   whimbrel completion fish | source",
    .options = options,
    .positionals = positionals,
    .examples = examples,
    .needs = WB_NEEDS_NOTHING,
    .run = run,
};
