/* The user's editor, run without a shell. */
#ifndef WB_CLI_EDITOR_H
#define WB_CLI_EDITOR_H

#include "cli/cli.h"

/* Opens files in $VISUAL, else $EDITOR, else vi, and waits for its end. Arguments in the variable
 * are split as a shell would, with quotes and backslashes. Fails where the editor fails. */
bool wb_editor_open(wb_cli *cli, const char *const *paths, size_t count, wb_error *err);
/* Splits a command line into words; false where a quote is not closed. */
bool wb_editor_split(const char *text, wb_arena *arena, char ***ret_words, size_t *ret_count);

#endif
