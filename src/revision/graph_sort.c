/* Alembic's order of a set of revisions, in near-linear time.
 *
 * Its rule: keep a line of candidates, at first the tops in load order, and a place in it. Where
 * the candidate at the place is an ancestor of other entries, go to the first of those. Else emit
 * it; the first of its links (L) that is new takes its entry, the others go to the end of the
 * line; where none is new the entry goes away and the place moves one back.
 *
 * Alembic keeps the ancestor set of each entry and computes it anew at each merge, which is
 * quadratic. But an entry is an ancestor of another exactly when one of its children in the set is
 * not emitted yet, because every revision that is not emitted lies under some entry. So "may it be
 * emitted" is a look at its children. When it may not, the first entry above it is wanted:
 *
 * - It never comes before the one found the last time for the same revision, because what covers
 *   a revision only loses entries and gains later ones (`floor`).
 * - From there on, an entry of a lower topological rank is not above it; and one that is above it
 *   in the tree of first links, which intervals tell at once, is.
 * - Only where neither helps, what lies above it is searched. The search crosses whole chains (a
 *   line without forks and merges) in one step: in a chain at most one entry can stand, with
 *   nothing left above it within the chain.
 *
 * Entries have keys that only grow (the end of the line gets the next one), so that "first" is the
 * smallest key and the line can be a linked list.
 *
 * A ledger may have holes (an applied revision over one that is not). The set is then filled up
 * with what lies between its members, sorted, and what was filled in is left out of the result. */
#include "revision/graph_private.h"

#define NONE UINT32_MAX

typedef struct entry {
    uint32_t node;
    uint32_t previous;
    uint32_t next;
    bool is_gone;
} entry; /* its key is its place in the list of entries */

typedef struct sorter {
    const wb_graph *graph;
    bool *hull; /* the set, and what lies between its members */
    bool *emitted;
    uint32_t *chain;      /* top of the chain of each node */
    uint32_t *standing;   /* by chain top: the entry in that chain, or NONE */
    uint32_t *visited;    /* by chain top: the last search that came by */
    uint32_t *floor;      /* the entry that last stood above a node; none before it does */
    uint32_t *tree_start; /* the tree of first links: a node and all above it fill the interval */
    uint32_t *tree_end;   /* from its start to before its end */
    uint32_t search;
    WB_LIST(entry) entries;
    uint32_t first;
    uint32_t last;
    wb_index_list stack;
    wb_arena *arena;
} sorter;

static void find_hull(sorter *work, const bool *set, const wb_index_list *tops)
{
    const wb_graph *graph = work->graph;
    bool *below = wb_marks_new(graph, work->arena);
    wb_mark_all_reachable(graph, &graph->links, tops, below);
    for (uint32_t k = 0; k < graph->count; k++) {
        uint32_t node = graph->order[k];
        if (!below[node])
            continue;
        wb_index_list links = wb_adjacent(&graph->links, node);
        bool is_over_member = set[node];
        for (size_t i = 0; i < links.count && !is_over_member; i++)
            is_over_member = work->hull[links.items[i]];
        work->hull[node] = is_over_member;
    }
}

/* The children within the hull: how many, and the last of them. */
static size_t count_children(const sorter *work, uint32_t node, uint32_t *ret_child)
{
    wb_index_list above = wb_adjacent(&work->graph->dependants, node);
    size_t count = 0;
    for (size_t i = 0; i < above.count; i++) {
        if (work->hull[above.items[i]]) {
            *ret_child = above.items[i];
            count++;
        }
    }
    return count;
}

static void append_entry(sorter *work, uint32_t node)
{
    uint32_t key = (uint32_t) work->entries.count;
    entry fresh = {.node = node, .previous = work->last, .next = NONE};
    WB_LIST_ADD(work->arena, &work->entries, fresh);
    if (work->last != NONE)
        work->entries.items[work->last].next = key;
    else
        work->first = key;
    work->last = key;
    work->standing[work->chain[node]] = key;
}

