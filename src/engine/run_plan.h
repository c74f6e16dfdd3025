/* A plan: the ordered steps that a command will take. Plain data, made from the graph and the
 * applied revisions alone, so it can be printed and compared before anything happens. */
#ifndef WB_ENGINE_RUN_PLAN_H
#define WB_ENGINE_RUN_PLAN_H

#include "engine/context.h"

typedef struct wb_plan {
    const char *command; /* "upgrade", "downgrade", "stamp" */
    bool down;
    wb_index_list steps;     /* for a stamp: revisions to record */
    wb_index_list forgotten; /* for a stamp: rows to remove */
    wb_applied before;
    wb_applied after;
} wb_plan;

/* Makes the plan of `command` for the targets, from what is applied. */
bool wb_plan_make(const wb_graph *graph, const char *command, const char *const *targets,
                  size_t target_count, const wb_applied *applied, wb_arena *arena,
                  wb_plan *ret_plan, wb_error *err);
/* The plan as the public header has it. */
void wb_plan_describe(const wb_context *context, const wb_plan *plan, wb_arena *arena,
                      wb_plan_info *ret_info);
/* Ids of a list of indexes, in the arena. */
const char *const *wb_plan_ids(const wb_graph *graph, const wb_index_list *list, wb_arena *arena);

#endif
