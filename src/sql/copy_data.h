/* The data behind COPY ... FROM STDIN: whole lines up to a line `\.` or the end of the source. */
#ifndef WB_SQL_COPY_DATA_H
#define WB_SQL_COPY_DATA_H

#include "sql/lexer.h"

/* Goes from behind the statement to the first line of data. Fails where the statement's line goes
 * on with anything but a comment. */
bool wb_copy_data_begin(wb_lexer *lexer, wb_error *err);
/* The next piece, whole lines; valid until the next call. Empty at the end of the data. */
bool wb_copy_data_piece(wb_lexer *lexer, wb_str *ret_piece, bool *ret_end, wb_error *err);

#endif
