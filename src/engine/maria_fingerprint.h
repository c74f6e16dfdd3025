/* The schema of one MariaDB database as text that can be compared with that of another one: what
 * SHOW CREATE prints, without what differs between two databases that are alike (their own name,
 * counters, who defined an object, when). */
#ifndef WB_ENGINE_MARIA_FINGERPRINT_H
#define WB_ENGINE_MARIA_FINGERPRINT_H

#include "driver/driver.h"

typedef struct wb_schema_object {
    const char *kind; /* "table", "view", "package body" */
    const char *name;
    const char *text; /* NULL: the object is not there */
} wb_schema_object;

typedef struct wb_fingerprint {
    WB_LIST(wb_schema_object) objects; /* by kind and name, in byte order */
} wb_fingerprint;

/* Reads all tables, views, sequences, triggers, routines, packages and events of a database, in
 * two waits of the server plus one for each 500 objects. The session must show definitions in the
 * default way (sql_mode ''). */
bool wb_maria_fingerprint(wb_session *session, const char *database, wb_arena *arena,
                          wb_fingerprint *ret_fingerprint, wb_error *err);
/* Reads only the definitions of what `wanted` names: the same kinds and names in the same order,
 * with a text of NULL for those that the database does not have. */
bool wb_maria_fingerprint_of(wb_session *session, const char *database,
                             const wb_fingerprint *wanted, wb_arena *arena,
                             wb_fingerprint *ret_fingerprint, wb_error *err);
/* What differs between two: the objects of either, as they are in `a` and in `b`, in one order. */
void wb_fingerprint_difference(const wb_fingerprint *a, const wb_fingerprint *b, wb_arena *arena,
                               wb_fingerprint *ret_in_a, wb_fingerprint *ret_in_b);
/* A definition without what differs between databases that are alike. Pure. */
const char *wb_maria_normal_definition(wb_str definition, const char *database, wb_arena *arena);

#endif
