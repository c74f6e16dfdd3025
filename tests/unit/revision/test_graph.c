/* Building and checking the graph: graph, graph_cycle, graph_links, graph_labels, graph_parents */
#include "graph_fixture.h"

static void build_fails(const char *text, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_graph *graph = NULL;
    *err = (wb_error){0};
    bool ok = wb_graph_build(fixture_set(text, arena), arena, &graph, err);
    if (ok)
        print_error("accepted: %s\n", text);
    assert_false(ok);
}

static void names_file_line_and_a_near_name_for_what_leads_nowhere(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *message;
        const char *file;
        unsigned line;
        const char *hint;
    } cases[] = {
        {"abcd1\nb abcd2\n", "revises names \"abcd2\", but there is no such revision", "b.sql", 2,
         "Did you mean \"abcd1\" (abcd1.sql)?"},
        {"abcd1\nb zzzzzzz\n", "revises names \"zzzzzzz\", but there is no such revision", "b.sql",
         2, "Add the file of revision \"zzzzzzz\" to the folder, or correct the id."},
        {"a - - users\nb users\n", "revises names \"users\", but there is no such revision",
         "b.sql", 2, "\"users\" is a branch label; name the revision by its id, such as \"a\"."},
        {"a - - users\nb a user\n", "depends_on names \"user\", but there is no such revision",
         "b.sql", 3, "Did you mean \"users\" (a.sql)?"},
        {"a\nb a auth@002\n", "depends_on names \"auth@002\", a revision of another database",
         "b.sql", 3,
         "Dependencies across databases are not supported yet; name a revision or a label of this "
         "database."},
        {"a a\n", "revision \"a\" names itself in revises", "a.sql", 2,
         "Name the revision that must be applied before this one."},
        {"a - x x\n", "revision \"a\" names itself in depends_on", "a.sql", 3,
         "Name the revision that must be applied before this one."},
        {"a\na\n", "two files have the revision id \"a\"", "a.sql", 0,
         "Remove one of the files, or give one a new id."},
        {"a - - x\nb a - x\n", "two revisions declare the branch label \"x\"", "b.sql", 4,
         "Choose another label. One revision declares it; those above inherit it."},
        {"a - - b\nb a\n", "the branch label \"b\" is the id of a revision", "a.sql", 4,
         "Choose another label. One revision declares it; those above inherit it."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_error err;
        build_fails(cases[i].text, &err);
        assert_string_equal(err.message, cases[i].message);
        assert_string_equal(err.file, cases[i].file);
        assert_int_equal(err.line, cases[i].line);
        assert_string_equal(err.hint, cases[i].hint);
    }
}

static void finds_every_cycle_and_names_the_files_in_it(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *message;
        const char *detail;
    } cases[] = {
        {"a b\nb a\n", "2 revisions form a cycle",
         "Revision \"a\" (a.sql) revises \"b\", \"b\" (b.sql) revises \"a\"."},
        /* between a base and a head: Alembic takes this one and then runs for ever */
        {"base1\na base1,c\nb a\nc b\ntop c\n", "3 revisions form a cycle",
         "Revision \"a\" (a.sql) revises \"c\", \"c\" (c.sql) revises \"b\", "
         "\"b\" (b.sql) revises \"a\"."},
        {"a - c\nb a\nc b\n", "3 revisions form a dependency cycle",
         "Revision \"a\" (a.sql) depends on \"c\", \"c\" (c.sql) revises \"b\", "
         "\"b\" (b.sql) revises \"a\"."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_error err;
        build_fails(cases[i].text, &err);
        assert_int_equal(err.status, WB_E_GRAPH);
        assert_string_equal(err.message, cases[i].message);
        assert_string_equal(err.detail, cases[i].detail);
        assert_string_equal(err.file, "a.sql");
        assert_true(err.line != 0 && err.hint[0] != '\0');
    }
}

