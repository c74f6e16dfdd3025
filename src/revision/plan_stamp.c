/* Stamp: which revisions count as applied afterwards, without running any.
 *
 * Alembic's rule in terms of rows: the rows that share a lineage (dependencies included) with a
 * given symbol are replaced by the destinations, other rows stay; where every destination is such
 * a row already, or none is related to one, nothing is replaced. The ledger has every revision, so
 * that a row here means: it and all its ancestors. What stays is left as it is, holes included. */
#include "revision/plan_private.h"

typedef struct stamp {
    const wb_graph *graph;
    wb_index_list rows;
    wb_index_list destinations;
    bool *affected; /* rows that share a lineage with a symbol */
    bool has_base;
    wb_arena *arena;
} stamp;

static void mark_related(const stamp *work, uint32_t index, bool *marks)
{
    wb_mark_reachable(work->graph, &work->graph->links, index, marks);
    bool *above = wb_marks_new(work->graph, work->arena);
    wb_mark_reachable(work->graph, &work->graph->dependants, index, above);
    for (uint32_t i = 0; i < work->graph->count; i++)
        marks[i] = marks[i] || above[i];
}

static bool resolve(const wb_query *query, const wb_target *target, wb_index_list *ret_list,
                    wb_error *err)
{
    *ret_list = (wb_index_list){0};
    if (!target->is_relative)
        return wb_name_resolve(query, target->branch, target->name, ret_list, err);
    if (target->name.len == 0) {
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" does not say from where it counts", query->text);
        return wb_hint(err, "Name a start, such as current%s or head%s.",
                       strpbrk(query->text, "+-"), strpbrk(query->text, "+-"));
    }
    uint32_t place = WB_AT_BASE;
    if (!wb_walk_from_name(query, target, &place, err))
        return false;
    if (place != WB_AT_BASE)
        WB_LIST_ADD(query->arena, ret_list, place);
    return true;
}

static bool add_target(stamp *work, const wb_query *query, wb_error *err)
{
    wb_target target;
    uint32_t branch = WB_NO_BRANCH;
    wb_index_list found = {0};
    if (!wb_target_parse(query, &target, err) ||
        !wb_branch_find(query, target.branch, &branch, err) ||
        !resolve(query, &target, &found, err))
        return false;
    bool *related = wb_marks_new(work->graph, work->arena);
    if (branch != WB_NO_BRANCH)
        mark_related(work, branch, related);
    for (size_t i = 0; i < found.count; i++) {
        mark_related(work, found.items[i], related);
        if (!wb_is_in_list(&work->destinations, found.items[i]))
            WB_LIST_ADD(work->arena, &work->destinations, found.items[i]);
    }
    bool has_no_limit = branch == WB_NO_BRANCH && found.count == 0;
    for (size_t i = 0; i < work->rows.count; i++) {
        uint32_t row = work->rows.items[i];
        work->affected[row] = work->affected[row] || has_no_limit || related[row];
    }
    work->has_base = work->has_base || found.count == 0;
    return true;
}

/* Do the affected rows go? They stay only where no destination moves any of them. */
static bool is_replacing(const stamp *work)
{
    if (work->destinations.count == 0)
        return true;
    for (size_t i = 0; i < work->destinations.count; i++) {
        uint32_t destination = work->destinations.items[i];
        if (work->affected[destination])
            continue;
        bool *related = wb_marks_new(work->graph, work->arena);
        mark_related(work, destination, related);
        for (size_t k = 0; k < work->rows.count; k++) {
            uint32_t row = work->rows.items[k];
            if (work->affected[row] && related[row])
                return true;
        }
    }
    return false;
}

static wb_applied outcome(const stamp *work, const wb_applied *applied, wb_arena *arena)
{
    const wb_graph *graph = work->graph;
    wb_index_list kept = {0};
    bool is_replaced = is_replacing(work);
    for (size_t i = 0; i < work->rows.count; i++) {
        if (!is_replaced || !work->affected[work->rows.items[i]])
            WB_LIST_ADD(work->arena, &kept, work->rows.items[i]);
    }
    bool *stays = wb_marks_new(graph, work->arena);
    wb_mark_all_reachable(graph, &graph->links, &kept, stays);
    wb_applied after = wb_applied_none(graph, arena);
    wb_mark_all_reachable(graph, &graph->links, &work->destinations, after.flags);
    for (uint32_t i = 0; i < graph->count; i++) {
        after.flags[i] = after.flags[i] || (stays[i] && applied->flags[i]);
        after.count += after.flags[i] ? 1 : 0;
    }
    return after;
}

bool wb_graph_plan_stamp(const wb_graph *graph, const char *const *targets, size_t target_count,
                         const wb_applied *applied, wb_arena *arena, wb_applied *ret_applied,
                         wb_error *err)
{
    WB_SCRATCH(tmp);
    stamp work = {.graph = graph,
                  .rows = wb_graph_current(graph, applied, tmp),
                  .affected = wb_marks_new(graph, tmp),
                  .arena = tmp};
    if (target_count == 0) {
        (void) wb_fail(err, WB_E_USAGE, "stamp needs a target");
        return wb_hint(err, "Name a revision, or take head, heads or base.");
    }
    for (size_t i = 0; i < target_count; i++) {
        wb_query query = {.graph = graph, .applied = applied, .text = targets[i], .arena = tmp};
        if (!add_target(&work, &query, err))
            return false;
    }
    if (work.has_base && target_count > 1) {
        (void) wb_fail(err, WB_E_TARGET, "base cannot be stamped together with other targets");
        return wb_hint(err, "Stamp base first, then the others.");
    }
    *ret_applied = outcome(&work, applied, arena);
    return true;
}
