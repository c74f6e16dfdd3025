/* Building the graph: names become indexes here, once, and never again.
 *
 * All neighbour lists are arrays side by side (wb_adjacency), so that a revision costs about a
 * hundred bytes and a walk touches memory in a row. docs/internals/graph.md has the rules. */
#include "revision/graph_private.h"

/* A name in a header that leads nowhere: what it could have been. */
static bool fail_missing(const wb_graph *graph, const wb_revision *revision, const wb_name *name,
                         const char *key, wb_error *err)
{
    (void) wb_fail(err, WB_E_GRAPH, "%s names \"%s\", but there is no such revision", key,
                   name->text);
    (void) wb_at(err, revision->path, name->line, name->column);
    const wb_key *known = wb_keys_find(&graph->keys, wb_str_from(name->text));
    if (known != NULL)
        return wb_hint(err,
                       "\"%s\" is a branch label; name the revision by its id, such as \"%s\".",
                       name->text, graph->revisions[known->value]->id);
    const wb_key *near = wb_keys_nearest(&graph->keys, wb_str_from(name->text));
    if (near != NULL)
        return wb_hint(err, "Did you mean \"%.*s\" (%s)?", WB_STR_ARG(near->text),
                       graph->revisions[near->value]->path);
    return wb_hint(err, "Add the file of revision \"%s\" to the folder, or correct the id.",
                   name->text);
}

static bool fail_self(const wb_revision *revision, const wb_name *name, const char *key,
                      wb_error *err)
{
    (void) wb_fail(err, WB_E_GRAPH, "revision \"%s\" names itself in %s", revision->id, key);
    (void) wb_at(err, revision->path, name->line, name->column);
    return wb_hint(err, "Name the revision that must be applied before this one.");
}

static bool fail_foreign(const wb_revision *revision, const wb_name *name, wb_error *err)
{
    (void) wb_fail(err, WB_E_UNSUPPORTED, "depends_on names \"%s\", a revision of another database",
                   name->text);
    (void) wb_at(err, revision->path, name->line, name->column);
    return wb_hint(err, "Dependencies across databases are not supported yet; name a revision "
                        "or a label of this database.");
}

static bool add_ids(wb_graph *graph, wb_error *err)
{
    for (uint32_t i = 0; i < graph->count; i++) {
        const wb_revision *revision = graph->revisions[i];
        const wb_key *taken =
            wb_keys_add(&graph->keys, (wb_key){.text = wb_graph_id(graph, i), .value = i});
        if (taken == NULL)
            continue;
        const wb_revision *other = graph->revisions[taken->value];
        (void) wb_fail(err, WB_E_GRAPH, "two files have the revision id \"%s\"", revision->id);
        (void) wb_at(err, revision->path, revision->id_line, 0);
        (void) wb_detail(err, "The other file is \"%s\", line %u.", other->path, other->id_line);
        return wb_hint(err, "Remove one of the files, or give one a new id.");
    }
    return true;
}

static bool add_label(wb_graph *graph, uint32_t index, const wb_name *name, wb_arena *arena,
                      wb_error *err)
{
    wb_key key = {.text = wb_str_from(name->text), .value = index, .is_label = true};
    const wb_key *taken = wb_keys_add(&graph->keys, key);
    if (taken == NULL) {
        WB_LIST_ADD(arena, &graph->labels, ((wb_label){name, index}));
        return true;
    }
    const wb_revision *other = graph->revisions[taken->value];
    (void) wb_fail(err, WB_E_GRAPH,
                   taken->is_label ? "two revisions declare the branch label \"%s\""
                                   : "the branch label \"%s\" is the id of a revision",
                   name->text);
    (void) wb_at(err, graph->revisions[index]->path, name->line, name->column);
    (void) wb_detail(err, "It is taken by revision \"%s\", file \"%s\".", other->id, other->path);
    return wb_hint(err, "Choose another label. One revision declares it; those above inherit it.");
}

static bool add_labels(wb_graph *graph, wb_arena *arena, wb_error *err)
{
    for (uint32_t i = 0; i < graph->count; i++) {
        const wb_revision *revision = graph->revisions[i];
        for (size_t k = 0; k < revision->branch_labels.count; k++) {
            if (!add_label(graph, i, &revision->branch_labels.items[k], arena, err))
                return false;
        }
    }
    return true;
}

/* Adds a neighbour unless the node, whose neighbours begin at `start`, has it. */
static void add_once(wb_index_list *items, size_t start, uint32_t index, wb_arena *arena)
{
    for (size_t i = start; i < items->count; i++) {
        if (items->items[i] == index)
            return;
    }
    WB_LIST_ADD(arena, items, index);
}

static void finish(wb_adjacency *adjacency, uint32_t count, const wb_index_list *items,
                   wb_arena *arena)
{
    adjacency->starts[count] = (uint32_t) items->count;
    adjacency->items = items->count != 0 ? items->items : WB_NEW(arena, uint32_t);
}

static bool link_parents(wb_graph *graph, wb_arena *arena, wb_error *err)
{
    wb_index_list items = {0};
    for (uint32_t i = 0; i < graph->count; i++) {
        const wb_revision *revision = graph->revisions[i];
        size_t start = items.count;
        graph->parents.starts[i] = (uint32_t) start;
        for (size_t k = 0; k < revision->revises.count; k++) {
            const wb_name *name = &revision->revises.items[k];
            const wb_key *key = wb_keys_find(&graph->keys, wb_str_from(name->text));
            if (key == NULL || key->is_label)
                return fail_missing(graph, revision, name, "revises", err);
            if (key->value == i)
                return fail_self(revision, name, "revises", err);
            add_once(&items, start, key->value, arena);
        }
    }
    finish(&graph->parents, graph->count, &items, arena);
    return true;
}

