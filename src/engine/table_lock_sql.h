/* The one statement that takes the locks of a transaction at its begin (PostgreSQL). */
#ifndef WB_ENGINE_TABLE_LOCK_SQL_H
#define WB_ENGINE_TABLE_LOCK_SQL_H

#include "base/buf.h"
#include "sql/lock_set.h"

/* Adds a statement that locks the tables in the order given. A table that is not there, that is a
 * view, or that this user may not lock is passed over: the statement that needs it will say so. A
 * wait that takes longer than lock_timeout, and a deadlock, fail as they would for any statement.
 * Adds nothing where there are no tables. */
void wb_table_lock_sql(const wb_table_lock *tables, size_t count, wb_buf *sql);

#endif
