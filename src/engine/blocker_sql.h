/* The queries about who blocks whom, for each dialect. All give: id, user, application, state, age
 * of the transaction in seconds, statement. In a text {1} is the id of the session that waits (of
 * the one that is left out, for holders), {w} the rows of wanted locks. */
#ifndef WB_ENGINE_BLOCKER_SQL_H
#define WB_ENGINE_BLOCKER_SQL_H

#include "sql/dialect.h"

enum { WB_MOST_BLOCKERS = 20 };

typedef struct wb_blocker_query {
    const char *sql; /* NULL behind the last */
    bool is_certain;
} wb_blocker_query;

/* To be tried in this order until one has rows; those that fail are passed over, since a server
 * may have a view or not. */
const wb_blocker_query *wb_blocker_queries(wb_dialect_id dialect);
const wb_blocker_query *wb_holder_queries(wb_dialect_id dialect);

#endif
