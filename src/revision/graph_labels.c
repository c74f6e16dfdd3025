/* Which branch labels a revision shows.
 *
 * A label is declared once. It spreads to all that follow by `revises`; and where the line above
 * never forks nor merges, also down that line, to above the first branch point or merge. Sets are
 * shared: along a line all revisions point to the same one, so that a hundred thousand of them
 * with a label cost a pointer each. */
#include "revision/graph_private.h"

static const wb_label_set *set_join(const wb_label_set *a, const wb_label_set *b, wb_arena *arena)
{
    if (a == NULL || a == b)
        return b;
    if (b == NULL)
        return a;
    wb_label_set *joined =
        wb_arena_alloc(arena, sizeof(*joined) + sizeof(uint32_t) * (a->count + b->count));
    joined->count = 0;
    uint32_t i = 0;
    uint32_t k = 0;
    while (i < a->count || k < b->count) {
        if (k == b->count || (i < a->count && a->labels[i] < b->labels[k])) {
            joined->labels[joined->count++] = a->labels[i++];
            continue;
        }
        i += i < a->count && a->labels[i] == b->labels[k] ? 1 : 0;
        joined->labels[joined->count++] = b->labels[k++];
    }
    if (joined->count == a->count)
        return a;
    return joined->count == b->count ? b : joined;
}

static const wb_label_set *set_of_one(uint32_t label, wb_arena *arena)
{
    wb_label_set *set = wb_arena_alloc(arena, sizeof(*set) + sizeof(uint32_t));
    set->count = 1;
    set->labels[0] = label;
    return set;
}

static bool is_fork_or_merge(const wb_graph *graph, uint32_t node)
{
    return wb_adjacent(&graph->dependants, node).count > 1 || wb_graph_is_merge(graph, node);
}

/* Is everything from `node` up to the head one line? */
static bool has_plain_line(const wb_graph *graph, uint32_t node)
{
    for (;;) {
        if (is_fork_or_merge(graph, node))
            return false;
        wb_index_list above = wb_adjacent(&graph->children, node);
        if (above.count == 0)
            return true;
        node = above.items[0];
    }
}

static void spread_down(wb_graph *graph, uint32_t label, wb_arena *arena)
{
    uint32_t node = graph->labels.items[label].declared_by;
    if (!has_plain_line(graph, node))
        return;
    const wb_label_set *own = set_of_one(label, arena);
    const wb_label_set *old = NULL;
    const wb_label_set *fresh = own; /* what `old` became, to be shared along the line */
    while (wb_adjacent(&graph->parents, node).count == 1) {
        node = wb_adjacent(&graph->parents, node).items[0];
        if (is_fork_or_merge(graph, node))
            return;
        if (graph->label_sets[node] != old) {
            old = graph->label_sets[node];
            fresh = set_join(old, own, arena);
        }
        graph->label_sets[node] = fresh;
    }
}

void wb_graph_spread_labels(wb_graph *graph, wb_arena *arena)
{
    if (graph->labels.count == 0)
        return;
    graph->label_sets = WB_NEW_ARRAY(arena, const wb_label_set *, graph->count);
    for (uint32_t i = 0; i < graph->labels.count; i++) {
        uint32_t node = graph->labels.items[i].declared_by;
        graph->label_sets[node] = set_join(graph->label_sets[node], set_of_one(i, arena), arena);
    }
    for (uint32_t k = 0; k < graph->count; k++) {
        uint32_t node = graph->order[k];
        wb_index_list parents = wb_adjacent(&graph->parents, node);
        for (size_t i = 0; i < parents.count; i++)
            graph->label_sets[node] =
                set_join(graph->label_sets[parents.items[i]], graph->label_sets[node], arena);
    }
    for (uint32_t i = 0; i < graph->labels.count; i++)
        spread_down(graph, i, arena);
}

bool wb_graph_has_label(const wb_graph *graph, uint32_t index, uint32_t label)
{
    const wb_label_set *set = graph->label_sets != NULL ? graph->label_sets[index] : NULL;
    for (uint32_t i = 0; set != NULL && i < set->count; i++) {
        if (set->labels[i] == label)
            return true;
    }
    return false;
}

void wb_graph_labels(const wb_graph *graph, uint32_t index, wb_arena *arena,
                     const char ***ret_labels, size_t *ret_count)
{
    const wb_label_set *set = graph->label_sets != NULL ? graph->label_sets[index] : NULL;
    size_t count = set != NULL ? set->count : 0;
    const char **names = wb_arena_calloc(arena, count + 1, sizeof(*names));
    for (size_t i = 0; i < count; i++)
        names[i] = graph->labels.items[set->labels[i]].name->text;
    *ret_labels = names;
    *ret_count = count;
}
