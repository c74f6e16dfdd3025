/* The dialects that the lexer, the splitter and the quoting know. A dialect is constant data;
 * what changes while a script runs (SET standard_conforming_strings, sql_mode) is kept by the
 * splitter. */
#ifndef WB_SQL_DIALECT_H
#define WB_SQL_DIALECT_H

#include "base/buf.h"

typedef enum wb_dialect_id { WB_SQLITE, WB_POSTGRES, WB_MARIADB, WB_DIALECT_COUNT } wb_dialect_id;

typedef struct wb_dialect {
    wb_dialect_id id;
    const char *name; /* "sqlite", "postgres", "mariadb"; also what `engine:` in a marker names */
    char identifier_quote;
} wb_dialect;

const wb_dialect *wb_dialect_of(wb_dialect_id id);
/* By name or one of its other names ("postgresql", "pg", "mysql", "sqlite3"); NULL if unknown. */
const wb_dialect *wb_dialect_find(wb_str name);

/* The only ways in which a name or a text gets into SQL. */

/* Adds `name` quoted as an identifier, always quoted. */
void wb_sql_identifier(wb_buf *sql, const wb_dialect *dialect, wb_str name);
/* Adds `schema`.`name`, or only the name where the schema is empty. */
void wb_sql_qualified(wb_buf *sql, const wb_dialect *dialect, wb_str schema, wb_str name);
/* Adds `text` as a string literal that means the same under every setting of the dialect
 * (standard_conforming_strings, NO_BACKSLASH_ESCAPES). For MariaDB a text with a backslash becomes
 * _utf8mb4 X'...': right in expressions and values, but not where the grammar wants a plain string,
 * as behind COMMENT. */
void wb_sql_literal(wb_buf *sql, const wb_dialect *dialect, wb_str text);

#endif
