/* The revisions of a range A:B, newest first: of what B needs, that which descends from A by
 * `revises`, A itself included. */
#include "revision/plan_private.h"

bool wb_range_split(const char *text, wb_arena *arena, const char **ret_from, const char **ret_to)
{
    if (text == NULL)
        return false;
    wb_str whole = wb_str_trim(wb_str_from(text));
    size_t colon = 0;
    size_t second = 0;
    if (!wb_str_find_byte(whole, ':', &colon) ||
        wb_str_find_byte(wb_str_from_offset(whole, colon + 1), ':', &second))
        return false;
    wb_str from = wb_str_trim(wb_str_sub(whole, 0, colon));
    wb_str to = wb_str_trim(wb_str_from_offset(whole, colon + 1));
    *ret_from = from.len != 0 ? wb_str_dup(arena, from) : NULL;
    *ret_to = to.len != 0 ? wb_str_dup(arena, to) : NULL;
    return true;
}

/* The lower end: which revisions it names (none for base), and the branch it was limited to. */
typedef struct lower_end {
    wb_index_list list;
    wb_str branch_text;
    uint32_t branch;
} lower_end;

/* "-N": so far below each head. A line that ends sooner gives its first revision. */
static bool walk_below_heads(const wb_query *query, const wb_target *target, lower_end *lower,
                             wb_error *err)
{
    const wb_graph *graph = query->graph;
    wb_index_list heads = {0};
    if (!wb_name_resolve(query, target->branch, WB_STR("heads"), &heads, err))
        return false;
    for (size_t i = 0; i < heads.count; i++) {
        uint32_t place = heads.items[i];
        for (uint64_t step = 0; step < target->steps; step++) {
            if (wb_graph_is_base(graph, place))
                break;
            if (!wb_walk_down(query, place, 1, &place, err))
                return false;
        }
        if (!wb_is_in_list(&lower->list, place))
            WB_LIST_ADD(query->arena, &lower->list, place);
    }
    return true;
}

static bool find_lower(const wb_query *query, lower_end *lower, wb_error *err)
{
    *lower = (lower_end){.branch = WB_NO_BRANCH};
    if (query->text == NULL)
        return true;
    wb_target target;
    if (!wb_target_parse(query, &target, err) ||
        !wb_branch_find(query, target.branch, &lower->branch, err))
        return false;
    lower->branch_text = target.branch;
    if (!target.is_relative)
        return wb_name_resolve(query, target.branch, target.name, &lower->list, err);
    if (target.name.len == 0 && target.is_down)
        return walk_below_heads(query, &target, lower, err);
    if (target.name.len == 0) {
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" does not say from where it counts", query->text);
        return wb_hint(err, "A range begins at a revision or, as -N, so far below the heads.");
    }
    uint32_t place = WB_AT_BASE;
    if (!wb_walk_from_name(query, &target, &place, err))
        return false;
    if (place != WB_AT_BASE)
        WB_LIST_ADD(query->arena, &lower->list, place);
    return true;
}

static bool find_upper(const wb_query *query, const lower_end *lower, wb_index_list *ret_list,
                       wb_error *err)
{
    const wb_graph *graph = query->graph;
    if (query->text == NULL) {
        *ret_list = wb_graph_heads(graph, true, query->arena);
        return true;
    }
    bool *active = wb_marks_new(graph, query->arena);
    wb_mark_all_reachable(graph, &graph->links, &lower->list, active);
    return wb_upper_target(query, &lower->list, active, ret_list, err);
}

/* Does a head belong to the branch that the lower end names? A label counts where it is shown. */
static bool is_in_branch(const wb_query *query, const lower_end *lower, const bool *above,
                         uint32_t index)
{
    const wb_graph *graph = query->graph;
    for (uint32_t i = 0; i < graph->labels.count; i++) {
        if (wb_str_is(lower->branch_text, graph->labels.items[i].name->text))
            return wb_graph_has_label(graph, index, i);
    }
    return above[index];
}

static wb_index_list limit_to_branch(const wb_query *query, const lower_end *lower,
                                     const wb_index_list *tops)
{
    if (lower->branch == WB_NO_BRANCH)
        return *tops;
    wb_index_list kept = {0};
    bool *above = wb_marks_new(query->graph, query->arena);
    wb_mark_reachable(query->graph, &query->graph->children, lower->branch, above);
    for (size_t i = 0; i < tops->count; i++) {
        if (is_in_branch(query, lower, above, tops->items[i]))
            WB_LIST_ADD(query->arena, &kept, tops->items[i]);
    }
    return kept;
}

/* Keeps of `needed` what lies between the lower end and the tops. */
static bool cut_below(const wb_query *query, const wb_index_list *lower, bool *needed,
                      wb_error *err)
{
    const wb_graph *graph = query->graph;
    if (lower->count == 0)
        return true;
    bool *above = wb_marks_new(graph, query->arena);
    wb_mark_all_reachable(graph, &graph->children, lower, above);
    for (size_t i = 0; i < lower->count; i++) {
        uint32_t index = lower->items[i];
        if (!needed[index]) {
            (void) wb_fail(err, WB_E_TARGET, "\"%s\" does not lie behind the end of the range",
                           graph->revisions[index]->id);
            return wb_hint(err, "A range goes from an older revision to a newer one of the same "
                                "line, as in older:newer.");
        }
    }
    for (uint32_t i = 0; i < graph->count; i++)
        needed[i] = needed[i] && above[i];
    return true;
}

bool wb_graph_history(const wb_graph *graph, const char *range, const wb_applied *applied,
                      wb_arena *arena, wb_index_list *ret_list, wb_error *err)
{
    WB_SCRATCH(tmp);
    const char *from = NULL;
    const char *to = NULL;
    if (range != NULL && !wb_range_split(range, tmp, &from, &to)) {
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" is not a range", range);
        return wb_hint(err, "Write older:newer; either side may be left out.");
    }
    wb_query query = {
        .graph = graph, .applied = applied, .text = from, .clamp = true, .arena = tmp};
    lower_end lower;
    wb_index_list tops = {0};
    if (!find_lower(&query, &lower, err))
        return false;
    query.text = to;
    if (!find_upper(&query, &lower, &tops, err))
        return false;
    tops = limit_to_branch(&query, &lower, &tops);
    bool *needed = wb_marks_new(graph, tmp);
    wb_mark_all_reachable(graph, &graph->links, &tops, needed);
    if (!cut_below(&query, &lower.list, needed, err))
        return false;
    *ret_list = wb_graph_sort(graph, needed, &tops, arena);
    return true;
}
