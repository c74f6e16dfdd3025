/* Which tables a statement of PostgreSQL will lock, and how, from its text alone.
 *
 * Whoever takes a lock before the statement does keeps it to the end of the transaction, so a lock
 * that is too strong is worse than none: of what is not understood nothing is said. What the text
 * does not show (foreign keys that point at a table, default partitions, what functions do) is
 * not known. The rows were measured on PostgreSQL 12 to 18; tests/run/test_table_locks.c asks the
 * server. */
#ifndef WB_SQL_TABLE_LOCKS_H
#define WB_SQL_TABLE_LOCKS_H

#include "sql/lexer.h"
#include "sql/lock_mode.h"

enum { WB_TABLE_NAME_MAX = 264 }; /* bytes; two quoted names of 63, each byte of them doubled */

typedef enum wb_table_use_kind {
    WB_TABLE_LOCKED,
    WB_TABLE_MADE,    /* from here on the name means a table (or view) of the statement's making */
    WB_TABLE_DROPPED, /* from here on the name means another table, or none */
    WB_TABLE_PATH     /* from here on names without a schema may mean other tables; no name */
} wb_table_use_kind;

typedef struct wb_table_use {
    wb_table_use_kind kind;
    wb_lock_mode mode; /* of the table */
    wb_lock_mode tree; /* of its partitions and children; never above `mode` */
    bool has_schema;
    wb_str name; /* as written, without blanks and comments; may be put into SQL again */
    wb_str key;  /* the name that is meant, always quoted: for comparing */
} wb_table_use;

/* The texts in `use` are valid only while the callback runs. */
typedef void wb_table_use_fn(void *arg, const wb_table_use *use);

/* Calls `fn` for each table that a statement locks, makes or drops, in its order. A table may come
 * more than once. `version` is the server's as one number, 0 when not known. Reads no further into
 * the statement than it must. */
void wb_table_uses(wb_lexer_mode mode, wb_str statement, unsigned version, wb_table_use_fn *fn,
                   void *arg);

#endif
