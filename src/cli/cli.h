/* What a command runs in: its words, its streams, and the project with the databases chosen. */
#ifndef WB_CLI_CLI_H
#define WB_CLI_CLI_H

#include "cli/args.h"
#include "cli/interrupt.h"
#include "cli/json_out.h"
#include "cli/progress.h"
#include "cli/term.h"

struct wb_cli {
    wb_arena *arena; /* lives as long as the program */
    wb_args args;
    wb_term out;
    wb_term err;
    bool is_quiet;
    bool is_verbose;
    bool is_json;
    wb_interrupt interrupt;
    wb_progress progress;
    wb_workspace *workspace; /* NULL for commands that need none */
    wb_target **targets;     /* all, or those of --only, in the project's order */
    size_t target_count;
    int exit_code; /* for an outcome that was told already */
};

/* Opens the project as the global options say. */
bool wb_cli_open(wb_cli *cli, wb_error *err);
void wb_cli_close(wb_cli *cli);

typedef bool wb_target_fn(wb_cli *cli, wb_target *target, void *arg, wb_error *err);
/* Calls `each` for every database chosen. With several, a failure is told at once and the others
 * go on; the exit code is that of the first failure, and true is returned. */
bool wb_cli_each(wb_cli *cli, wb_target_fn *each, void *arg, wb_error *err);
/* As wb_cli_each, with a heading before each database where there are several. */
bool wb_cli_each_headed(wb_cli *cli, wb_target_fn *each, void *arg, wb_error *err);
/* The one database chosen; fails with USAGE where there are several. `what` says for what it is
 * needed, such as "a new revision". */
bool wb_cli_one_target(wb_cli *cli, const char *what, wb_target **ret_target, wb_error *err);
/* Sets the exit code unless an earlier failure has set it. */
void wb_cli_set_exit(wb_cli *cli, wb_status status);

#endif
