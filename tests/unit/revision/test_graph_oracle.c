/* Replays what Alembic planned on random graphs: tests/cases/graph/oracle.txt, whose maker
 * (make_oracle.py beside it) explains the format and what was left out. */
#include "base/file.h"
#include "graph_fixture.h"

typedef struct replay {
    wb_arena *arena; /* of one graph */
    wb_revision_set *set;
    wb_graph *graph;
    unsigned line;
    unsigned asked;
    unsigned wrong;
} replay;

static const char indexes[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

static const char *text_of(const replay *run, const wb_index_list *list)
{
    char *text = wb_arena_alloc(run->arena, list->count + 2);
    for (size_t i = 0; i < list->count; i++)
        text[i] = indexes[list->items[i]];
    text[list->count] = '\0';
    return list->count != 0 ? text : "-";
}

static void check(replay *run, wb_str question, bool ok, const wb_index_list *list,
                  const wb_error *err, wb_str expected)
{
    const char *got = ok ? text_of(run, list) : "!";
    run->asked++;
    if (wb_str_is(expected, got))
        return;
    run->wrong++;
    if (run->wrong <= 20)
        print_error("line %u: %.*s gives %s (%s), not %.*s\n", run->line, WB_STR_ARG(question), got,
                    ok ? "no error" : err->message, WB_STR_ARG(expected));
}

static wb_applied applied_of(const replay *run, wb_str rows)
{
    WB_AUTO_BUF(ids, 0);
    for (size_t i = 0; i < rows.len && !wb_str_is(rows, "-"); i++)
        wb_buf_printf(
            &ids, "%s ",
            wb_graph_revision(run->graph, (uint32_t) (strchr(indexes, rows.ptr[i]) - indexes))->id);
    return fixture_applied(run->graph, wb_buf_text(&ids), true, run->arena);
}

static bool ask_stamp(const replay *run, const wb_applied *applied, const char *expressions,
                      wb_index_list *ret_list, wb_error *err)
{
    const char *targets[4];
    size_t count = 0;
    wb_str rest = wb_str_from(expressions);
    wb_str part;
    while (wb_str_split(&rest, ',', &part))
        targets[count++] = wb_str_dup(run->arena, part);
    wb_applied after;
    if (!wb_graph_plan_stamp(run->graph, targets, count, applied, run->arena, &after, err))
        return false;
    for (uint32_t i = 0; i < wb_graph_count(run->graph); i++) {
        if (after.flags[i])
            WB_LIST_ADD(run->arena, ret_list, i);
    }
    assert_int_equal(after.count, ret_list->count);
    return true;
}

/* x, u, d, s and h: what was asked, and whether the answer is the same. */
static void ask(replay *run, wb_str line)
{
    wb_str words[4] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
    wb_str rest = line;
    size_t count = 0;
    while (count < 4 && wb_str_next_word(&rest, &words[count]))
        count++;
    char kind = words[0].ptr[0];
    wb_applied applied = wb_applied_none(run->graph, run->arena);
    if (count == 4) {
        applied = applied_of(run, words[1]);
        wb_index_list rows = wb_graph_current(run->graph, &applied, run->arena);
        assert_string_equal(text_of(run, &rows), wb_str_dup(run->arena, words[1]));
    }
    const char *expression = wb_str_dup(run->arena, words[count - 2]);
    wb_index_list list = {0};
    wb_error err = {0};
    bool ok = false;
    if (kind == 'x')
        ok = wb_graph_resolve(run->graph, expression, NULL, run->arena, &list, &err);
    else if (kind == 'u')
        ok = wb_graph_plan_upgrade(run->graph, &expression, 1, &applied, run->arena, &list, &err);
    else if (kind == 'd')
        ok = wb_graph_plan_downgrade(run->graph, expression, &applied, run->arena, &list, &err);
    else if (kind == 's')
        ok = ask_stamp(run, &applied, expression, &list, &err);
    else
        ok = wb_graph_history(run->graph, expression, &applied, run->arena, &list, &err);
    check(run, line, ok, &list, &err, words[count - 1]);
    if (!ok)
        assert_true(err.message[0] != '\0' && err.hint[0] != '\0');
}

static void check_ends(replay *run, wb_str rest)
{
    wb_index_list lists[3] = {wb_graph_heads(run->graph, false, run->arena),
                              wb_graph_heads(run->graph, true, run->arena),
                              wb_graph_bases(run->graph, run->arena)};
    for (size_t i = 0; i < 3; i++) {
        wb_str expected;
        assert_true(wb_str_next_word(&rest, &expected));
        check(run, WB_STR("heads, real heads or bases"), true, &lists[i], NULL, expected);
    }
}

static void check_labels(replay *run, wb_str rest)
{
    wb_str index;
    wb_str names;
    wb_str name;
    assert_true(wb_str_next_word(&rest, &index) && wb_str_next_word(&rest, &names));
    const char **labels = NULL;
    size_t count = 0;
    wb_graph_labels(run->graph, (uint32_t) (strchr(indexes, index.ptr[0]) - indexes), run->arena,
                    &labels, &count);
    size_t found = 0;
    size_t expected = 0;
    while (wb_str_split(&names, ',', &name)) {
        expected++;
        for (size_t i = 0; i < count; i++)
            found += wb_str_is(name, labels[i]) ? 1 : 0;
    }
    run->asked++;
    if (found == expected && count == expected)
        return;
    run->wrong++;
    print_error("line %u: the labels differ\n", run->line);
}

static void replay_line(replay *run, wb_str line)
{
    wb_str rest = wb_str_from_offset(line, 2);
    wb_error err = {0};
    if (line.len == 0 || line.ptr[0] == '#')
        return;
    if (line.ptr[0] == 'g') {
        wb_arena_clear(run->arena);
        run->set = WB_NEW(run->arena, wb_revision_set);
        run->set->arena = run->arena;
        run->graph = NULL;
        return;
    }
    if (line.ptr[0] == 'r') {
        fixture_add(run->set, rest);
        return;
    }
    if (run->graph == NULL)
        assert_true(wb_graph_build(run->set, run->arena, &run->graph, &err));
    if (line.ptr[0] == 'i')
        check_ends(run, rest);
    else if (line.ptr[0] == 'l')
        check_labels(run, rest);
    else
        ask(run, line);
}

static void plans_what_alembic_plans(void **state)
{
    (void) state;
    WB_SCRATCH(files);
    WB_SCRATCH(each);
    wb_str text;
    wb_str line;
    wb_error err = {0};
    replay run = {.arena = each, .set = WB_NEW(files, wb_revision_set)};
    if (!wb_file_read(WB_SOURCE_DIR "/tests/cases/graph/oracle.txt", 4U << 20, files, &text, &err))
        fail_msg("%s", err.message);
    while (wb_str_next_line(&text, &line)) {
        run.line++;
        replay_line(&run, line);
    }
    assert_true(run.asked > 30000);
    assert_int_equal(run.wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(plans_what_alembic_plans)};
    return RUN_TESTS(tests);
}
