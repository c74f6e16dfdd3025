/* Walking along `revises`. Dependencies are never walked: they say what must be applied, not
 * which way history goes. */
#include "revision/target.h"

static bool fail_too_far(const wb_query *query, uint32_t from, uint64_t walked, bool is_down,
                         wb_error *err)
{
    const wb_graph *graph = query->graph;
    if (from == WB_AT_BASE)
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" goes too far: only %llu revision%s there",
                       query->text, (unsigned long long) walked, walked == 1 ? " is" : "s are");
    else
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" goes too far: from \"%s\" it is %llu step%s to %s",
                       query->text, graph->revisions[from]->id, (unsigned long long) walked,
                       walked == 1 ? "" : "s", is_down ? "base" : "the head");
    return wb_hint(err, is_down ? "Take base to go all the way down."
                                : "Take head or heads to go all the way up.");
}

static bool fail_fork(const wb_query *query, uint32_t place, const wb_index_list *choices,
                      bool is_down, wb_error *err)
{
    WB_AUTO_BUF(text, 0);
    wb_describe(query->graph, choices, &text);
    const char *where = place == WB_AT_BASE ? "base" : query->graph->revisions[place]->id;
    (void) wb_fail(err, WB_E_AMBIGUOUS, "\"%s\" is ambiguous: %zu revisions %s \"%s\"", query->text,
                   choices->count, is_down ? "are merged by" : "follow", where);
    (void) wb_detail(err, "They are %s.", wb_buf_text(&text));
    return wb_hint(err, is_down ? "Name the revision to go to."
                                : "Name the revision to go to, or a branch: branch@+N.");
}

bool wb_walk_up(const wb_query *query, uint32_t from, uint64_t steps, uint32_t branch,
                uint32_t *ret_place, wb_error *err)
{
    const wb_graph *graph = query->graph;
    bool *lineage = NULL;
    if (branch != WB_NO_BRANCH) {
        lineage = wb_marks_new(graph, query->arena);
        wb_mark_lineage(graph, branch, lineage);
    }
    uint32_t place = from;
    for (uint64_t walked = 0; walked < steps; walked++) {
        wb_index_list choices = place == WB_AT_BASE ? wb_graph_bases(graph, query->arena)
                                                    : wb_adjacent(&graph->children, place);
        if (lineage != NULL && choices.count > 0)
            choices = wb_list_marked(&choices, lineage, query->arena);
        if (choices.count == 0 && query->clamp)
            break;
        if (choices.count == 0)
            return fail_too_far(query, from, walked, false, err);
        if (choices.count > 1)
            return fail_fork(query, place, &choices, false, err);
        place = choices.items[0];
    }
    *ret_place = place;
    return true;
}

bool wb_walk_down(const wb_query *query, uint32_t from, uint64_t steps, uint32_t *ret_place,
                  wb_error *err)
{
    const wb_graph *graph = query->graph;
    uint32_t place = from;
    for (uint64_t walked = 0; walked < steps; walked++) {
        if (place == WB_AT_BASE) {
            if (query->clamp)
                break;
            return fail_too_far(query, from, walked, true, err);
        }
        wb_index_list choices = wb_adjacent(&graph->parents, place);
        if (choices.count > 1)
            return fail_fork(query, place, &choices, true, err);
        place = choices.count == 1 ? choices.items[0] : WB_AT_BASE;
    }
    *ret_place = place;
    return true;
}

/* Upward the branch only chooses at forks; downward the start itself must belong to it. */
bool wb_walk_from_name(const wb_query *query, const wb_target *target, uint32_t *ret_place,
                       wb_error *err)
{
    uint32_t branch = WB_NO_BRANCH;
    uint32_t from = WB_AT_BASE;
    if (!wb_branch_find(query, target->branch, &branch, err))
        return false;
    bool is_down = target->is_down && target->steps > 0;
    bool is_free =
        !is_down && !wb_str_is(target->name, "current") && !wb_str_is(target->name, "head");
    if (!wb_name_resolve_one(query, is_free ? WB_STR("") : target->branch, target->name, &from,
                             err))
        return false;
    if (is_down)
        return wb_walk_down(query, from, target->steps, ret_place, err);
    return wb_walk_up(query, from, target->steps, branch, ret_place, err);
}
