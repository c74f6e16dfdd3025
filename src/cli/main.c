/* The program: reads its words, opens the project, runs the command, tells the error. */
#include "cli/cli.h"
#include "cli/error_out.h"
#include "cli/usage.h"

#include <errno.h>
#include <unistd.h>

/* Copies the words, and overwrites those that may hold a password: the process list of the
 * machine shows them to everybody. */
static char **take_words(wb_arena *arena, int argc, char **argv)
{
    char **copy = WB_NEW_ARRAY(arena, char *, (size_t) argc + 1);
    for (int i = 0; i < argc; i++) {
        copy[i] = wb_arena_strdup(arena, argv[i]);
        char *from = strstr(argv[i], "://");
        if (from == NULL)
            from = strstr(argv[i], "password");
        if (i > 0 && from != NULL)
            memset(from, '*', strlen(from));
    }
    return copy;
}

static bool go_to_folder(const wb_cli *cli, wb_error *err)
{
    const char *folder = wb_args_value(&cli->args, "directory");
    if (folder == NULL || chdir(folder) == 0)
        return true;
    (void) wb_fail_errno(err, errno, "cannot go to the folder \"%s\"", folder);
    return wb_hint(err, "--directory takes the folder of a project.");
}

static bool run_command(wb_cli *cli, wb_error *err)
{
    if (wb_args_has(&cli->args, "help")) {
        wb_usage_print(&cli->out, cli->args.command);
        return true;
    }
    const wb_command *command = cli->args.command;
    if (wb_args_has(&cli->args, "version"))
        command = wb_command_find("version");
    if (!go_to_folder(cli, err))
        return false;
    bool ok = command->needs == WB_NEEDS_NOTHING || wb_cli_open(cli, err);
    ok = ok && command->run(cli, err);
    wb_cli_close(cli);
    return ok;
}

static void read_flags(wb_cli *cli, bool parsed, int argc, char *const *argv)
{
    const char *color = wb_args_value(&cli->args, "color");
    wb_term_init(&cli->out, stdout, color);
    wb_term_init(&cli->err, stderr, color);
    cli->is_quiet = wb_args_has(&cli->args, "quiet");
    cli->is_verbose = wb_args_has(&cli->args, "verbose");
    cli->is_json = wb_args_has(&cli->args, "json");
    /* An error in words before --json is told as JSON too. */
    for (int i = 1; !parsed && i < argc && strcmp(argv[i], "--") != 0; i++)
        cli->is_json = cli->is_json || strcmp(argv[i], "--json") == 0;
}

int main(int argc, char **argv)
{
    WB_SCRATCH(arena);
    wb_cli cli = {.arena = arena};
    wb_error err;
    char *const *words = take_words(arena, argc, argv);
    bool ok = wb_args_parse(arena, argc, words, &cli.args, &err);
    read_flags(&cli, ok, argc, words);
    if (ok && wb_interrupt_start(&cli.interrupt, cli.is_json, &err)) {
        wb_progress_open(&cli.progress, &cli.out, &cli.err, cli.is_quiet, cli.is_json);
        ok = run_command(&cli, &err);
        wb_progress_close(&cli.progress);
        wb_interrupt_stop(&cli.interrupt);
    } else {
        ok = false;
    }
    wb_error output;
    bool written = wb_term_finish(&cli.out, &output);
    if (!ok)
        wb_error_print(&cli.err, &err, cli.is_json);
    if (!written)
        wb_error_print(&cli.err, &output, cli.is_json);
    if (!ok)
        return wb_status_exit_code(err.status);
    return cli.exit_code != 0 || written ? cli.exit_code : wb_status_exit_code(output.status);
}
