/* Any graph and any target: planned or refused, and a plan can be run in its order.
 *
 * The first line has the ids that are applied, the second the target; each further one a revision:
 * "id parents dependencies labels", names joined by commas, "-" for none. */
#include "base/fail.h"
#include "revision/graph.h"

#include <stdlib.h>

/* NOLINTNEXTLINE(readability-identifier-naming): the fuzzer's name for it */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
    if (!is_true)
        abort();
}

static size_t read_names(wb_str text, wb_arena *arena, wb_name **ret_names)
{
    WB_LIST(wb_name) names = {0};
    wb_str part;
    while (text.len != 0 && !wb_str_is(text, "-") && wb_str_split(&text, ',', &part))
        WB_LIST_ADD(arena, &names, ((wb_name){wb_str_dup(arena, part), 1, 1}));
    *ret_names = names.items;
    return names.count;
}

static void add_revision(wb_revision_set *set, wb_str line)
{
    wb_str words[4] = {WB_STR(""), WB_STR(""), WB_STR(""), WB_STR("")};
    for (size_t i = 0; i < 4 && wb_str_next_word(&line, &words[i]); i++)
        ;
    wb_revision *revision = WB_NEW(set->arena, wb_revision);
    revision->id = wb_str_dup(set->arena, words[0]);
    revision->path = revision->message = "";
    revision->index = (uint32_t) set->revisions.count;
    revision->revises.count = read_names(words[1], set->arena, &revision->revises.items);
    revision->depends_on.count = read_names(words[2], set->arena, &revision->depends_on.items);
    revision->branch_labels.count =
        read_names(words[3], set->arena, &revision->branch_labels.items);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): it is a list of pointers */
    WB_LIST_ADD(set->arena, &set->revisions, revision);
}

static wb_applied read_applied(const wb_graph *graph, wb_str ids, wb_arena *arena)
{
    wb_applied applied = wb_applied_none(graph, arena);
    wb_str id;
    while (wb_str_next_word(&ids, &id)) {
        uint32_t index = 0;
        if (wb_graph_find(graph, id, &index) && !applied.flags[index]) {
            applied.flags[index] = true;
            applied.count++;
        }
    }
    return applied;
}

static void check_error(bool ok, const wb_error *err)
{
    require(ok || (err->status != WB_E_OK && err->message[0] != '\0' && err->hint[0] != '\0'));
}

/* Is each step possible when those before it were done? */
static void run_steps(const wb_graph *graph, const wb_index_list *steps, wb_applied *applied,
                      bool is_up)
{
    for (size_t i = 0; i < steps->count; i++) {
        uint32_t step = steps->items[i];
        require(step < wb_graph_count(graph));
        require(applied->flags[step] != is_up);
        applied->flags[step] = is_up;
        wb_index_list links = wb_graph_links(graph, step);
        for (size_t k = 0; k < links.count && is_up; k++)
            require(applied->flags[links.items[k]]);
    }
}

static void ask(const wb_graph *graph, const char *target, wb_str ids, wb_arena *arena)
{
    wb_error err = {0};
    wb_index_list list = {0};
    wb_applied applied = read_applied(graph, ids, arena);
    wb_applied after = {0};
    check_error(wb_graph_resolve(graph, target, &applied, arena, &list, &err), &err);
    check_error(wb_graph_history(graph, target, &applied, arena, &list, &err), &err);
    bool ok = wb_graph_plan_stamp(graph, &target, 1, &applied, arena, &after, &err);
    check_error(ok, &err);
    ok = wb_graph_plan_downgrade(graph, target, &applied, arena, &list, &err);
    check_error(ok, &err);
    if (ok) {
        wb_applied down = read_applied(graph, ids, arena);
        run_steps(graph, &list, &down, false);
    }
    ok = wb_graph_plan_upgrade(graph, &target, 1, &applied, arena, &list, &err);
    check_error(ok, &err);
    if (ok)
        run_steps(graph, &list, &applied, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    WB_SCRATCH(arena);
    wb_str rest = wb_str_make((const char *) data, size);
    wb_str ids = WB_STR("");
    wb_str target = WB_STR("");
    wb_str line;
    wb_revision_set set = {.arena = arena};
    wb_graph *graph = NULL;
    wb_error err = {0};
    if (size > 4096 || !wb_str_next_line(&rest, &ids) || !wb_str_next_line(&rest, &target))
        return 0;
    while (wb_str_next_line(&rest, &line))
        add_revision(&set, line);
    bool ok = wb_graph_build(&set, arena, &graph, &err);
    check_error(ok, &err);
    if (ok)
        ask(graph, wb_str_dup(arena, target), ids, arena);
    return 0;
}
