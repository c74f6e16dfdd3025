/* The topological order, and what to say where there is none.
 *
 * Alembic only asks whether each revision can be reached from a head and from a base, which a
 * cycle between a head and a base passes. Here every node must find its place in the order. */
#include "revision/graph_private.h"

/* Nodes are taken when all below them are; the smallest index first would need a heap and nothing
 * needs that order. Returns how many found their place. */
static uint32_t take_in_order(wb_graph *graph, uint32_t *waiting)
{
    uint32_t filled = 0;
    for (uint32_t i = 0; i < graph->count; i++) {
        waiting[i] = (uint32_t) wb_adjacent(&graph->downs, i).count;
        if (waiting[i] == 0)
            graph->order[filled++] = i;
    }
    for (uint32_t k = 0; k < filled; k++) {
        uint32_t node = graph->order[k];
        graph->rank[node] = k;
        wb_index_list above = wb_adjacent(&graph->dependants, node);
        for (size_t i = 0; i < above.count; i++) {
            if (--waiting[above.items[i]] == 0)
                graph->order[filled++] = above.items[i];
        }
    }
    return filled;
}

/* The first down of a node that waits itself; every waiting node has one. */
static uint32_t waiting_down(const wb_graph *graph, uint32_t node, const uint32_t *waiting)
{
    wb_index_list downs = wb_adjacent(&graph->downs, node);
    size_t i = 0;
    while (waiting[downs.items[i]] == 0)
        i++;
    return downs.items[i];
}

static const wb_name *name_of_link(const wb_graph *graph, uint32_t from, uint32_t to,
                                   const char **ret_key)
{
    const wb_revision *revision = graph->revisions[from];
    wb_index_list parents = wb_adjacent(&graph->parents, from);
    for (size_t i = 0; i < parents.count; i++) {
        *ret_key = "revises";
        if (parents.items[i] == to)
            return &revision->revises.items[i];
    }
    *ret_key = "depends_on";
    size_t i = 0;
    while (wb_keys_find(&graph->keys, wb_str_from(revision->depends_on.items[i].text))->value != to)
        i++;
    return &revision->depends_on.items[i];
}

static bool fail_cycle(const wb_graph *graph, const wb_index_list *cycle, wb_error *err)
{
    enum { SHOWN = 8 };
    WB_AUTO_BUF(text, 0);
    const char *key = NULL;
    bool has_dependency = false;
    for (size_t i = 0; i < cycle->count; i++) {
        uint32_t from = cycle->items[i];
        uint32_t to = cycle->items[i + 1 < cycle->count ? i + 1 : 0];
        (void) name_of_link(graph, from, to, &key);
        has_dependency = has_dependency || key[0] == 'd';
        if (i < SHOWN)
            wb_buf_printf(&text, "%s\"%s\" (%s) %s \"%s\"", i != 0 ? ", " : "",
                          graph->revisions[from]->id, graph->revisions[from]->path,
                          key[0] == 'd' ? "depends on" : "revises", graph->revisions[to]->id);
    }
    if (cycle->count > SHOWN)
        wb_buf_printf(&text, " and %zu more", cycle->count - SHOWN);
    uint32_t first = cycle->items[0];
    const wb_name *name = name_of_link(graph, first, cycle->items[cycle->count > 1 ? 1 : 0], &key);
    (void) wb_fail(err, WB_E_GRAPH, "%zu revisions form a %s", cycle->count,
                   has_dependency ? "dependency cycle" : "cycle");
    (void) wb_at(err, graph->revisions[first]->path, name->line, name->column);
    (void) wb_detail(err, "Revision %s.", wb_buf_text(&text));
    return wb_hint(err, "One of these links has to go: a revision can only build on older ones.");
}

bool wb_graph_order(wb_graph *graph, wb_arena *arena, wb_error *err)
{
    graph->order = WB_NEW_ARRAY(arena, uint32_t, (size_t) graph->count + 1);
    graph->rank = WB_NEW_ARRAY(arena, uint32_t, (size_t) graph->count + 1);
    WB_SCRATCH(tmp);
    uint32_t *waiting = WB_NEW_ARRAY(tmp, uint32_t, (size_t) graph->count + 1);
    if (take_in_order(graph, waiting) == graph->count)
        return true;
    /* Whoever waits has something below that waits; going down from anyone ends in a cycle. */
    uint32_t node = 0;
    while (waiting[node] == 0)
        node++;
    bool *seen = wb_marks_new(graph, tmp);
    while (!seen[node]) {
        seen[node] = true;
        node = waiting_down(graph, node, waiting);
    }
    wb_index_list cycle = {0};
    uint32_t start = node;
    do {
        WB_LIST_ADD(tmp, &cycle, node);
        node = waiting_down(graph, node, waiting);
    } while (node != start);
    return fail_cycle(graph, &cycle, err);
}
