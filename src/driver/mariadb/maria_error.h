/* What the server's and the client library's error numbers mean, and where in the text they point.
 */
#ifndef WB_DRIVER_MARIADB_MARIA_ERROR_H
#define WB_DRIVER_MARIADB_MARIA_ERROR_H

#include "driver/mariadb/maria_library.h"

typedef enum wb_maria_stage {
    WB_MARIA_CONNECTING,
    WB_MARIA_RUNNING,
    WB_MARIA_RUNNING_CANCELLED /* a cancel was asked for */
} wb_maria_stage;

/* Which status an error number has. `text` is the message, which tells a full disk. */
wb_status wb_maria_error_status(unsigned number, const char *text, wb_maria_stage stage);

/* Fills `err` from the last failure of `handle`. Always false. */
bool wb_maria_fail(const wb_maria_library *library, MYSQL *handle, wb_maria_stage stage,
                   wb_error *err);

/* Where a syntax error is. The server gives what stands from the fault on, cut off, and a line:
 * "... near 'FROM t' at line 2". `packet` is what was sent, and the statement is its part of
 * `length` bytes from `start`; the quoted text may run on into the statements behind it. Gives the
 * offset within the statement, SIZE_MAX where the message points nowhere. */
size_t wb_maria_error_offset(const char *message, wb_str packet, size_t start, size_t length);

/* Rewrites a syntax error as short as PostgreSQL's: what is left in `rest` of the statement from
 * the fault on is quoted, up to the end of its line. */
void wb_maria_shorten_syntax_error(wb_error *err, wb_str rest);

#endif
