/* Target expressions: their grammar, their names, and walks along `revises`.
 *
 *     target = [ branch "@" ] ( name | [ name ] ("+" | "-") number )
 *
 * A name is an id or the start of one, a label, or one of head, heads, base, current. */
#ifndef WB_REVISION_TARGET_H
#define WB_REVISION_TARGET_H

#include "revision/graph_private.h"

/* A place that is not a revision: before the first one. */
#define WB_AT_BASE UINT32_MAX
/* No branch was given. */
#define WB_NO_BRANCH UINT32_MAX

/* What all questions about one target share. */
typedef struct wb_query {
    const wb_graph *graph;
    const wb_applied *applied; /* NULL where no database is known */
    const char *text;          /* the whole target as it was typed, for errors */
    bool clamp;                /* a walk past an end stops there (history) */
    wb_arena *arena;
} wb_query;

typedef struct wb_target {
    wb_str branch; /* empty where there is none */
    wb_str name;   /* empty in "+1" */
    bool is_relative;
    bool is_down;
    uint64_t steps;
} wb_target;

bool wb_target_parse(const wb_query *query, wb_target *ret_target, wb_error *err);

/* target_name.c: names. */

/* The revision of an exact id or label, or of a prefix that fits one revision. With a branch only
 * revisions of its lineage count. */
bool wb_name_find(const wb_query *query, wb_str name, uint32_t branch, uint32_t *ret_index,
                  wb_error *err);
/* The revision that stands for a branch; WB_NO_BRANCH where `branch` is empty. */
bool wb_branch_find(const wb_query *query, wb_str branch, uint32_t *ret_index, wb_error *err);
/* All revisions that a name means; none for base. */
bool wb_name_resolve(const wb_query *query, wb_str branch, wb_str name, wb_index_list *ret_list,
                     wb_error *err);
/* The one that it means, or WB_AT_BASE; several are the error MULTIPLE_HEADS. */
bool wb_name_resolve_one(const wb_query *query, wb_str branch, wb_str name, uint32_t *ret_place,
                         wb_error *err);

/* target_walk.c: walks of any number of steps; too far and ambiguous are errors. */
bool wb_walk_up(const wb_query *query, uint32_t from, uint64_t steps, uint32_t branch,
                uint32_t *ret_place, wb_error *err);
bool wb_walk_down(const wb_query *query, uint32_t from, uint64_t steps, uint32_t *ret_place,
                  wb_error *err);
/* Resolves "X+N" and "X-N", with or without a branch. */
bool wb_walk_from_name(const wb_query *query, const wb_target *target, uint32_t *ret_place,
                       wb_error *err);

/* Adds revisions to a text for an error: "a" (message), "b", at most eight. */
void wb_describe(const wb_graph *graph, const wb_index_list *list, wb_buf *text);
/* Fills `err` for a target that could mean each of `list`. */
bool wb_fail_several(const wb_query *query, wb_status status, const wb_index_list *list,
                     const char *what, wb_error *err);

#endif
