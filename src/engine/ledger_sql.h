/* The ledger's SQL, one text for each query and dialect. In a text {h} is the history table, {j}
 * the journal, {l} the lock, {H} the history as a literal, {S} the schema as a literal and {s}
 * quoted, {1} to {9}, {a}... placeholders in order. */
#ifndef WB_ENGINE_LEDGER_SQL_H
#define WB_ENGINE_LEDGER_SQL_H

#include "driver/driver.h"

/* Version of the tables that this program writes. A newer one in a database is refused, an older
 * one is brought up to date by the next run that writes. */
enum { WB_LEDGER_VERSION = 1 };

typedef enum wb_ledger_query {
    WB_Q_INFO,      /* -> schema, whether it exists, string setting or sql_mode, read-only, the
                        number of the server's session, user, database */
    WB_Q_VERSION,   /* -> version of the tables; fails where they do not exist */
    WB_Q_ROWS,      /* -> revision, raw_checksum, position */
    WB_Q_ROWS_FULL, /* -> every column of the history */
    WB_Q_CREATE_SCHEMA,
    WB_Q_CREATE_HISTORY,
    WB_Q_CREATE_JOURNAL,
    WB_Q_INSERT_VERSION, /* args: version, run, tool version */
    WB_Q_INSERT,         /* args: see wb_ledger_submit_applied */
    WB_Q_DELETE,         /* args: revision */
    WB_Q_REFRESH,        /* args: slug, checksum, raw_checksum, revision */
    WB_Q_PURGE,
    WB_Q_OPEN_STEPS, /* -> event, revision, direction, statement, checksum, at, run,
                        message, line */
    WB_Q_LAST_RUN,   /* -> the newest rows of the newest run */
    WB_Q_AT_WORK,    /* -> the newest begin or end: event, command, who, host, age in us */
    WB_Q_CLUSTER,    /* MariaDB: -> name and value of wsrep_on; no row where there is none */
    WB_Q_LOCK_TABLE, /* this and what follows: the lock of a cluster, see cluster_lock.c */
    WB_Q_LOCK_ROWS,
    WB_Q_LOCK_SEE,     /* -> token, beat, holder, held for, age of the beat (both us) */
    WB_Q_LOCK_DOING,   /* -> what its connection does now; no row where it is of another node */
    WB_Q_LOCK_TAKE,    /* args: holder, connection, command, token, beat */
    WB_Q_LOCK_FENCE,   /* args: token */
    WB_Q_LOCK_BEAT,    /* args: token */
    WB_Q_LOCK_RELEASE, /* args: token */
    WB_QUERY_COUNT
} wb_ledger_query;

/* NULL where the dialect needs none. */
const char *wb_ledger_query_text(wb_dialect_id dialect, wb_ledger_query query);

#endif