static void a_long_cycle_is_cut_in_the_error_not_overrun(void **state)
{
    (void) state;
    WB_AUTO_BUF(text, 0);
    for (int i = 0; i < 1000; i++)
        wb_buf_printf(&text, "r%d r%d\n", i, (i + 1) % 1000);
    wb_error err;
    build_fails(wb_buf_text(&text), &err);
    assert_string_equal(err.message, "1000 revisions form a cycle");
    assert_non_null(strstr(err.detail, "and 992 more."));
}

static const char *list_text(const wb_graph *graph, wb_index_list list, wb_arena *arena)
{
    return fixture_ids(graph, &list, arena);
}

static void leaves_out_what_an_ancestor_depends_on_already(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    /* x1 and x3 depend on a; x3 has it through x1. x3 also names b, twice, once by its label. */
    wb_graph *graph = fixture_graph("a\nb a - lb\nx1 - a\nx2 x1\nx3 x2 a,b,lb\nx4 x3 x1\n", arena);
    assert_string_equal(list_text(graph, wb_graph_links(graph, 2), arena), "a");
    assert_string_equal(list_text(graph, wb_graph_dependencies(graph, 4), arena), "a b");
    assert_string_equal(list_text(graph, wb_graph_links(graph, 4), arena), "x2 b");
    assert_string_equal(list_text(graph, wb_graph_parents(graph, 4), arena), "x2");
    /* a dependency on one's own ancestor stays: no ancestor depends on it */
    assert_string_equal(list_text(graph, wb_graph_links(graph, 5), arena), "x3 x1");
    assert_string_equal(list_text(graph, wb_graph_children(graph, 0), arena), "b");
    assert_string_equal(list_text(graph, wb_graph_heads(graph, false, arena), arena), "b x4");
    assert_string_equal(list_text(graph, wb_graph_heads(graph, true, arena), arena), "x4");
    assert_string_equal(list_text(graph, wb_graph_bases(graph, arena), arena), "a x1");
}

static void knows_heads_bases_branch_points_and_merges(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph("a\nb a\nc a\nd b,c\ne - d\n", arena);
    assert_int_equal(wb_graph_count(graph), 5);
    assert_true(wb_graph_is_base(graph, 0) && wb_graph_is_branch_point(graph, 0));
    assert_false(wb_graph_is_branch_point(graph, 1) || wb_graph_is_merge(graph, 1));
    assert_true(wb_graph_is_merge(graph, 3) && wb_graph_is_head(graph, 3));
    assert_false(wb_graph_is_real_head(graph, 3));
    assert_true(wb_graph_is_real_head(graph, 4) && wb_graph_is_base(graph, 4));
    uint32_t index = 9;
    assert_true(wb_graph_find(graph, WB_STR("d"), &index));
    assert_int_equal(index, 3);
    assert_false(wb_graph_find(graph, WB_STR("nothing"), &index));
}

static void a_label_is_no_id(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph("a - - users\n", arena);
    uint32_t index = 0;
    assert_false(wb_graph_find(graph, WB_STR("users"), &index));
}

static void no_revisions_make_a_graph_in_which_nothing_is_to_do(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph("", arena);
    wb_applied applied = wb_applied_none(graph, arena);
    static const char *const heads[] = {"head", "heads", "base", "current"};
    wb_error err = {0};
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        wb_index_list list = {0};
        assert_true(wb_graph_plan_upgrade(graph, &heads[i], 1, &applied, arena, &list, &err));
        assert_int_equal(list.count, 0);
        assert_true(wb_graph_plan_downgrade(graph, heads[i], &applied, arena, &list, &err));
        assert_int_equal(list.count, 0);
    }
    wb_index_list list = {0};
    assert_true(wb_graph_history(graph, NULL, NULL, arena, &list, &err));
    assert_int_equal(list.count, 0);
    assert_true(wb_graph_new_parents(graph, NULL, 0, false, NULL, arena, &list, &err));
    assert_int_equal(list.count, 0);
}

