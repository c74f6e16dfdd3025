/* What every part of the engine works with: one target, connected, with its revisions. */
#ifndef WB_ENGINE_CONTEXT_H
#define WB_ENGINE_CONTEXT_H

#include "driver/driver.h"
#include "project/project.h"
#include "revision/graph.h"

#include <pthread.h>
#include <stdatomic.h>

/* Opens sessions to the target of a context. `role` is added to the name that the server shows. */
typedef struct wb_connector {
    /* A second session, the caller's own: for watching, for a scratch database. */
    bool (*open)(void *arg, const char *role, wb_session **ret_session, wb_error *err);
    /* Opens the target's own session anew, and closes the old one once there is another. */
    bool (*reopen)(void *arg, wb_session **ret_session, wb_error *err);
    /* Cancels what the target's own session does. From any thread, at any time. */
    void (*cancel)(void *arg);
    void *arg;
} wb_connector;

typedef struct wb_cluster_lock wb_cluster_lock;

typedef struct wb_context {
    const char *target; /* name of the database in the project */
    const char *command;
    const wb_database_config *config;
    const wb_dialect *dialect;
    const wb_revision_set *set; /* its order is the graph's */
    const wb_graph *graph;
    wb_session *session;      /* NULL where none is needed */
    wb_connector connector;   /* without functions where there is no session */
    pthread_mutex_t *events;  /* held while `event` runs: a watching thread tells things too */
    wb_cluster_lock *cluster; /* what a run holds on a cluster, see cluster_lock.h */
    wb_arena *arena;          /* lives longer than the session */
    const char *who;
    const char *host;
    const atomic_bool *cancelled;
    wb_event_fn *event;
    void *event_arg;
} wb_context;

/* Tells the caller; fills in the target and the command. */
void wb_context_emit(const wb_context *context, wb_event *event);
void wb_context_warn(const wb_context *context, const char *format, ...) WB_PRINTF(2, 3);
/* Opens a second session, to be closed by the caller. UNSUPPORTED where the application owns the
 * only one. */
bool wb_context_open(const wb_context *context, const char *role, wb_session **ret_session,
                     wb_error *err);
/* Replaces the lost session. */
bool wb_context_reopen(wb_context *context, wb_error *err);
/* Fails with CANCELLED once the caller has asked for it. */
bool wb_context_proceed(const wb_context *context, wb_error *err);
/* Sleeps in short pieces, so that a cancel is seen soon. */
bool wb_context_sleep_ms(const wb_context *context, int64_t duration_ms, wb_error *err);

#endif
