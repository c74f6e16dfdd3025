/* Scripts that teach a shell the command tables. */
#ifndef WB_CLI_COMPLETE_SCRIPT_H
#define WB_CLI_COMPLETE_SCRIPT_H

#include "cli/command.h"
#include "cli/term.h"

void wb_complete_bash(wb_term *term);
void wb_complete_zsh(wb_term *term);
void wb_complete_fish(wb_term *term);

#endif
