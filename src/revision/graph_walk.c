#include "revision/graph_private.h"

bool *wb_marks_new(const wb_graph *graph, wb_arena *arena)
{
    return WB_NEW_ARRAY(arena, bool, (size_t) graph->count + 1);
}

void wb_mark_reachable(const wb_graph *graph, const wb_adjacency *along, uint32_t start,
                       bool *marks)
{
    (void) graph;
    if (marks[start])
        return;
    WB_SCRATCH(tmp);
    wb_index_list stack = {0};
    marks[start] = true;
    WB_LIST_ADD(tmp, &stack, start);
    while (stack.count > 0) {
        wb_index_list nodes = wb_adjacent(along, stack.items[--stack.count]);
        for (size_t i = 0; i < nodes.count; i++) {
            if (marks[nodes.items[i]])
                continue;
            marks[nodes.items[i]] = true;
            WB_LIST_ADD(tmp, &stack, nodes.items[i]);
        }
    }
}

void wb_mark_all_reachable(const wb_graph *graph, const wb_adjacency *along,
                           const wb_index_list *starts, bool *marks)
{
    for (size_t i = 0; i < starts->count; i++)
        wb_mark_reachable(graph, along, starts->items[i], marks);
}

void wb_mark_lineage(const wb_graph *graph, uint32_t index, bool *marks)
{
    wb_mark_reachable(graph, &graph->parents, index, marks);
    marks[index] = false; /* or the way up would end where it begins */
    wb_mark_reachable(graph, &graph->children, index, marks);
}

bool wb_is_in_list(const wb_index_list *list, uint32_t index)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] == index)
            return true;
    }
    return false;
}

wb_index_list wb_list_marked(const wb_index_list *list, const bool *marks, wb_arena *arena)
{
    wb_index_list marked = {0};
    for (size_t i = 0; i < list->count; i++) {
        if (marks[list->items[i]])
            WB_LIST_ADD(arena, &marked, list->items[i]);
    }
    return marked;
}

void wb_list_reverse(wb_index_list *list)
{
    for (size_t i = 0; i < list->count / 2; i++) {
        uint32_t other = list->items[list->count - 1 - i];
        list->items[list->count - 1 - i] = list->items[i];
        list->items[i] = other;
    }
}
