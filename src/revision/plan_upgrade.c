/* Upgrade: what the targets need and is not applied, ancestors first. */
#include "revision/plan_private.h"

/* Members of `active` within a branch, without those to which another of them links. */
static wb_index_list tips_of(const wb_graph *graph, const bool *active, const bool *lineage,
                             wb_arena *arena)
{
    bool *linked = wb_marks_new(graph, arena);
    wb_index_list tips = {0};
    for (uint32_t i = 0; i < graph->count; i++) {
        wb_index_list links = wb_adjacent(&graph->links, i);
        for (size_t k = 0; active[i] && lineage[i] && k < links.count; k++)
            linked[links.items[k]] = true;
    }
    for (uint32_t i = 0; i < graph->count; i++) {
        if (active[i] && lineage[i] && !linked[i])
            WB_LIST_ADD(arena, &tips, i);
    }
    return tips;
}

bool wb_walk_from_rows(const wb_query *query, const wb_target *target, const wb_index_list *rows,
                       const bool *active, uint32_t *ret_place, wb_error *err)
{
    const wb_graph *graph = query->graph;
    uint32_t branch = WB_NO_BRANCH;
    if (!wb_branch_find(query, target->branch, &branch, err))
        return false;
    wb_index_list starts = *rows;
    if (branch != WB_NO_BRANCH) {
        bool *lineage = wb_marks_new(graph, query->arena);
        wb_mark_lineage(graph, branch, lineage);
        starts = wb_list_marked(rows, lineage, query->arena);
        if (starts.count == 0)
            starts = tips_of(graph, active, lineage, query->arena);
    }
    if (starts.count > 1) {
        (void) wb_fail_several(query, WB_E_AMBIGUOUS, &starts, "revisions to count from", err);
        return wb_hint(err, "Name the start, as in %s%s, or a branch: branch@+N.",
                       graph->revisions[starts.items[0]]->id, strchr(query->text, '+'));
    }
    uint32_t start = starts.count == 1 ? starts.items[0] : WB_AT_BASE;
    return wb_walk_up(query, start, target->steps, branch, ret_place, err);
}

static bool fail_direction(const wb_query *query, const wb_target *target, wb_error *err)
{
    if (target->steps == 0) {
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" counts no steps", query->text);
        return wb_hint(err, "Count from 1, as in +1.");
    }
    (void) wb_fail(err, WB_E_TARGET, "\"%s\" leads down, not up", query->text);
    return wb_hint(err, "Use downgrade to go down, or name a start, as in head%s.",
                   strchr(query->text, '-'));
}

bool wb_upper_target(const wb_query *query, const wb_index_list *rows, const bool *active,
                     wb_index_list *ret_targets, wb_error *err)
{
    wb_target target;
    if (!wb_target_parse(query, &target, err))
        return false;
    if (!target.is_relative)
        return wb_name_resolve(query, target.branch, target.name, ret_targets, err);
    uint32_t place = WB_AT_BASE;
    bool is_from_rows = target.name.len == 0;
    if (is_from_rows && (target.is_down || target.steps == 0))
        return fail_direction(query, &target, err);
    if (is_from_rows && !wb_walk_from_rows(query, &target, rows, active, &place, err))
        return false;
    if (!is_from_rows && !wb_walk_from_name(query, &target, &place, err))
        return false;
    *ret_targets = (wb_index_list){0};
    if (place != WB_AT_BASE)
        WB_LIST_ADD(query->arena, ret_targets, place);
    return true;
}

bool wb_graph_plan_upgrade(const wb_graph *graph, const char *const *targets, size_t target_count,
                           const wb_applied *applied, wb_arena *arena, wb_index_list *ret_steps,
                           wb_error *err)
{
    WB_SCRATCH(tmp);
    if (target_count == 0) {
        (void) wb_fail(err, WB_E_USAGE, "an upgrade needs a target");
        return wb_hint(err, "Name a revision, or take head or heads.");
    }
    wb_index_list rows = wb_graph_current(graph, applied, tmp);
    wb_index_list tops = {0};
    for (size_t i = 0; i < target_count; i++) {
        wb_query query = {.graph = graph, .applied = applied, .text = targets[i], .arena = tmp};
        wb_index_list found = {0};
        if (!wb_upper_target(&query, &rows, applied->flags, &found, err))
            return false;
        for (size_t k = 0; k < found.count; k++)
            WB_LIST_ADD(tmp, &tops, found.items[k]);
    }
    bool *needed = wb_marks_new(graph, tmp);
    wb_mark_all_reachable(graph, &graph->links, &tops, needed);
    for (uint32_t i = 0; i < graph->count; i++)
        needed[i] = needed[i] && !applied->flags[i];
    *ret_steps = wb_graph_sort(graph, needed, &tops, arena);
    wb_list_reverse(ret_steps);
    return true;
}
