/* What a new revision may follow. */
#include "revision/target.h"

static bool check_head(const wb_graph *graph, uint32_t index, wb_error *err)
{
    if (wb_graph_is_head(graph, index))
        return true;
    WB_AUTO_BUF(text, 0);
    wb_index_list children = wb_graph_children(graph, index);
    wb_describe(graph, &children, &text);
    (void) wb_fail(err, WB_E_TARGET, "revision \"%s\" is not a head", graph->revisions[index]->id);
    (void) wb_detail(err, "It is followed by %s.", wb_buf_text(&text));
    return wb_hint(err, "Take a head, or --splice to begin a new branch here.");
}

static bool add_parent(const wb_graph *graph, uint32_t index, bool splice, wb_arena *arena,
                       wb_index_list *parents, wb_error *err)
{
    if (wb_is_in_list(parents, index)) {
        (void) wb_fail(err, WB_E_TARGET, "revision \"%s\" is named twice as a parent",
                       graph->revisions[index]->id);
        return wb_hint(err, "Name each parent once.");
    }
    if (!splice && !check_head(graph, index, err))
        return false;
    WB_LIST_ADD(arena, parents, index);
    return true;
}

bool wb_graph_new_parents(const wb_graph *graph, const char *const *heads, size_t head_count,
                          bool splice, const wb_applied *applied, wb_arena *arena,
                          wb_index_list *ret_parents, wb_error *err)
{
    WB_SCRATCH(tmp);
    static const char *const default_head[] = {"head"};
    bool has_base = false;
    wb_index_list parents = {0};
    if (head_count == 0) {
        heads = default_head;
        head_count = 1;
    }
    for (size_t i = 0; i < head_count; i++) {
        wb_index_list found = {0};
        if (!wb_graph_resolve(graph, heads[i], applied, tmp, &found, err))
            return false;
        has_base = has_base || found.count == 0;
        for (size_t k = 0; k < found.count; k++) {
            if (!add_parent(graph, found.items[k], splice, arena, &parents, err))
                return false;
        }
    }
    if (has_base && parents.count != 0) {
        (void) wb_fail(err, WB_E_TARGET, "a revision cannot follow base and other revisions");
        return wb_hint(err, "Take base alone to begin a new line of history.");
    }
    *ret_parents = parents;
    return true;
}