/* Takes an entry out and gives the one before it, or else the first. */
static uint32_t remove_entry(sorter *work, uint32_t key)
{
    work->entries.items[key].is_gone = true; /* its `next` stays, as a way to later entries */
    entry gone = work->entries.items[key];
    if (gone.previous != NONE)
        work->entries.items[gone.previous].next = gone.next;
    else
        work->first = gone.next;
    if (gone.next != NONE)
        work->entries.items[gone.next].previous = gone.previous;
    else
        work->last = gone.previous;
    return gone.previous != NONE ? gone.previous : work->first;
}

static void find_chains(sorter *work)
{
    const wb_graph *graph = work->graph;
    for (uint32_t k = graph->count; k > 0; k--) {
        uint32_t node = graph->order[k - 1];
        uint32_t child = NONE;
        bool is_in_chain = work->hull[node] && count_children(work, node, &child) == 1 &&
                           wb_adjacent(&graph->downs, child).count == 1;
        work->chain[node] = is_in_chain ? work->chain[child] : node;
        work->standing[node] = NONE;
    }
}

static void add_tops(sorter *work)
{
    for (uint32_t i = 0; i < work->graph->count; i++) {
        uint32_t child = NONE;
        if (work->hull[i] && count_children(work, i, &child) == 0)
            append_entry(work, i);
    }
}

static bool has_child_left(const sorter *work, uint32_t node)
{
    wb_index_list above = wb_adjacent(&work->graph->dependants, node);
    for (size_t i = 0; i < above.count; i++) {
        if (work->hull[above.items[i]] && !work->emitted[above.items[i]])
            return true;
    }
    return false;
}

/* Puts the chains of the children that are not emitted on the stack. */
static void push_children(sorter *work, uint32_t node)
{
    wb_index_list above = wb_adjacent(&work->graph->dependants, node);
    for (size_t i = 0; i < above.count; i++) {
        uint32_t child = above.items[i];
        uint32_t top = work->chain[child];
        if (!work->hull[child] || work->emitted[child] || work->visited[top] == work->search)
            continue;
        work->visited[top] = work->search;
        WB_LIST_ADD(work->arena, &work->stack, top);
    }
}

/* Numbers the tree in which each node hangs at its first down. */
static void find_tree(sorter *work)
{
    const wb_graph *graph = work->graph;
    uint32_t *size = work->tree_end; /* until the starts are known */
    uint32_t next_root = 0;
    for (uint32_t i = 0; i < graph->count; i++)
        size[i] = 1;
    for (uint32_t k = graph->count; k > 0; k--) {
        uint32_t node = graph->order[k - 1];
        wb_index_list downs = wb_adjacent(&graph->downs, node);
        if (downs.count != 0)
            size[downs.items[0]] += size[node];
    }
    uint32_t *free_start =
        WB_NEW_ARRAY(work->arena, uint32_t, graph->count); /* for the next child */
    for (uint32_t k = 0; k < graph->count; k++) {
        uint32_t node = graph->order[k];
        wb_index_list downs = wb_adjacent(&graph->downs, node);
        uint32_t *start = downs.count != 0 ? &free_start[downs.items[0]] : &next_root;
        work->tree_start[node] = *start;
        *start += size[node];
        free_start[node] = work->tree_start[node] + 1;
    }
    for (uint32_t i = 0; i < graph->count; i++)
        work->tree_end[i] = work->tree_start[i] + size[i];
}

static bool is_above_in_tree(const sorter *work, uint32_t node, uint32_t other)
{
    return work->tree_start[node] < work->tree_start[other] &&
           work->tree_start[other] < work->tree_end[node];
}

