/* The graph of revisions, with Alembic's rules (docs/internals/graph.md).
 *
 * Links are of two kinds: down links (`revises`) make the lines of history; depends links
 * (`depends_on`) only demand that another revision is applied. Everything is counted by a
 * revision's index in the load order, which also breaks all ties. Nothing here recurses, and
 * memory is linear in revisions and links. */
#ifndef WB_REVISION_GRAPH_H
#define WB_REVISION_GRAPH_H

#include "revision/revision.h"

typedef struct wb_graph wb_graph;

/* A set of revisions by index. */
typedef struct wb_index_list {
    uint32_t *items;
    size_t count;
    size_t capacity;
} wb_index_list;

/* Builds and checks the graph. Fails on missing parents and dependencies, loops and cycles (each
 * named with the files in it), a label used twice or equal to an id. */
bool wb_graph_build(const wb_revision_set *set, wb_arena *arena, wb_graph **ret_graph,
                    wb_error *err);
size_t wb_graph_count(const wb_graph *graph);
const wb_revision *wb_graph_revision(const wb_graph *graph, uint32_t index);
/* Index of an exact id; false where there is none. */
bool wb_graph_find(const wb_graph *graph, wb_str id, uint32_t *ret_index);

/* Links of one revision; the lists belong to the graph. */
wb_index_list wb_graph_parents(const wb_graph *graph, uint32_t index);      /* V: revises */
wb_index_list wb_graph_dependencies(const wb_graph *graph, uint32_t index); /* D: depends_on */
wb_index_list wb_graph_links(const wb_graph *graph, uint32_t index);    /* L: V and normalised D */
wb_index_list wb_graph_children(const wb_graph *graph, uint32_t index); /* next */
bool wb_graph_is_head(const wb_graph *graph, uint32_t index);
bool wb_graph_is_real_head(const wb_graph *graph, uint32_t index);
bool wb_graph_is_base(const wb_graph *graph, uint32_t index);
bool wb_graph_is_branch_point(const wb_graph *graph, uint32_t index);
bool wb_graph_is_merge(const wb_graph *graph, uint32_t index);
/* Labels shown for a revision: its own and those spread to it. */
void wb_graph_labels(const wb_graph *graph, uint32_t index, wb_arena *arena,
                     const char ***ret_labels, size_t *ret_count);
/* Heads in load order; `real` for those that nothing depends on either. */
wb_index_list wb_graph_heads(const wb_graph *graph, bool real, wb_arena *arena);
wb_index_list wb_graph_bases(const wb_graph *graph, wb_arena *arena);

/* Which revisions are applied: what the ledger has, one flag for each index. */
typedef struct wb_applied {
    bool *flags;  /* wb_graph_count() of them */
    size_t count; /* how many are set */
} wb_applied;
wb_applied wb_applied_none(const wb_graph *graph, wb_arena *arena);
/* The applied revisions that no other applied one needs, directly or not, in load order: the rows
 * that Alembic would keep. */
wb_index_list wb_graph_current(const wb_graph *graph, const wb_applied *applied, wb_arena *arena);

/* Target expressions. All fail with the statuses UNKNOWN_REVISION, AMBIGUOUS, MULTIPLE_HEADS or
 * TARGET, and hints that name what could have been meant. */

/* A symbol as `show`, `stamp`, `merge` and `--head` take it: ids and prefixes, labels, head,
 * heads, base, current, branch@...; of the relative forms those that name a start, rev+N and
 * rev-N. `base` gives an empty list. `heads` are the real heads, branch@heads all of the branch.
 * `applied` may be NULL where no database is known; then `current` is an error. */
bool wb_graph_resolve(const wb_graph *graph, const char *symbol, const wb_applied *applied,
                      wb_arena *arena, wb_index_list *ret_list, wb_error *err);

/* The steps of an upgrade or downgrade, in the order in which they are to be run: indexes to apply
 * or to undo. An empty list means that there is nothing to do. An upgrade takes one target or more,
 * and applies all that they need and that is not applied, below other applied revisions too. A
 * downgrade undoes with a revision all that depends on it. */
bool wb_graph_plan_upgrade(const wb_graph *graph, const char *const *targets, size_t target_count,
                           const wb_applied *applied, wb_arena *arena, wb_index_list *ret_steps,
                           wb_error *err);
bool wb_graph_plan_downgrade(const wb_graph *graph, const char *target, const wb_applied *applied,
                             wb_arena *arena, wb_index_list *ret_steps, wb_error *err);
/* What `stamp` leaves applied: sets `ret_applied` to the new state. The targets and all they need
 * count as applied then; of the rest, what stands on no revision related to a target stays as it
 * is. `base` takes away all, branch@base all that is related to the branch. */
bool wb_graph_plan_stamp(const wb_graph *graph, const char *const *targets, size_t target_count,
                         const wb_applied *applied, wb_arena *arena, wb_applied *ret_applied,
                         wb_error *err);
/* Revisions of a range "A:B" (either side may be empty) for `history`, newest first: of what B
 * needs, that which descends from A, both included. A may be "-N": so far below each head. B may be
 * "+N": so far above A. Steps past an end stop there. A NULL range is all. `applied` may be NULL as
 * above. */
bool wb_graph_history(const wb_graph *graph, const char *range, const wb_applied *applied,
                      wb_arena *arena, wb_index_list *ret_list, wb_error *err);
/* Splits "A:B"; both NULL-able. False where `text` is not a range. */
bool wb_range_split(const char *text, wb_arena *arena, const char **ret_from, const char **ret_to);
/* Parents of a new revision: checks that each is a head (unless `splice`) and none given twice.
 * Without any the one head; `base` alone for a new line. Note that `heads` are the real heads: a
 * merge must check that it gets two. */
bool wb_graph_new_parents(const wb_graph *graph, const char *const *heads, size_t head_count,
                          bool splice, const wb_applied *applied, wb_arena *arena,
                          wb_index_list *ret_parents, wb_error *err);

#endif
