#include "engine/blocker_sql.h"

#include <stddef.h>

/* ---- PostgreSQL ---- */

#define PG_COLUMNS                                                          \
    "a.pid, a.usename, coalesce(nullif(a.application_name, ''),"            \
    " nullif(a.backend_type, 'client backend')), a.state,"                  \
    " extract(epoch FROM clock_timestamp() - a.xact_start)::bigint AS age," \
    " nullif(left(a.query, 1000), '<insufficient privilege>')"
/* A prepared transaction has no pid. Its locks are found by the one on its own number, since the
 * virtual number beside them changes with a restart of the server. */
#define PG_PREPARED                                                                    \
    "prepared AS (SELECT p.owner, p.gid, p.prepared, l.virtualtransaction"             \
    " FROM pg_catalog.pg_prepared_xacts p JOIN pg_catalog.pg_locks l ON l.pid IS NULL" \
    " AND l.locktype = 'transactionid' AND l.transactionid = p.transaction)"
#define PG_PREPARED_COLUMNS                                            \
    "0, p.owner, NULL, 'prepared transaction ' || quote_ident(p.gid)," \
    " extract(epoch FROM clock_timestamp() - p.prepared)::bigint AS age, NULL"
#define PG_END " ORDER BY age DESC NULLS LAST LIMIT 20"
#define PG_LOCKED                                                                            \
    "locktype, database, relation, page, tuple, virtualxid, transactionid, classid, objid, " \
    "objsubid"

/* Of a prepared transaction the server says only that it is one, by a pid of 0. */
static const wb_blocker_query blockers_postgres[] = {
    {"WITH blocking (pids) AS (SELECT pg_catalog.pg_blocking_pids({1}::int)), " PG_PREPARED
     " SELECT " PG_COLUMNS " FROM pg_catalog.pg_stat_activity a, blocking b"
     " WHERE a.pid = ANY (b.pids)"
     " UNION ALL SELECT " PG_PREPARED_COLUMNS " FROM prepared p, blocking b"
     " WHERE 0 = ANY (b.pids) AND p.virtualtransaction IN"
     " (SELECT h.virtualtransaction FROM"
     " (SELECT virtualtransaction, (" PG_LOCKED ")::text AS locked FROM pg_catalog.pg_locks"
     " WHERE granted AND pid IS NULL) h JOIN"
     " (SELECT (" PG_LOCKED ")::text AS locked FROM pg_catalog.pg_locks"
     " WHERE NOT granted AND pid = {1}::int) w ON w.locked = h.locked)" PG_END,
     true},
    {NULL, false},
};

/* Goes down to the partitions with the modes that are wanted there. */
static const wb_blocker_query holders_postgres[] = {
    {"WITH RECURSIVE wanted (relation, modes, below) AS ("
     "SELECT pg_catalog.to_regclass(v.name)::oid, v.modes::text[], v.below::text[]"
     " FROM (VALUES {w}) AS v (name, modes, below)"
     " UNION SELECT i.inhrelid, w.below, w.below FROM wanted w"
     " JOIN pg_catalog.pg_inherits i ON i.inhparent = w.relation WHERE w.below <> '{}'),"
     " " PG_PREPARED
     ", held AS (SELECT DISTINCT l.pid, l.virtualtransaction FROM pg_catalog.pg_locks l"
     " JOIN wanted w ON w.relation = l.relation AND l.mode = ANY (w.modes)"
     " WHERE l.locktype = 'relation' AND l.granted AND l.database = (SELECT d.oid"
     " FROM pg_catalog.pg_database d WHERE d.datname = current_database())"
     " AND coalesce(l.pid, -1) NOT IN (pg_catalog.pg_backend_pid(), {1}))"
     " SELECT " PG_COLUMNS " FROM held h JOIN pg_catalog.pg_stat_activity a ON a.pid = h.pid"
     " UNION ALL SELECT " PG_PREPARED_COLUMNS " FROM held h JOIN prepared p"
     " ON h.pid IS NULL AND p.virtualtransaction = h.virtualtransaction" PG_END,
     true},
    {NULL, false},
};

/* ---- MariaDB ---- */

/* What a connection without a running statement is doing shows only in that it has a transaction.
 */