/* The first entry above `node` by searching all that lies above it. */
static uint32_t search_above(sorter *work, uint32_t node)
{
    uint32_t found = NONE;
    work->search++;
    work->stack.count = 0;
    push_children(work, node);
    while (work->stack.count > 0) {
        uint32_t top = work->stack.items[--work->stack.count];
        uint32_t key = work->standing[top];
        if (key < found)
            found = key;
        if (key == NONE || work->entries.items[key].node == top)
            push_children(work, top);
    }
    return found;
}

/* The entry itself, or the next one that is still in the line. What was walked is cut short for
 * the next time. */
static uint32_t alive_from(sorter *work, uint32_t key)
{
    entry *entries = work->entries.items;
    uint32_t alive = key;
    while (alive != NONE && entries[alive].is_gone)
        alive = entries[alive].next;
    while (key != NONE && entries[key].is_gone) {
        uint32_t next = entries[key].next;
        entries[key].next = alive;
        key = next;
    }
    return alive;
}

/* The first entry that has `node` among its ancestors; NONE where the node may be emitted. */
static uint32_t find_blocker(sorter *work, uint32_t node)
{
    const uint32_t *rank = work->graph->rank;
    if (!has_child_left(work, node))
        return NONE;
    uint32_t key = alive_from(work, work->floor[node]);
    while (key != NONE && rank[work->entries.items[key].node] <= rank[node])
        key = work->entries.items[key].next;
    if (key == NONE || !is_above_in_tree(work, node, work->entries.items[key].node))
        key = search_above(work, node);
    work->floor[node] = key;
    return key;
}

/* Puts the links of an emitted node in its place. Returns the place to go on from. */
static uint32_t replace_entry(sorter *work, uint32_t key)
{
    uint32_t node = work->entries.items[key].node;
    wb_index_list links = wb_adjacent(&work->graph->links, node);
    work->standing[work->chain[node]] = NONE;
    bool is_replaced = false;
    for (size_t i = 0; i < links.count; i++) {
        uint32_t link = links.items[i];
        uint32_t standing = work->standing[work->chain[link]];
        bool is_in_line = standing != NONE && work->entries.items[standing].node == link;
        if (!work->hull[link] || work->emitted[link] || is_in_line)
            continue;
        if (is_replaced) {
            append_entry(work, link);
            continue;
        }
        is_replaced = true;
        work->entries.items[key].node = link;
        work->standing[work->chain[link]] = key;
    }
    return is_replaced ? key : remove_entry(work, key);
}

wb_index_list wb_graph_sort(const wb_graph *graph, const bool *set, const wb_index_list *tops,
                            wb_arena *arena)
{
    WB_SCRATCH(tmp);
    wb_index_list sorted = {0};
    sorter work = {.graph = graph,
                   .hull = wb_marks_new(graph, tmp),
                   .emitted = wb_marks_new(graph, tmp),
                   .chain = WB_NEW_ARRAY(tmp, uint32_t, (size_t) graph->count + 1),
                   .standing = WB_NEW_ARRAY(tmp, uint32_t, (size_t) graph->count + 1),
                   .visited = WB_NEW_ARRAY(tmp, uint32_t, (size_t) graph->count + 1),
                   .floor = WB_NEW_ARRAY(tmp, uint32_t, (size_t) graph->count + 1),
                   .tree_start = WB_NEW_ARRAY(tmp, uint32_t, (size_t) graph->count + 1),
                   .tree_end = WB_NEW_ARRAY(tmp, uint32_t, (size_t) graph->count + 1),
                   .first = NONE,
                   .last = NONE,
                   .arena = tmp};
    find_hull(&work, set, tops);
    find_chains(&work);
    find_tree(&work);
    add_tops(&work);
    uint32_t place = work.first;
    while (work.first != NONE) {
        uint32_t node = work.entries.items[place].node;
        uint32_t blocker = find_blocker(&work, node);
        if (blocker != NONE) {
            place = blocker;
            continue;
        }
        work.emitted[node] = true;
        if (set[node])
            WB_LIST_ADD(arena, &sorted, node);
        place = replace_entry(&work, place);
    }
    return sorted;
}
