/* Filling a wb_error. Each function returns false, so that a failing function can
 * `return wb_fail(err, ...)`. Messages are lower case, without a full stop; details and hints are
 * sentences (CONTRIBUTING, "Wording of errors"). */
#ifndef WB_BASE_FAIL_H
#define WB_BASE_FAIL_H

#include "base/str.h"

bool wb_fail(wb_error *err, wb_status status, const char *format, ...) WB_PRINTF(3, 4);
/* As wb_fail, with ": " and the text of `errno_value` behind. ENOSPC and the like choose the
 * status; all else is WB_E_IO. */
bool wb_fail_errno(wb_error *err, int errno_value, const char *format, ...) WB_PRINTF(3, 4);
/* These add to an error that is already filled. */
bool wb_detail(wb_error *err, const char *format, ...) WB_PRINTF(2, 3);
bool wb_hint(wb_error *err, const char *format, ...) WB_PRINTF(2, 3);
/* Says what was being done: "while ..." on the way up. More than fit are dropped. */
bool wb_while(wb_error *err, const char *format, ...) WB_PRINTF(2, 3);
/* The place in a file, 1-based; 0 where not known. */
bool wb_at(wb_error *err, const char *file, unsigned line, unsigned column);
/* Shows the line that holds byte `offset` of `text`, with a caret under that byte, and sets line
 * and column from it; `first_line` and `first_column` are where `text` begins in its file. */
bool wb_show(wb_error *err, wb_str text, size_t offset, unsigned first_line, unsigned first_column);

#endif
