/* Manual pages from the command tables, as scdoc source. */
#ifndef WB_CLI_MANUAL_PAGE_H
#define WB_CLI_MANUAL_PAGE_H

#include "cli/command.h"
#include "cli/term.h"

/* The page of a command; of the whole program where it is NULL. The program's page ends where the
 * hand-written sections of docs/man/whimbrel.scd go on. */
void wb_manual_print(wb_term *term, const wb_command *command);

#endif
