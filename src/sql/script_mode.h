/* The settings of a session that a script may change while it runs, as far as they decide how the
 * script itself is read: standard_conforming_strings of PostgreSQL, sql_mode of MariaDB. They are
 * followed by reading the script's own SET statements; a change counts from the next statement. */
#ifndef WB_SQL_SCRIPT_MODE_H
#define WB_SQL_SCRIPT_MODE_H

#include "sql/lexer.h"

enum { WB_SAVED_MODES = 8, WB_SAVED_NAME = 40 };

/* A user variable of MariaDB that holds a sql_mode: dumps save it and set it back. */
typedef struct wb_saved_mode {
    char name[WB_SAVED_NAME];
    unsigned flags;
} wb_saved_mode;

typedef struct wb_script_mode {
    wb_lexer_mode now;
    unsigned flags;         /* MariaDB: what of sql_mode matters here */
    unsigned start_flags;   /* as the session began; what DEFAULT is taken to mean */
    bool session_backslash; /* PostgreSQL: without SET LOCAL, which ends with the transaction */
    bool start_backslash;
    unsigned saved_count;
    wb_saved_mode saved[WB_SAVED_MODES];
} wb_script_mode;

void wb_script_mode_init(wb_script_mode *mode, const wb_splitter_options *options);
/* Takes over what a statement with these traits changes. */
void wb_script_mode_apply(wb_script_mode *mode, wb_str text, unsigned traits);

/* The mode under which the splitter read the statement that it gave last. */
wb_lexer_mode wb_splitter_mode(const wb_splitter *splitter);

#endif
