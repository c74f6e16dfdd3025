/* What every part of the engine works with: one target, connected, with its revisions. */
#ifndef WB_ENGINE_CONTEXT_H
#define WB_ENGINE_CONTEXT_H

#include "driver/driver.h"
#include "project/project.h"
#include "revision/graph.h"

#include <stdatomic.h>

typedef struct wb_context {
    const char *target; /* name of the database in the project */
    const char *command;
    const wb_database_config *config;
    const wb_dialect *dialect;
    const wb_revision_set *set; /* its order is the graph's */
    const wb_graph *graph;
    wb_session *session; /* NULL where none is needed */
    wb_arena *arena;     /* lives longer than the session */
    const char *who;
    const char *host;
    const atomic_bool *cancelled;
    wb_event_fn *event;
    void *event_arg;
} wb_context;

/* Tells the caller; fills in the target and the command. */
void wb_context_emit(const wb_context *context, wb_event *event);
void wb_context_warn(const wb_context *context, const char *format, ...) WB_PRINTF(2, 3);
/* Fails with CANCELLED once the caller has asked for it. */
bool wb_context_proceed(const wb_context *context, wb_error *err);
/* Sleeps in short pieces, so that a cancel is seen soon. */
bool wb_context_sleep_ms(const wb_context *context, int64_t duration_ms, wb_error *err);

#endif
