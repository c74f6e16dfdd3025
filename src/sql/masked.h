/* A statement as it may be shown to others: without the values in it. */
#ifndef WB_SQL_MASKED_H
#define WB_SQL_MASKED_H

#include "sql/dialect.h"

/* `sql` on one line, each string and number replaced by "?", without comments, cut to at most
 * `max_bytes`. A text that ends within a string or comment is cut there: servers give no more than
 * the beginning of a long statement. The result is in the arena. */
const char *wb_sql_masked(wb_str sql, wb_dialect_id dialect, size_t max_bytes, wb_arena *arena);

#endif
