/* How the program tells an error: once, on the standard error, as text or JSON. */
#ifndef WB_CLI_ERROR_OUT_H
#define WB_CLI_ERROR_OUT_H

#include "cli/term.h"

void wb_error_print(wb_term *term, const wb_error *err, bool json);
/* One line of "warning: ...". */
void wb_warning_print(wb_term *term, const char *text, bool json);

#endif