static void check_labels(const wb_graph *graph, uint32_t index, const char *expected)
{
    WB_SCRATCH(arena);
    WB_AUTO_BUF(text, 0);
    const char **labels = NULL;
    size_t count = 0;
    wb_graph_labels(graph, index, arena, &labels, &count);
    for (size_t i = 0; i < count; i++)
        wb_buf_printf(&text, "%s%s", i != 0 ? " " : "", labels[i]);
    assert_string_equal(wb_buf_text(&text), expected);
}

static void labels_go_up_all_branches_and_down_a_line_that_never_forks(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph("a\nb a\nc b - x,y\nd c\n"
                                    "p\nq p\nr q - z\ns r\nt r\n",
                                    arena);
    for (uint32_t i = 0; i < 4; i++)
        check_labels(graph, i, "x y");
    check_labels(graph, 4, "");
    check_labels(graph, 5, "");
    for (uint32_t i = 6; i < 9; i++)
        check_labels(graph, i, "z");
}

static void current_is_what_no_applied_revision_stands_on(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph("a\nb a\nc b\nd a\nx - b\n", arena);
    static const struct {
        const char *applied;
        const char *rows;
    } cases[] = {{"", ""},       {"a", "a"},         {"a b d", "b d"},
                 {"a b x", "x"}, {"a b c d", "c d"}, {"a c", "c"} /* a hole at b */};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_applied applied = fixture_applied(graph, cases[i].applied, false, arena);
        assert_string_equal(list_text(graph, wb_graph_current(graph, &applied, arena), arena),
                            cases[i].rows);
    }
}

static void a_new_revision_follows_heads_only_unless_it_splices(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph("aaaa\nbbbb aaaa - left\ncccc aaaa\n", arena);
    wb_index_list parents = {0};
    wb_error err = {0};
    const char *heads[] = {"left@head", "cccc"};
    assert_false(wb_graph_new_parents(graph, NULL, 0, false, NULL, arena, &parents, &err));
    assert_int_equal(err.status, WB_E_MULTIPLE_HEADS);
    assert_true(wb_graph_new_parents(graph, heads, 2, false, NULL, arena, &parents, &err));
    assert_string_equal(list_text(graph, parents, arena), "bbbb cccc");
    heads[0] = "aaaa";
    assert_false(wb_graph_new_parents(graph, heads, 1, false, NULL, arena, &parents, &err));
    assert_string_equal(err.message, "revision \"aaaa\" is not a head");
    assert_string_equal(err.detail, "It is followed by \"bbbb\", \"cccc\".");
    assert_true(wb_graph_new_parents(graph, heads, 1, true, NULL, arena, &parents, &err));
    assert_string_equal(list_text(graph, parents, arena), "aaaa");
    heads[0] = "cccc";
    assert_false(wb_graph_new_parents(graph, heads, 2, false, NULL, arena, &parents, &err));
    assert_string_equal(err.message, "revision \"cccc\" is named twice as a parent");
    heads[0] = "base";
    assert_false(wb_graph_new_parents(graph, heads, 2, false, NULL, arena, &parents, &err));
    assert_string_equal(err.message, "a revision cannot follow base and other revisions");
    assert_true(wb_graph_new_parents(graph, heads, 1, false, NULL, arena, &parents, &err));
    assert_int_equal(parents.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_file_line_and_a_near_name_for_what_leads_nowhere),
        cmocka_unit_test(finds_every_cycle_and_names_the_files_in_it),
        cmocka_unit_test(a_long_cycle_is_cut_in_the_error_not_overrun),
        cmocka_unit_test(leaves_out_what_an_ancestor_depends_on_already),
        cmocka_unit_test(knows_heads_bases_branch_points_and_merges),
        cmocka_unit_test(a_label_is_no_id),
        cmocka_unit_test(no_revisions_make_a_graph_in_which_nothing_is_to_do),
        cmocka_unit_test(labels_go_up_all_branches_and_down_a_line_that_never_forks),
        cmocka_unit_test(current_is_what_no_applied_revision_stands_on),
        cmocka_unit_test(a_new_revision_follows_heads_only_unless_it_splices),
    };
    return RUN_TESTS(tests);
}