/* A label in depends_on stands for the revision that declares it, not for a head of the branch:
 * what a file depends on must not change when a later file is added. */
static bool link_dependencies(wb_graph *graph, wb_arena *arena, wb_error *err)
{
    wb_index_list items = {0};
    for (uint32_t i = 0; i < graph->count; i++) {
        const wb_revision *revision = graph->revisions[i];
        size_t start = items.count;
        graph->dependencies.starts[i] = (uint32_t) start;
        for (size_t k = 0; k < revision->depends_on.count; k++) {
            const wb_name *name = &revision->depends_on.items[k];
            const wb_key *key = wb_keys_find(&graph->keys, wb_str_from(name->text));
            if (key == NULL && strchr(name->text, '@') != NULL)
                return fail_foreign(revision, name, err);
            if (key == NULL)
                return fail_missing(graph, revision, name, "depends_on", err);
            if (key->value == i)
                return fail_self(revision, name, "depends_on", err);
            add_once(&items, start, key->value, arena);
        }
    }
    finish(&graph->dependencies, graph->count, &items, arena);
    return true;
}

bool wb_graph_build(const wb_revision_set *set, wb_arena *arena, wb_graph **ret_graph,
                    wb_error *err)
{
    wb_graph *graph = WB_NEW(arena, wb_graph);
    graph->revisions = set->revisions.items;
    graph->count = (uint32_t) set->revisions.count;
    graph->parents.starts = WB_NEW_ARRAY(arena, uint32_t, graph->count + 1);
    graph->dependencies.starts = WB_NEW_ARRAY(arena, uint32_t, graph->count + 1);
    wb_keys_init(&graph->keys, graph->count, arena);
    if (!add_ids(graph, err) || !add_labels(graph, arena, err) ||
        !link_parents(graph, arena, err) || !link_dependencies(graph, arena, err))
        return false;
    graph->children = wb_adjacency_reverse(&graph->parents, graph->count, arena);
    wb_graph_join_downs(graph, arena);
    if (!wb_graph_order(graph, arena, err))
        return false;
    wb_graph_normalise(graph, arena);
    wb_graph_spread_labels(graph, arena);
    *ret_graph = graph;
    return true;
}

size_t wb_graph_count(const wb_graph *graph)
{
    return graph->count;
}

const wb_revision *wb_graph_revision(const wb_graph *graph, uint32_t index)
{
    return graph->revisions[index];
}

bool wb_graph_find(const wb_graph *graph, wb_str id, uint32_t *ret_index)
{
    const wb_key *key = wb_keys_find(&graph->keys, id);
    if (key == NULL || key->is_label)
        return false;
    *ret_index = key->value;
    return true;
}

wb_index_list wb_graph_parents(const wb_graph *graph, uint32_t index)
{
    return wb_adjacent(&graph->parents, index);
}

wb_index_list wb_graph_dependencies(const wb_graph *graph, uint32_t index)
{
    return wb_adjacent(&graph->dependencies, index);
}

wb_index_list wb_graph_links(const wb_graph *graph, uint32_t index)
{
    return wb_adjacent(&graph->links, index);
}

wb_index_list wb_graph_children(const wb_graph *graph, uint32_t index)
{
    return wb_adjacent(&graph->children, index);
}

bool wb_graph_is_head(const wb_graph *graph, uint32_t index)
{
    return wb_adjacent(&graph->children, index).count == 0;
}

bool wb_graph_is_real_head(const wb_graph *graph, uint32_t index)
{
    return wb_adjacent(&graph->dependants, index).count == 0;
}

bool wb_graph_is_base(const wb_graph *graph, uint32_t index)
{
    return wb_adjacent(&graph->parents, index).count == 0;
}

bool wb_graph_is_branch_point(const wb_graph *graph, uint32_t index)
{
    return wb_adjacent(&graph->children, index).count > 1;
}

bool wb_graph_is_merge(const wb_graph *graph, uint32_t index)
{
    return wb_adjacent(&graph->parents, index).count > 1;
}

static wb_index_list nodes_that(const wb_graph *graph,
                                bool (*has)(const wb_graph *graph, uint32_t index), wb_arena *arena)
{
    wb_index_list list = {0};
    for (uint32_t i = 0; i < graph->count; i++) {
        if (has(graph, i))
            WB_LIST_ADD(arena, &list, i);
    }
    return list;
}

wb_index_list wb_graph_heads(const wb_graph *graph, bool real, wb_arena *arena)
{
    return nodes_that(graph, real ? wb_graph_is_real_head : wb_graph_is_head, arena);
}

wb_index_list wb_graph_bases(const wb_graph *graph, wb_arena *arena)
{
    return nodes_that(graph, wb_graph_is_base, arena);
}

wb_applied wb_applied_none(const wb_graph *graph, wb_arena *arena)
{
    return (wb_applied){.flags = wb_marks_new(graph, arena)};
}

wb_index_list wb_graph_current(const wb_graph *graph, const wb_applied *applied, wb_arena *arena)
{
    wb_index_list list = {0};
    bool *covered = wb_marks_new(graph, arena); /* something above is applied */
    for (uint32_t k = graph->count; k > 0; k--) {
        uint32_t node = graph->order[k - 1];
        if (!covered[node] && !applied->flags[node])
            continue;
        wb_index_list downs = wb_adjacent(&graph->downs, node);
        for (size_t i = 0; i < downs.count; i++)
            covered[downs.items[i]] = true;
    }
    for (uint32_t i = 0; i < graph->count; i++) {
        if (applied->flags[i] && !covered[i])
            WB_LIST_ADD(arena, &list, i);
    }
    return list;
}
