/* What the files of the graph share. Only src/revision/graph*.c, target*.c and plan*.c include it.
 */
#ifndef WB_REVISION_GRAPH_PRIVATE_H
#define WB_REVISION_GRAPH_PRIVATE_H

#include "revision/graph.h"
#include "revision/graph_keys.h"

/* Neighbours of every node, in one array: those of node i lie between starts[i] and starts[i+1]. */
typedef struct wb_adjacency {
    uint32_t *starts;
    uint32_t *items;
} wb_adjacency;

typedef struct wb_label_set {
    uint32_t count;
    uint32_t labels[]; /* places in wb_graph.labels, ascending */
} wb_label_set;

typedef struct wb_label {
    const wb_name *name;
    uint32_t declared_by;
} wb_label;

struct wb_graph {
    wb_revision *const *revisions;
    uint32_t count;
    wb_adjacency parents;            /* V: revises */
    wb_adjacency dependencies;       /* D: depends_on, as ids */
    wb_adjacency downs;              /* A: V, then D, each once */
    wb_adjacency links;              /* L: V, then those of D that no ancestor has already */
    wb_adjacency children;           /* V turned round */
    wb_adjacency dependants;         /* A turned round */
    uint32_t *order;                 /* all nodes, each behind its downs */
    uint32_t *rank;                  /* place of a node in `order` */
    wb_keys keys;                    /* ids, then labels */
    WB_LIST(wb_label) labels;        /* by the load order of those that declare them */
    const wb_label_set **label_sets; /* what each revision shows; NULL for none */
};

static inline wb_index_list wb_adjacent(const wb_adjacency *adjacency, uint32_t index)
{
    uint32_t start = adjacency->starts[index];
    size_t count = adjacency->starts[index + 1] - start;
    return (wb_index_list){adjacency->items + start, count, count};
}
static inline wb_str wb_graph_id(const wb_graph *graph, uint32_t index)
{
    return wb_str_from(graph->revisions[index]->id);
}

/* graph_links.c: the adjacencies other than V and D, and the topological order. */
void wb_graph_join_downs(wb_graph *graph, wb_arena *arena);
wb_adjacency wb_adjacency_reverse(const wb_adjacency *adjacency, uint32_t count, wb_arena *arena);
void wb_graph_normalise(wb_graph *graph, wb_arena *arena);
/* graph_cycle.c: sets `order` and `rank`; fails where there is a cycle. */
bool wb_graph_order(wb_graph *graph, wb_arena *arena, wb_error *err);
/* graph_labels.c: which labels each revision shows. */
void wb_graph_spread_labels(wb_graph *graph, wb_arena *arena);
bool wb_graph_has_label(const wb_graph *graph, uint32_t index, uint32_t label);

/* graph_walk.c: sets of nodes as flags. */
bool *wb_marks_new(const wb_graph *graph, wb_arena *arena);
/* Marks `start` and all that can be reached from it; what is marked already is not entered. */
void wb_mark_reachable(const wb_graph *graph, const wb_adjacency *along, uint32_t start,
                       bool *marks);
void wb_mark_all_reachable(const wb_graph *graph, const wb_adjacency *along,
                           const wb_index_list *starts, bool *marks);
/* Marks the lineage of `index`: itself, its ancestors and its descendants by `revises`. */
void wb_mark_lineage(const wb_graph *graph, uint32_t index, bool *marks);
bool wb_is_in_list(const wb_index_list *list, uint32_t index);
/* Takes the members that are marked, in their order. */
wb_index_list wb_list_marked(const wb_index_list *list, const bool *marks, wb_arena *arena);

/* graph_sort.c: orders the members of `set` by Alembic's rule, children first, beginning at `tops`.
 * Every member must be a top or an ancestor (by L) of one. */
wb_index_list wb_graph_sort(const wb_graph *graph, const bool *set, const wb_index_list *tops,
                            wb_arena *arena);
void wb_list_reverse(wb_index_list *list);

#endif