#define MARIA_COLUMNS                                                               \
    "p.id, p.user, NULL, if(p.command = 'Sleep', 'idle in transaction', 'active')," \
    " (SELECT timestampdiff(SECOND, min(t.trx_started), now()) FROM "               \
    "information_schema.innodb_trx t"                                               \
    " WHERE t.trx_mysql_thread_id = p.id) AS age, left(p.info, 1000)"
#define MARIA_END " ORDER BY age IS NULL, age DESC LIMIT 20"
#define MARIA_HAS_TRANSACTION \
    "p.id IN (SELECT t.trx_mysql_thread_id FROM information_schema.innodb_trx t)"

/* A statement that is stopped at a metadata lock has no row lock to wait for, so the first two
 * queries do not contradict each other. metadata_lock_info knows only what is held; what the
 * waiting statement wants is guessed from its text. */
static const wb_blocker_query blockers_mariadb[] = {
    {"SELECT DISTINCT " MARIA_COLUMNS " FROM information_schema.processlist p WHERE p.id IN"
     " (SELECT b.trx_mysql_thread_id FROM information_schema.innodb_lock_waits w"
     " JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_trx_id"
     " JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_trx_id"
     " WHERE r.trx_mysql_thread_id = {1})" MARIA_END,
     true},
    {"SELECT DISTINCT " MARIA_COLUMNS " FROM information_schema.processlist p WHERE p.id IN"
     " (SELECT ht.processlist_id FROM performance_schema.metadata_locks w"
     " JOIN performance_schema.threads wt ON wt.thread_id = w.owner_thread_id"
     " JOIN performance_schema.metadata_locks h ON h.object_type = w.object_type"
     " AND h.object_schema <=> w.object_schema AND h.object_name <=> w.object_name"
     " JOIN performance_schema.threads ht ON ht.thread_id = h.owner_thread_id"
     " WHERE wt.processlist_id = {1} AND w.lock_status = 'PENDING' AND h.lock_status = 'GRANTED')"
     " AND p.id <> {1}" MARIA_END,
     true},
    {"SELECT DISTINCT " MARIA_COLUMNS " FROM information_schema.processlist p"
     " JOIN information_schema.metadata_lock_info m ON m.thread_id = p.id"
     " JOIN information_schema.processlist w ON w.id = {1}"
     " WHERE w.state LIKE 'Waiting for%metadata lock' AND p.id <> {1} AND m.table_name <> ''"
     " AND locate(m.table_name, w.info) > 0 AND (w.db IS NULL OR w.db = m.table_schema"
     " OR locate(m.table_schema, w.info) > 0)" MARIA_END,
     true},
    {"SELECT " MARIA_COLUMNS " FROM information_schema.processlist p"
     " JOIN information_schema.processlist w ON w.id = {1}"
     " WHERE w.state LIKE 'Waiting for%metadata lock' AND p.id <> {1}"
     " AND " MARIA_HAS_TRANSACTION MARIA_END,
     false},
    {NULL, false},
};

static const wb_blocker_query holders_mariadb[] = {
    {"SELECT " MARIA_COLUMNS " FROM information_schema.processlist p"
     " WHERE p.id NOT IN (connection_id(), {1}) AND " MARIA_HAS_TRANSACTION MARIA_END,
     false},
    {"SELECT DISTINCT " MARIA_COLUMNS " FROM information_schema.processlist p"
     " JOIN information_schema.metadata_lock_info m ON m.thread_id = p.id"
     " WHERE p.id NOT IN (connection_id(), {1}) AND m.table_schema = database()" MARIA_END,
     false},
    {NULL, false},
};

static const wb_blocker_query blockers_sqlite[] = {{NULL, false}};

const wb_blocker_query *wb_blocker_queries(wb_dialect_id dialect)
{
    static const wb_blocker_query *const dialects[WB_DIALECT_COUNT] = {
        [WB_SQLITE] = blockers_sqlite,
        [WB_POSTGRES] = blockers_postgres,
        [WB_MARIADB] = blockers_mariadb};
    return dialects[dialect];
}

const wb_blocker_query *wb_holder_queries(wb_dialect_id dialect)
{
    static const wb_blocker_query *const dialects[WB_DIALECT_COUNT] = {
        [WB_SQLITE] = blockers_sqlite,
        [WB_POSTGRES] = holders_postgres,
        [WB_MARIADB] = holders_mariadb};
    return dialects[dialect];
}
