/* Graphs for tests, made from text without files: one revision a line in load order,
 * "id parents dependencies labels", names joined by commas, "-" or nothing for none. */
#ifndef WB_TESTS_GRAPH_FIXTURE_H
#define WB_TESTS_GRAPH_FIXTURE_H

#include "../../support/test.h"
#include "base/fail.h"
#include "revision/graph.h"

#include <stdio.h>

static inline size_t fixture_names(wb_str text, wb_arena *arena, unsigned line, wb_name **ret_names)
{
    WB_LIST(wb_name) names = {0};
    wb_str part;
    while (text.len != 0 && !wb_str_is(text, "-") && wb_str_split(&text, ',', &part))
        WB_LIST_ADD(arena, &names, ((wb_name){wb_str_dup(arena, part), line, 1}));
    *ret_names = names.items;
    return names.count;
}

static inline void fixture_add(wb_revision_set *set, wb_str line)
{
    wb_arena *arena = set->arena;
    wb_revision *revision = WB_NEW(arena, wb_revision);
    wb_str words[4] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
    for (size_t i = 0; i < 4 && wb_str_next_word(&line, &words[i]); i++)
        ;
    revision->id = wb_str_dup(arena, words[0]);
    revision->path = wb_arena_printf(arena, "%s.sql", revision->id);
    revision->message = "";
    revision->index = (uint32_t) set->revisions.count;
    revision->revises.count = fixture_names(words[1], arena, 2, &revision->revises.items);
    revision->depends_on.count = fixture_names(words[2], arena, 3, &revision->depends_on.items);
    revision->branch_labels.count =
        fixture_names(words[3], arena, 4, &revision->branch_labels.items);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): it is a list of pointers */
    WB_LIST_ADD(arena, &set->revisions, revision);
}

static inline wb_revision_set *fixture_set(const char *text, wb_arena *arena)
{
    wb_revision_set *set = WB_NEW(arena, wb_revision_set);
    set->arena = arena;
    wb_str rest = wb_str_from(text);
    wb_str line;
    while (wb_str_next_line(&rest, &line)) {
        if (line.len != 0)
            fixture_add(set, line);
    }
    return set;
}

static inline wb_graph *fixture_graph(const char *text, wb_arena *arena)
{
    wb_error err = {0};
    wb_graph *graph = NULL;
    if (!wb_graph_build(fixture_set(text, arena), arena, &graph, &err))
        fail_msg("the graph is refused: %s", err.message);
    return graph;
}

/* The ids of a list, joined by blanks. */
static inline const char *fixture_ids(const wb_graph *graph, const wb_index_list *list,
                                      wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    for (size_t i = 0; i < list->count; i++)
        wb_buf_printf(&text, "%s%s", i != 0 ? " " : "",
                      wb_graph_revision(graph, list->items[i])->id);
    return wb_arena_strdup(arena, wb_buf_text(&text));
}

/* Marks the named revisions (joined by blanks), and all that they need where `closed`. */
static inline wb_applied fixture_applied(const wb_graph *graph, const char *ids, bool closed,
                                         wb_arena *arena)
{
    wb_applied applied = wb_applied_none(graph, arena);
    wb_index_list todo = {0};
    wb_str rest = wb_str_from(ids);
    wb_str id;
    while (wb_str_next_word(&rest, &id)) {
        uint32_t index = 0;
        assert_true(wb_graph_find(graph, id, &index));
        WB_LIST_ADD(arena, &todo, index);
    }
    while (todo.count > 0) {
        uint32_t index = todo.items[--todo.count];
        if (applied.flags[index])
            continue;
        applied.flags[index] = true;
        applied.count++;
        wb_index_list links = wb_graph_links(graph, index);
        for (size_t i = 0; closed && i < links.count; i++)
            WB_LIST_ADD(arena, &todo, links.items[i]);
    }
    return applied;
}

#endif
