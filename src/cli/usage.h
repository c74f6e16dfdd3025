/* Help from the command tables. */
#ifndef WB_CLI_USAGE_H
#define WB_CLI_USAGE_H

#include "cli/command.h"
#include "cli/term.h"

/* Help of a command; of the whole program where it is NULL. */
void wb_usage_print(wb_term *term, const wb_command *command);
/* "upgrade [OPTIONS] [TARGET...]", without the program's name. */
const char *wb_usage_synopsis(const wb_command *command, wb_arena *arena);
/* "-c, --config FILE". */
const char *wb_usage_option(const wb_option *option, wb_arena *arena);
/* Has the table a row that help shows? */
bool wb_usage_has_options(const wb_option *table);

#endif
