/* The offline form of a command: a SQL script that does the same, for people who may not or will
 * not run Whimbrel against the database. Nothing is connected to. */
#ifndef WB_ENGINE_SCRIPT_H
#define WB_ENGINE_SCRIPT_H

#include "engine/run_plan.h"

/* Writes the script of `command` for the targets of `options`, one of which may be a range. */
bool wb_script_command(const wb_context *context, const char *command,
                       const wb_run_options *options, wb_write_fn *write, void *arg, wb_error *err);

#endif
