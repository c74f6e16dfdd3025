/* What a name in a target means. The order of asking is Alembic's: the reserved words, an exact
 * id or label, the start of one. */
#include "revision/target.h"

#include <stdio.h>

/* Prefixes are looked for only among names as long as this, so that "001" never means "0012". */
enum { SHORTEST_FOR_PREFIX = 4 };

static bool is_reserved_name(wb_str name)
{
    return wb_str_is(name, "head") || wb_str_is(name, "heads") || wb_str_is(name, "base") ||
           wb_str_is(name, "current");
}

static bool fail_unknown(const wb_query *query, wb_str name, wb_error *err)
{
    const wb_graph *graph = query->graph;
    (void) wb_fail(err, WB_E_UNKNOWN_REVISION, "no revision or branch label is called \"%.*s\"",
                   WB_STR_ARG(name));
    if (graph->count == 0)
        return wb_hint(err, "There are no revisions yet; make one with \"whimbrel revision\".");
    const wb_key *near = wb_keys_nearest(&graph->keys, name);
    if (near == NULL)
        return wb_hint(err, "\"whimbrel history\" lists all revisions.");
    const wb_revision *revision = graph->revisions[near->value];
    if (near->is_label)
        return wb_hint(err, "Did you mean the label \"%.*s\" (declared by revision \"%s\")?",
                       WB_STR_ARG(near->text), revision->id);
    return wb_hint(err, "Did you mean \"%s\" (%s)?", revision->id, revision->path);
}

static bool fail_not_in_branch(const wb_query *query, uint32_t index, uint32_t branch,
                               wb_error *err)
{
    const wb_graph *graph = query->graph;
    (void) wb_fail(err, WB_E_UNKNOWN_REVISION,
                   "revision \"%s\" does not belong to the branch \"%.*s\"",
                   graph->revisions[index]->id,
                   WB_STR_ARG(wb_str_sub(wb_str_from(query->text), 0, strcspn(query->text, "@"))));
    (void) wb_detail(err, "The branch is revision \"%s\" with what leads to it and from it.",
                     graph->revisions[branch]->id);
    return wb_hint(err, "Leave the branch out, or name a revision of its own.");
}

/* All names that begin with `name`; several of one revision count once. */
static wb_index_list with_prefix(const wb_query *query, wb_str name, const bool *lineage)
{
    const wb_keys *keys = &query->graph->keys;
    wb_index_list found = {0};
    for (size_t i = 0; i < keys->list.count; i++) {
        const wb_key *key = &keys->list.items[i];
        bool counts = key->text.len >= SHORTEST_FOR_PREFIX && wb_str_has_prefix(key->text, name) &&
                      (lineage == NULL || lineage[key->value]);
        if (counts && !wb_is_in_list(&found, key->value))
            WB_LIST_ADD(query->arena, &found, key->value);
    }
    return found;
}

bool wb_name_find(const wb_query *query, wb_str name, uint32_t branch, uint32_t *ret_index,
                  wb_error *err)
{
    const wb_graph *graph = query->graph;
    bool *lineage = NULL;
    if (branch != WB_NO_BRANCH) {
        lineage = wb_marks_new(graph, query->arena);
        wb_mark_lineage(graph, branch, lineage);
    }
    const wb_key *key = wb_keys_find(&graph->keys, name);
    if (key != NULL) {
        if (lineage != NULL && !lineage[key->value])
            return fail_not_in_branch(query, key->value, branch, err);
        *ret_index = key->value;
        return true;
    }
    wb_index_list found = with_prefix(query, name, lineage);
    if (found.count == 0)
        return fail_unknown(query, name, err);
    if (found.count > 1) {
        WB_AUTO_BUF(text, 0);
        wb_describe(graph, &found, &text);
        (void) wb_fail(err, WB_E_AMBIGUOUS, "\"%.*s\" begins the names of %zu revisions",
                       WB_STR_ARG(name), found.count);
        (void) wb_detail(err, "They are %s.", wb_buf_text(&text));
        return wb_hint(err, "Give more of its characters.");
    }
    *ret_index = found.items[0];
    return true;
}

