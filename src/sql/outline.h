/* A statement as it may be shown to somebody who does not know what is in it. */
#ifndef WB_SQL_OUTLINE_H
#define WB_SQL_OUTLINE_H

#include "sql/dialect.h"

/* Adds about `most_bytes` of the statement in one line: '...' in place of every text (of each kind
 * of quotes and dollar quotes), no comments, "..." where it was cut. The statement may itself be
 * cut anywhere, as servers do. Where it is not sure how the session reads it (a backslash in a
 * text), all behind it is left out. */
void wb_sql_outline(wb_dialect_id dialect, wb_str statement, size_t most_bytes, wb_buf *out);

#endif
