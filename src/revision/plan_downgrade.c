/* Downgrade: what follows the target and is applied, with all that depends on it, children first.
 * What a dropped revision depended on stays. */
#include "revision/plan_private.h"

typedef struct goal {
    uint32_t place;  /* the revision that stays as the last one, or WB_AT_BASE */
    uint32_t branch; /* where several lines lead down to the place: the one to take */
    uint32_t row;    /* where it counts from the rows: the row */
} goal;

/* What is applied without a descendant (by `revises`) that is: the rows, and beside them the ends
 * of branches that a row only depends on. */
static wb_index_list applied_tips(const wb_query *query, const bool *lineage)
{
    const wb_graph *graph = query->graph;
    wb_index_list tips = {0};
    bool *covered = wb_marks_new(graph, query->arena);
    for (uint32_t k = graph->count; k > 0; k--) {
        uint32_t node = graph->order[k - 1];
        bool is_applied = query->applied->flags[node];
        wb_index_list parents = wb_adjacent(&graph->parents, node);
        for (size_t i = 0; (covered[node] || is_applied) && i < parents.count; i++)
            covered[parents.items[i]] = true;
    }
    for (uint32_t i = 0; i < graph->count; i++) {
        if (query->applied->flags[i] && !covered[i] && lineage[i])
            WB_LIST_ADD(query->arena, &tips, i);
    }
    return tips;
}

static bool find_row(const wb_query *query, const wb_index_list *rows, goal *to, wb_error *err)
{
    const wb_graph *graph = query->graph;
    wb_index_list starts = *rows;
    if (to->branch != WB_NO_BRANCH) {
        bool *lineage = wb_marks_new(graph, query->arena);
        wb_mark_lineage(graph, to->branch, lineage);
        starts = wb_list_marked(rows, lineage, query->arena);
        if (starts.count == 0)
            starts = applied_tips(query, lineage);
    }
    if (starts.count == 0) {
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" goes too far: nothing is applied%s", query->text,
                       to->branch != WB_NO_BRANCH ? " in this branch" : "");
        return wb_hint(err, "\"whimbrel current\" shows what is applied.");
    }
    if (starts.count > 1) {
        (void) wb_fail_several(query, WB_E_AMBIGUOUS, &starts, "revisions to count from", err);
        return wb_hint(err, "Name the branch to take back, as in %s@%s.",
                       graph->revisions[starts.items[0]]->id, strchr(query->text, '-'));
    }
    to->row = starts.items[0];
    return true;
}

static bool find_relative(const wb_query *query, const wb_target *target, const wb_index_list *rows,
                          goal *to, wb_error *err)
{
    if (target->name.len != 0)
        return wb_walk_from_name(query, target, &to->place, err);
    if (!target->is_down || target->steps == 0) {
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" does not lead down", query->text);
        return wb_hint(err, "Count down from 1, as in -1; upgrade goes up.");
    }
    if (!find_row(query, rows, to, err))
        return false;
    if (to->branch == WB_NO_BRANCH)
        to->branch = to->row;
    return wb_walk_down(query, to->row, target->steps, &to->place, err);
}

static bool find_goal(const wb_query *query, const wb_index_list *rows, goal *to, wb_error *err)
{
    wb_target target;
    *to = (goal){WB_AT_BASE, WB_NO_BRANCH, WB_NO_BRANCH};
    if (!wb_target_parse(query, &target, err) ||
        !wb_branch_find(query, target.branch, &to->branch, err))
        return false;
    if (target.is_relative)
        return find_relative(query, &target, rows, to, err);
    return wb_name_resolve_one(query, target.branch, target.name, &to->place, err);
}

static wb_index_list ancestors_among(const wb_query *query, const wb_index_list *list,
                                     uint32_t above)
{
    bool *marks = wb_marks_new(query->graph, query->arena);
    wb_mark_reachable(query->graph, &query->graph->parents, above, marks);
    return wb_list_marked(list, marks, query->arena);
}

/* The lowest revisions to drop. Where the target has several children, a branch keeps those that
 * lead to it; where it has one, that is the way, whatever branch was given. */
static bool find_roots(const wb_query *query, const goal *to, wb_index_list *ret_roots,
                       wb_error *err)
{
    const wb_graph *graph = query->graph;
    wb_index_list all = to->place == WB_AT_BASE ? wb_graph_bases(graph, query->arena)
                                                : wb_adjacent(&graph->children, to->place);
    *ret_roots = all;
    if (to->branch == WB_NO_BRANCH || all.count < 2)
        return true;
    *ret_roots = ancestors_among(query, &all, to->branch);
    if (ret_roots->count == 0 && to->row != WB_NO_BRANCH)
        *ret_roots = ancestors_among(query, &all, to->row);
    if (ret_roots->count != 0)
        return true;
    WB_AUTO_BUF(text, 0);
    wb_describe(graph, &all, &text);
    (void) wb_fail(err, WB_E_TARGET,
                   "\"%s\" does not say which way to go down: the branch is declared below it",
                   query->text);
    (void) wb_detail(err, "These follow the target: %s.", wb_buf_text(&text));
    return wb_hint(err, "Take one of them as the branch, or no branch to undo all that follow.");
}

static bool fail_not_below(const wb_query *query, uint32_t place, wb_error *err)
{
    const wb_revision *revision = query->graph->revisions[place];
    if (!query->applied->flags[place]) {
        (void) wb_fail(err, WB_E_TARGET,
                       "revision \"%s\" is not applied, so that there is no "
                       "going back to it",
                       revision->id);
        return wb_hint(err, "\"whimbrel current\" shows what is applied; upgrade goes up.");
    }
    (void) wb_fail(err, WB_E_TARGET, "nothing that follows revision \"%s\" is applied",
                   revision->id);
    (void) wb_detail(err, "It is applied because another revision depends on it.");
    return wb_hint(err, "To undo that one, name the revision before it.");
}

bool wb_graph_plan_downgrade(const wb_graph *graph, const char *target, const wb_applied *applied,
                             wb_arena *arena, wb_index_list *ret_steps, wb_error *err)
{
    WB_SCRATCH(tmp);
    wb_query query = {.graph = graph, .applied = applied, .text = target, .arena = tmp};
    wb_index_list rows = wb_graph_current(graph, applied, tmp);
    wb_index_list roots = {0};
    goal to;
    if (!find_goal(&query, &rows, &to, err) || !find_roots(&query, &to, &roots, err))
        return false;
    bool *dropped = wb_marks_new(graph, tmp);
    bool has_any = false;
    wb_mark_all_reachable(graph, &graph->dependants, &roots, dropped);
    for (uint32_t i = 0; i < graph->count; i++) {
        dropped[i] = dropped[i] && applied->flags[i];
        has_any = has_any || dropped[i];
    }
    if (!has_any && to.place != WB_AT_BASE && !wb_is_in_list(&rows, to.place))
        return fail_not_below(&query, to.place, err);
    *ret_steps = wb_graph_sort(graph, dropped, &rows, arena);
    return true;
}
