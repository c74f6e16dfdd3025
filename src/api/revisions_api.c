/* heads, branches, show, history, current. */
#include "api/workspace.h"
#include "base/map.h"
#include "engine/comparison.h"
#include "engine/ledger.h"
#include "engine/run_plan.h"

static const char *const *names_of(const wb_name *names, size_t count, wb_arena *arena)
{
    const char **texts = WB_NEW_ARRAY(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        texts[i] = wb_arena_strdup(arena, names[i].text);
    return texts;
}

void wb_describe_revision(const wb_graph *graph, uint32_t index, wb_arena *arena,
                          wb_revision_info *ret_info)
{
    const wb_revision *revision = wb_graph_revision(graph, index);
    wb_index_list parents = wb_graph_parents(graph, index);
    wb_index_list children = wb_graph_children(graph, index);
    const char **labels = NULL;
    size_t label_count = 0;
    wb_graph_labels(graph, index, arena, &labels, &label_count);
    for (size_t i = 0; i < label_count; i++)
        labels[i] = wb_arena_strdup(arena, labels[i]);
    bool is_head = wb_graph_is_head(graph, index);
    *ret_info = (wb_revision_info){
        .id = wb_arena_strdup(arena, revision->id),
        .message = wb_arena_strdup(arena, revision->message),
        .path = wb_arena_strdup(arena, revision->path),
        .create_date = wb_arena_strdup(arena, revision->create_date),
        .revises = wb_plan_ids(graph, &parents, arena),
        .revises_count = parents.count,
        .depends_on = names_of(revision->depends_on.items, revision->depends_on.count, arena),
        .depends_on_count = revision->depends_on.count,
        .labels = labels,
        .label_count = label_count,
        .children = wb_plan_ids(graph, &children, arena),
        .child_count = children.count,
        .is_head = is_head,
        .is_effective_head = is_head && !wb_graph_is_real_head(graph, index),
        .is_base = wb_graph_is_base(graph, index),
        .is_branch_point = wb_graph_is_branch_point(graph, index),
        .is_merge = wb_graph_is_merge(graph, index),
    };
}

void wb_describe_revisions(const wb_graph *graph, const wb_index_list *list, wb_arena *arena,
                           wb_revision_list *ret_list)
{
    ret_list->count = list->count;
    ret_list->items = WB_NEW_ARRAY(arena, wb_revision_info, list->count + 1);
    for (size_t i = 0; i < list->count; i++)
        wb_describe_revision(graph, list->items[i], arena, &ret_list->items[i]);
}

bool wb_heads(wb_target *target, bool real, wb_arena *arena, wb_revision_list *ret_list,
              wb_error *err)
{
    if (!wb_target_need_revisions(target, err))
        return false;
    wb_index_list heads = wb_graph_heads(target->graph, real, arena);
    wb_describe_revisions(target->graph, &heads, arena, ret_list);
    return true;
}

bool wb_branches(wb_target *target, wb_arena *arena, wb_revision_list *ret_list, wb_error *err)
{
    if (!wb_target_need_revisions(target, err))
        return false;
    wb_index_list points = {0};
    for (uint32_t i = 0; i < wb_graph_count(target->graph); i++) {
        if (wb_graph_is_branch_point(target->graph, i))
            WB_LIST_ADD(arena, &points, i);
    }
    wb_describe_revisions(target->graph, &points, arena, ret_list);
    return true;
}

/* ---- with the ledger ---- */

static void fill_row(wb_revision_info *info, const wb_ledger_row *row, wb_arena *arena)
{
    info->is_applied = true;
    info->is_stamped = row->stamped;
    info->applied_at_us = row->applied_at_us;
    info->duration_ms = row->duration_ms;
    info->applied_by = wb_arena_strdup(arena, row->applied_by);
    info->host = wb_arena_strdup(arena, row->host);
    info->tool_version = wb_arena_strdup(arena, row->tool_version);
    info->run = wb_arena_strdup(arena, row->batch);
}

static void fill_from_ledger(const wb_ledger *ledger, const wb_applied *applied, wb_arena *arena,
                             wb_revision_list *list)
{
    const wb_graph *graph = ledger->context->graph;
    wb_map *rows = wb_map_new();
    for (size_t i = 0; i < ledger->rows.count; i++)
        (void) wb_map_set(rows, wb_str_from(ledger->rows.items[i].revision),
                          &ledger->rows.items[i]);
    wb_index_list current = wb_graph_current(graph, applied, arena);
    wb_map *heads = wb_map_new();
    for (size_t i = 0; i < current.count; i++)
        (void) wb_map_set(heads, wb_str_from(wb_graph_revision(graph, current.items[i])->id), list);
    for (size_t i = 0; i < list->count; i++) {
        wb_revision_info *info = &list->items[i];
        const wb_ledger_row *row = wb_map_get(rows, wb_str_from(info->id));
        if (row != NULL)
            fill_row(info, row, arena);
        info->is_current = wb_map_has(heads, wb_str_from(info->id));
    }
    wb_map_free(rows);
    wb_map_free(heads);
}

static void mark_edited(const wb_difference_list *differences, wb_revision_list *list)
{
    for (size_t i = 0; i < differences->count; i++) {
        for (size_t k = 0; k < list->count; k++) {
            if (differences->items[i].kind == WB_FILE_EDITED &&
                strcmp(differences->items[i].revision, list->items[k].id) == 0)
                list->items[k].is_edited = true;
        }
    }
}

/* Connects, reads the ledger in full, and tells what is applied. */
static bool ask_ledger(wb_target *target, const char *command, wb_arena *arena,
                       wb_context *ret_context, wb_ledger **ret_ledger, wb_applied *ret_applied,
                       wb_text_list *ret_missing, wb_error *err)
{
    if (!wb_target_need_all(target, command, ret_context, err) ||
        !wb_ledger_read(ret_context, WB_LEDGER_FULL, ret_ledger, err))
        return false;
    wb_ledger_applied(*ret_ledger, arena, ret_applied, ret_missing);
    return true;
}

bool wb_find_revisions(wb_target *target, const char *const *symbols, size_t count, wb_arena *arena,
                       wb_revision_list *ret_list, wb_error *err)
{
    wb_context context;
    wb_ledger *ledger = NULL;
    wb_applied applied = {0};
    bool needs_database = false;
    for (size_t i = 0; i < count; i++)
        needs_database = needs_database || strncmp(symbols[i], "current", strlen("current")) == 0;
    if (needs_database ? !ask_ledger(target, "show", arena, &context, &ledger, &applied, NULL, err)
                       : !wb_target_need_revisions(target, err))
        return false;
    wb_index_list found = {0};
    bool *seen = WB_NEW_ARRAY(arena, bool, wb_graph_count(target->graph) + 1);
    for (size_t i = 0; i < count; i++) {
        wb_index_list some = {0};
        if (!wb_graph_resolve(target->graph, symbols[i], needs_database ? &applied : NULL, arena,
                              &some, err))
            return false;
        for (size_t k = 0; k < some.count; k++) {
            if (!seen[some.items[k]])
                WB_LIST_ADD(arena, &found, some.items[k]);
            seen[some.items[k]] = true;
        }
    }
    wb_describe_revisions(target->graph, &found, arena, ret_list);
    if (needs_database)
        fill_from_ledger(ledger, &applied, arena, ret_list);
    return true;
}

bool wb_history(wb_target *target, const char *range, bool ask_database, wb_arena *arena,
                wb_revision_list *ret_list, wb_error *err)
{
    wb_context context;
    wb_ledger *ledger = NULL;
    wb_applied applied = {0};
    wb_index_list list = {0};
    bool needs_database = ask_database || (range != NULL && strstr(range, "current") != NULL);
    if (needs_database
            ? !ask_ledger(target, "history", arena, &context, &ledger, &applied, NULL, err)
            : !wb_target_need_revisions(target, err))
        return false;
    if (!wb_graph_history(target->graph, range, needs_database ? &applied : NULL, arena, &list,
                          err))
        return false;
    wb_describe_revisions(target->graph, &list, arena, ret_list);
    if (!needs_database)
        return true;
    wb_difference_list differences;
    fill_from_ledger(ledger, &applied, arena, ret_list);
    if (!wb_compare_files(ledger, arena, &differences, err))
        return false;
    mark_edited(&differences, ret_list);
    return true;
}

/* Alembic shows the rows, and revisions that only depends_on implies and that nothing applied
 * revises. */
static bool is_shown_as_current(const wb_graph *graph, const wb_applied *applied, uint32_t index)
{
    if (!applied->flags[index])
        return false;
    wb_index_list children = wb_graph_children(graph, index);
    for (size_t i = 0; i < children.count; i++) {
        if (applied->flags[children.items[i]])
            return false;
    }
    return true;
}

static void add_missing(const wb_ledger *ledger, const wb_text_list *missing, wb_arena *arena,
                        wb_revision_list *list)
{
    wb_revision_info *items =
        WB_NEW_ARRAY(arena, wb_revision_info, list->count + missing->count + 1);
    if (list->count > 0)
        memcpy(items, list->items, list->count * sizeof(*items));
    for (size_t i = 0; i < missing->count; i++) {
        items[list->count] =
            (wb_revision_info){.id = wb_arena_strdup(arena, missing->items[i]), .is_missing = true};
        for (size_t k = 0; k < ledger->rows.count; k++) {
            if (strcmp(ledger->rows.items[k].revision, missing->items[i]) != 0)
                continue;
            items[list->count].message = wb_arena_strdup(arena, ledger->rows.items[k].slug);
            fill_row(&items[list->count], &ledger->rows.items[k], arena);
        }
        list->count++;
    }
    list->items = items;
}

bool wb_current(wb_target *target, wb_arena *arena, wb_revision_list *ret_list, wb_error *err)
{
    wb_context context;
    wb_ledger *ledger = NULL;
    wb_applied applied = {0};
    wb_text_list missing = {0};
    wb_index_list shown = {0};
    if (!ask_ledger(target, "current", arena, &context, &ledger, &applied, &missing, err))
        return false;
    for (uint32_t i = 0; i < wb_graph_count(target->graph); i++) {
        if (is_shown_as_current(target->graph, &applied, i))
            WB_LIST_ADD(arena, &shown, i);
    }
    wb_describe_revisions(target->graph, &shown, arena, ret_list);
    fill_from_ledger(ledger, &applied, arena, ret_list);
    add_missing(ledger, &missing, arena, ret_list);
    return true;
}
