/* Commands in a script that are for the client, not for the server: those of psql, DELIMITER of
 * MariaDB's client, and those of the sqlite3 shell. The harmless ones that dumps write are passed
 * over; all others are refused, with what to do instead: leaving one out would change what the
 * script means. */
#ifndef WB_SQL_META_H
#define WB_SQL_META_H

#include "sql/lexer.h"

/* Takes a command at its backslash (psql, MariaDB); between statements. */
bool wb_meta_command(wb_lexer *lexer, const wb_token *backslash, wb_error *err);
/* Refuses a backslash command inside a statement. */
bool wb_meta_refuse_inside(wb_lexer *lexer, const wb_token *backslash, wb_error *err);
/* Looks at the first word of a statement. *ret_taken: it was a command, which is done. */
bool wb_meta_word(wb_lexer *lexer, const wb_token *word, bool *ret_taken, wb_error *err);
/* Refuses a command of the sqlite3 shell, at its dot. */
bool wb_meta_refuse_dot(wb_lexer *lexer, const wb_token *dot, wb_error *err);
/* Is this word on its line, inside a statement, a DELIMITER command that also ends the statement,
 * as it does in the client? Only where one is set already: there may be a column of that name. */
bool wb_meta_is_delimiter_line(wb_lexer *lexer, const wb_token *word, bool *ret_is, wb_error *err);

#endif
