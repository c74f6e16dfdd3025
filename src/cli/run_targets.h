/* What upgrade, downgrade and stamp share: options to run options, plans and results to text. */
#ifndef WB_CLI_RUN_TARGETS_H
#define WB_CLI_RUN_TARGETS_H

#include "cli/cli.h"

/* Rows of the option tables, written once. */
#define WB_OPTION_DRY_RUN                                                             \
    {                                                                                 \
        .name = "dry-run", .help = "Show the steps; change nothing and take no lock." \
    }
#define WB_OPTION_TRANSACTION                                                                    \
    {                                                                                            \
        .name = "transaction", .kind = WB_VALUE_CHOICE, .value = "HOW",                          \
        .choices = wb_transaction_choices,                                                       \
        .help = "each: every revision is a transaction of its own. all: the whole run is one, "  \
                "where the engine can do that. The default is the project's setting, else each." \
    }
#define WB_OPTION_VAR                                                                              \
    {                                                                                              \
        .name = "var", .kind = WB_VALUE_PAIR, .value = "NAME=VALUE", .repeats = true,              \
        .help = "Value of a variable, for files that declare it in their header. May be repeated." \
    }
#define WB_OPTION_LOCK_RETRIES                                                                    \
    {                                                                                             \
        .name = "lock-retries", .kind = WB_VALUE_NUMBER, .value = "N", .setting = "lock_retries", \
        .help = "How often a step that could not get a lock on a table is tried again."           \
    }
extern const char *const wb_transaction_choices[];

typedef bool wb_run_fn(wb_target *target, const wb_run_options *options, wb_arena *arena,
                       wb_plan_info *ret_plan, wb_error *err);

/* Runs `run` (or prints its script with --sql) on every database chosen. */
bool wb_run_targets(wb_cli *cli, wb_run_fn *run, wb_error *err);

#endif
