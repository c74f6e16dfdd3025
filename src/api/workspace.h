/* What stands behind the public handles. Only src/api includes this. */
#ifndef WB_API_WORKSPACE_H
#define WB_API_WORKSPACE_H

#include "engine/context.h"

#include <pthread.h>

struct wb_target {
    wb_workspace *workspace;
    const wb_database_config *config;
    /* Filled when first needed. */
    bool has_url;
    bool is_direct; /* the URL in use is direct_url, which goes past a pooler */
    wb_url url;
    wb_revision_set *set;
    wb_graph *graph;
    wb_session *session;
};

struct wb_workspace {
    wb_arena *arena;
    wb_open_options options; /* its texts are copies */
    wb_project *project;
    wb_target *targets;
    size_t target_count;
    atomic_bool cancelled;
    pthread_mutex_t sessions; /* guards the targets' `session` against wb_cancel */
    pthread_mutex_t events;   /* held while the caller is told of an event */
};

/* Reads the target's URL; fails where none is set. */
bool wb_target_need_url(wb_target *target, wb_error *err);
/* From now on the target is reached by direct_url, where one is set: for calls that change it. */
bool wb_target_go_direct(wb_target *target, wb_error *err);
/* Loads the revisions and the graph. */
bool wb_target_need_revisions(wb_target *target, wb_error *err);
/* Connects. */
bool wb_target_need_session(wb_target *target, wb_error *err);
/* Does both at the same time, and fills the context. */
bool wb_target_need_all(wb_target *target, const char *command, wb_context *ret_context,
                        wb_error *err);
/* The context for calls that need no database; the dialect is the URL's, or SQLite's. */
void wb_target_context(wb_target *target, const char *command, wb_context *ret_context);
/* Ends the session, where one is open. */
void wb_target_disconnect(wb_target *target);

/* A revision as the public header has it; the ledger's part stays empty. */
void wb_describe_revision(const wb_graph *graph, uint32_t index, wb_arena *arena,
                          wb_revision_info *ret_info);
void wb_describe_revisions(const wb_graph *graph, const wb_index_list *list, wb_arena *arena,
                           wb_revision_list *ret_list);

#endif