bool wb_branch_find(const wb_query *query, wb_str branch, uint32_t *ret_index, wb_error *err)
{
    *ret_index = WB_NO_BRANCH;
    if (branch.len == 0)
        return true;
    if (!is_reserved_name(branch) && wb_name_find(query, branch, WB_NO_BRANCH, ret_index, err))
        return true;
    if (is_reserved_name(branch)) {
        (void) wb_fail(err, WB_E_UNKNOWN_REVISION, "\"%.*s\" cannot stand for a branch",
                       WB_STR_ARG(branch));
        return wb_hint(err, "Before the @ goes a branch label or the id of a revision.");
    }
    if (err->status != WB_E_UNKNOWN_REVISION)
        return false;
    (void) snprintf(err->message, sizeof(err->message), "no branch is called \"%.*s\"",
                    WB_STR_ARG(branch));
    return false;
}

static wb_index_list filter_by_branch(const wb_query *query, wb_index_list list, uint32_t branch)
{
    if (branch == WB_NO_BRANCH)
        return list;
    bool *lineage = wb_marks_new(query->graph, query->arena);
    wb_mark_lineage(query->graph, branch, lineage);
    return wb_list_marked(&list, lineage, query->arena);
}

/* `head` counts what no revision revises, also where another depends on it: a new revision could
 * follow there, and which one is meant is for the user to say. */
static bool resolve_head(const wb_query *query, uint32_t branch, wb_index_list *ret_list,
                         wb_error *err)
{
    wb_index_list heads = wb_graph_heads(query->graph, false, query->arena);
    heads = filter_by_branch(query, heads, branch);
    if (heads.count > 1) {
        (void) wb_fail_several(query, WB_E_MULTIPLE_HEADS, &heads, "heads", err);
        return wb_hint(err, "Take one as branch@head or by its id, or all with heads; "
                            "\"whimbrel merge heads\" joins them.");
    }
    *ret_list = heads;
    return true;
}

static bool resolve_current(const wb_query *query, uint32_t branch, wb_index_list *ret_list,
                            wb_error *err)
{
    if (query->applied == NULL) {
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" needs a database to ask", query->text);
        return wb_hint(err, "Name the revision itself.");
    }
    wb_index_list rows = wb_graph_current(query->graph, query->applied, query->arena);
    *ret_list = filter_by_branch(query, rows, branch);
    return true;
}

bool wb_name_resolve(const wb_query *query, wb_str branch_name, wb_str name,
                     wb_index_list *ret_list, wb_error *err)
{
    uint32_t branch = WB_NO_BRANCH;
    *ret_list = (wb_index_list){0};
    if (!wb_branch_find(query, branch_name, &branch, err))
        return false;
    if (wb_str_is(name, "base"))
        return true;
    if (wb_str_is(name, "head"))
        return resolve_head(query, branch, ret_list, err);
    if (wb_str_is(name, "current"))
        return resolve_current(query, branch, ret_list, err);
    if (wb_str_is(name, "heads")) {
        bool is_real =
            branch == WB_NO_BRANCH; /* within a lineage, what others need does not count */
        wb_index_list heads = wb_graph_heads(query->graph, is_real, query->arena);
        *ret_list = filter_by_branch(query, heads, branch);
        return true;
    }
    uint32_t index = 0;
    if (!wb_name_find(query, name, branch, &index, err))
        return false;
    WB_LIST_ADD(query->arena, ret_list, index);
    return true;
}

bool wb_name_resolve_one(const wb_query *query, wb_str branch, wb_str name, uint32_t *ret_place,
                         wb_error *err)
{
    wb_index_list found = {0};
    if (!wb_name_resolve(query, branch, name, &found, err))
        return false;
    if (found.count > 1) {
        bool is_current = wb_str_is(name, "current");
        (void) wb_fail_several(query, WB_E_MULTIPLE_HEADS, &found,
                               is_current ? "current revisions" : "heads", err);
        return wb_hint(err, "Name one of them, or a branch: branch@%s.",
                       is_current ? "current" : "head");
    }
    *ret_place = found.count == 1 ? found.items[0] : WB_AT_BASE;
    return true;
}
