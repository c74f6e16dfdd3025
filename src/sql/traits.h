/* What a statement is, from its first tokens; see WB_STMT_... in splitter.h. */
#ifndef WB_SQL_TRAITS_H
#define WB_SQL_TRAITS_H

#include "sql/token_reader.h"

/* Where the look at a statement stands. */
typedef struct wb_traits_look {
    wb_token_reader reader;
    unsigned version; /* of the server; 0 when not known */
    bool again;       /* set to go on with a statement within, which the reader stands at */
} wb_traits_look;

/* Finds out more about a statement whose first words have matched; the reader stands behind them.
 * Gives traits to add. */
typedef unsigned wb_traits_look_fn(wb_traits_look *look);

typedef struct wb_traits_row {
    const char *verb; /* the first word */
    /* What must stand behind it: words and blanks. `A|B` one of; `?A` may be absent; `~` a name,
     * also a qualified one; `()` a group in parentheses or nothing; `(` the begin of a group, which
     * is not stepped over; `.` the end of the statement. */
    const char *pattern;
    unsigned traits;
    wb_traits_look_fn *look; /* NULL where the words say it all */
} wb_traits_row;

/* The rows of a dialect, ordered by verb; of those of one verb the first that fits counts. */
typedef struct wb_traits_table {
    const wb_traits_row *rows;
    size_t count;
} wb_traits_table;

extern const wb_traits_table wb_traits_sqlite, wb_traits_postgres, wb_traits_mariadb;

const wb_traits_table *wb_traits_table_of(wb_dialect_id dialect);

/* Does a pattern, as in the rows, fit what stands at the reader? Then the reader stands behind it.
 */
bool wb_traits_match(wb_token_reader *reader, const char *pattern);

/* As wb_statement_traits, for a statement read under this mode. */
unsigned wb_traits_of(wb_lexer_mode mode, wb_str text, unsigned version);

/* --- what the tables share, in traits_query.c ------------------------------------------------ */

enum { /* short names for the tables */
       WB_T_BEGIN = WB_STMT_BEGIN,
       WB_T_END = WB_STMT_END,
       WB_T_SAVEPOINT = WB_STMT_SAVEPOINT,
       WB_T_NO_TX = WB_STMT_NO_TRANSACTION,
       WB_T_COMMITS = WB_STMT_AUTOCOMMIT,
       WB_T_SETTING = WB_STMT_SETTING,
       WB_T_ROWS = WB_STMT_ROWS,
       WB_T_DDL = WB_STMT_DDL,
       WB_T_DML = WB_STMT_DML,
       WB_T_CONCURRENT = WB_STMT_CONCURRENT_INDEX,
       WB_T_PROGRAM = WB_STMT_PROGRAM
};

typedef enum wb_option_state { WB_OPTION_ABSENT, WB_OPTION_ON, WB_OPTION_OFF } wb_option_state;

/* Is the token this unquoted word? */
bool wb_traits_is_word(const wb_token_reader *reader, const char *text);
/* How an option is set in the group that the reader stands at: (ANALYZE, VERBOSE false). */
wb_option_state wb_traits_option(const wb_token_reader *reader, const char *word);
wb_traits_look_fn wb_traits_look_select;
wb_traits_look_fn wb_traits_look_with;
wb_traits_look_fn wb_traits_look_explain;

#endif
