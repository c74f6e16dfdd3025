/* The neighbour lists that follow from `revises` and `depends_on`. */
#include "revision/graph_private.h"

wb_adjacency wb_adjacency_reverse(const wb_adjacency *adjacency, uint32_t count, wb_arena *arena)
{
    uint32_t total = adjacency->starts[count];
    wb_adjacency reverse = {WB_NEW_ARRAY(arena, uint32_t, (size_t) count + 2),
                            WB_NEW_ARRAY(arena, uint32_t, (size_t) total + 1)};
    /* Counted one place further on, so that filling moves each start to where it belongs. */
    for (uint32_t i = 0; i < total; i++)
        reverse.starts[adjacency->items[i] + 2]++;
    for (uint32_t i = 2; i < count + 2; i++)
        reverse.starts[i] += reverse.starts[i - 1];
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = adjacency->starts[i]; k < adjacency->starts[i + 1]; k++)
            reverse.items[reverse.starts[adjacency->items[k] + 1]++] = i;
    }
    return reverse;
}

static void add_neighbours(wb_adjacency *to, const wb_index_list *nodes, const bool *left_out,
                           uint32_t node)
{
    for (size_t i = 0; i < nodes->count; i++) {
        if (left_out != NULL && left_out[i])
            continue;
        bool is_there = false;
        for (uint32_t k = to->starts[node]; k < to->starts[node + 1]; k++)
            is_there = is_there || to->items[k] == nodes->items[i];
        if (!is_there)
            to->items[to->starts[node + 1]++] = nodes->items[i];
    }
}

/* V, then D without what `left_out` flags (one flag for each item of D; NULL for none). */
static wb_adjacency join(const wb_graph *graph, const bool *left_out, wb_arena *arena)
{
    const wb_adjacency *depends = &graph->dependencies;
    uint32_t total = graph->parents.starts[graph->count] + depends->starts[graph->count];
    wb_adjacency joined = {WB_NEW_ARRAY(arena, uint32_t, (size_t) graph->count + 1),
                           WB_NEW_ARRAY(arena, uint32_t, (size_t) total + 1)};
    for (uint32_t i = 0; i < graph->count; i++) {
        joined.starts[i + 1] = joined.starts[i];
        wb_index_list parents = wb_adjacent(&graph->parents, i);
        wb_index_list dependencies = wb_adjacent(depends, i);
        add_neighbours(&joined, &parents, NULL, i);
        add_neighbours(&joined, &dependencies,
                       left_out != NULL ? left_out + depends->starts[i] : NULL, i);
    }
    return joined;
}

void wb_graph_join_downs(wb_graph *graph, wb_arena *arena)
{
    if (graph->dependencies.starts[graph->count] == 0) { /* the usual case: nothing depends */
        graph->downs = graph->parents;
        graph->dependants = graph->children;
        return;
    }
    graph->downs = join(graph, NULL, arena);
    graph->dependants = wb_adjacency_reverse(&graph->downs, graph->count, arena);
}

typedef struct normaliser {
    const wb_graph *graph;
    const wb_adjacency *dependents; /* D turned round */
    uint32_t *seen;                 /* the last node for which this one was reached, plus 1 */
    uint32_t *stack;
} normaliser;

/* Reaches, by `children`, all that lies above the dependents of `node`, as far up as the highest
 * of them; those reached depend on `node` through an ancestor already. */
static void reach_above(normaliser *work, uint32_t node)
{
    const wb_graph *graph = work->graph;
    wb_index_list dependents = wb_adjacent(work->dependents, node);
    uint32_t highest = 0;
    size_t depth = 0;
    for (size_t i = 0; i < dependents.count; i++) {
        uint32_t rank = graph->rank[dependents.items[i]];
        highest = rank > highest ? rank : highest;
    }
    for (size_t i = 0; i <= dependents.count || depth > 0;) {
        uint32_t from = 0;
        if (depth > 0)
            from = work->stack[--depth];
        else if (i < dependents.count)
            from = dependents.items[i++];
        else
            break;
        wb_index_list above = wb_adjacent(&graph->children, from);
        for (size_t k = 0; k < above.count; k++) {
            uint32_t next = above.items[k];
            if (work->seen[next] == node + 1 || graph->rank[next] > highest)
                continue;
            work->seen[next] = node + 1;
            work->stack[depth++] = next;
        }
    }
}

/* Flags in `left_out` (by the items of D) what an ancestor by `revises` depends on already.
 *
 * Asked revision by revision, each would have to walk all its ancestors. Asked by what is depended
 * on, nearly all have one dependent and need no walk, and the others only one between their
 * lowest and their highest dependent. */
static void find_repeated(const wb_graph *graph, bool *left_out, wb_arena *arena)
{
    const wb_adjacency *depends = &graph->dependencies;
    wb_adjacency dependents = wb_adjacency_reverse(depends, graph->count, arena);
    normaliser work = {.graph = graph,
                       .dependents = &dependents,
                       .seen = WB_NEW_ARRAY(arena, uint32_t, graph->count),
                       .stack = WB_NEW_ARRAY(arena, uint32_t, graph->count)};
    for (uint32_t node = 0; node < graph->count; node++) {
        wb_index_list above = wb_adjacent(&dependents, node);
        if (above.count < 2)
            continue;
        reach_above(&work, node);
        for (size_t i = 0; i < above.count; i++) {
            uint32_t from = above.items[i];
            if (work.seen[from] != node + 1)
                continue;
            for (uint32_t k = depends->starts[from]; k < depends->starts[from + 1]; k++)
                left_out[k] = left_out[k] || depends->items[k] == node;
        }
    }
}

void wb_graph_normalise(wb_graph *graph, wb_arena *arena)
{
    uint32_t total = graph->dependencies.starts[graph->count];
    if (total == 0) {
        graph->links = graph->parents;
        return;
    }
    WB_SCRATCH(tmp);
    bool *left_out = WB_NEW_ARRAY(tmp, bool, total);
    find_repeated(graph, left_out, tmp);
    graph->links = join(graph, left_out, arena);
}
