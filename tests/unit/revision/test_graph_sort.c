/* The fast order against the rule as it is written down, on random graphs too large for an oracle
 * file, and on ledgers with holes, which Alembic does not have. */
#include "base/random.h"
#include "graph_fixture.h"

enum { MOST = 48 };

/* The rule of docs/internals/graph.md, word by word, with whole ancestor sets. */
typedef struct plain {
    const wb_graph *graph;
    bool above[MOST][MOST]; /* [a][b]: b is a, or an ancestor of a */
    bool todo[MOST];
    uint32_t line[MOST * 4];
    size_t count;
} plain;

static void find_ancestors(plain *work)
{
    size_t count = wb_graph_count(work->graph);
    memset(work->above, 0, sizeof(work->above));
    for (uint32_t i = 0; i < count; i++)
        work->above[i][i] = true;
    for (size_t round = 0; round < count; round++) {
        for (uint32_t i = 0; i < count; i++) {
            wb_index_list links = wb_graph_links(work->graph, i);
            for (size_t k = 0; k < links.count; k++) {
                for (size_t j = 0; j < count; j++)
                    work->above[i][j] = work->above[i][j] || work->above[links.items[k]][j];
            }
        }
    }
}

static size_t first_above(const plain *work, size_t place)
{
    for (size_t j = 0; j < work->count; j++) {
        if (j != place && work->above[work->line[j]][work->line[place]])
            return j;
    }
    return place;
}

static bool is_in_line(const plain *work, uint32_t node)
{
    for (size_t i = 0; i < work->count; i++) {
        if (work->line[i] == node)
            return true;
    }
    return false;
}

static size_t emit(plain *work, size_t place)
{
    uint32_t node = work->line[place];
    wb_index_list links = wb_graph_links(work->graph, node);
    bool is_replaced = false;
    work->todo[node] = false;
    uint32_t fresh[MOST];
    size_t count = 0;
    for (size_t i = 0; i < links.count; i++) {
        if (work->todo[links.items[i]] && !is_in_line(work, links.items[i]))
            fresh[count++] = links.items[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_replaced)
            work->line[place] = fresh[i];
        else
            work->line[work->count++] = fresh[i];
        is_replaced = true;
    }
    if (is_replaced)
        return place;
    for (size_t i = place; i + 1 < work->count; i++)
        work->line[i] = work->line[i + 1];
    work->count--;
    return place > 0 ? place - 1 : 0;
}

/* Sorts the applied revisions, all ancestors included, newest first. */
static wb_index_list plain_sort(plain *work, const wb_applied *applied, wb_arena *arena)
{
    wb_index_list sorted = {0};
    wb_index_list rows = wb_graph_current(work->graph, applied, arena);
    work->count = 0;
    for (size_t i = 0; i < rows.count; i++)
        work->line[work->count++] = rows.items[i];
    memcpy(work->todo, applied->flags, wb_graph_count(work->graph));
    for (size_t place = 0; work->count > 0;) {
        size_t blocker = first_above(work, place);
        if (blocker != place) {
            place = blocker;
            continue;
        }
        WB_LIST_ADD(arena, &sorted, work->line[place]);
        place = emit(work, place);
    }
    return sorted;
}

static wb_graph *random_graph(uint32_t count, wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    uint32_t fork = wb_random_below(10);
    uint32_t merge = wb_random_below(5);
    uint32_t depend = wb_random_below(4);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = i * 31 % count; /* 31 has no divisor in common with any count used */
        wb_buf_printf(&text, "r%u ", place);
        uint32_t parents = i == 0 || wb_random_below(20) == 0 ? 0 : 1;
        if (parents == 1 && i > 1 && wb_random_below(10) < merge)
            parents = 2;
        uint32_t first = wb_random_below(10) < fork ? wb_random_below(i + 1) : i;
        first = i == 0 ? 0 : first == i ? i - 1 : first;
        if (parents > 0)
            wb_buf_printf(&text, "r%u", first * 31 % count);
        if (parents > 1 && first > 0)
            wb_buf_printf(&text, ",r%u", wb_random_below(first) * 31 % count);
        wb_buf_puts(&text, parents == 0 ? "- " : " ");
        if (i > 0 && wb_random_below(10) < depend)
            wb_buf_printf(&text, "r%u", wb_random_below(i) * 31 % count);
        wb_buf_putc(&text, '\n');
    }
    return fixture_graph(wb_buf_text(&text), arena);
}

static void orders_random_graphs_as_the_rule_says(void **state)
{
    (void) state;
    wb_random_fix(1867);
    static plain work;
    for (unsigned round = 0; round < 3000; round++) {
        WB_SCRATCH(arena);
        uint32_t count = 20 + wb_random_below(MOST - 20);
        wb_graph *graph = random_graph(count == 31 ? 32 : count, arena);
        work.graph = graph;
        find_ancestors(&work);
        WB_AUTO_BUF(picked, 0);
        for (uint32_t i = 0; i < 1 + round % 4; i++)
            wb_buf_printf(&picked, "r%u ", wb_random_below((uint32_t) wb_graph_count(graph)));
        wb_applied applied = fixture_applied(graph, wb_buf_text(&picked), true, arena);
        wb_index_list expected = plain_sort(&work, &applied, arena);
        wb_index_list steps = {0};
        wb_error err = {0};
        assert_true(wb_graph_plan_downgrade(graph, "base", &applied, arena, &steps, &err));
        assert_string_equal(fixture_ids(graph, &steps, arena),
                            fixture_ids(graph, &expected, arena));
    }
    wb_random_fix(0);
}

static void check_order(const wb_graph *graph, const wb_index_list *steps, const bool *wanted,
                        const plain *work)
{
    size_t count = 0;
    for (uint32_t i = 0; i < wb_graph_count(graph); i++)
        count += wanted[i] ? 1 : 0;
    assert_int_equal(steps->count, count);
    for (size_t i = 0; i < steps->count; i++) {
        assert_true(wanted[steps->items[i]]);
        for (size_t k = i + 1; k < steps->count; k++)
            assert_false(work->above[steps->items[i]][steps->items[k]]);
    }
}

static void upgrade_fills_all_holes_below_its_targets_ancestors_first(void **state)
{
    (void) state;
    wb_random_fix(7);
    static plain work;
    for (unsigned round = 0; round < 2000; round++) {
        WB_SCRATCH(arena);
        wb_graph *graph = random_graph(24 + round % 6, arena);
        work.graph = graph;
        find_ancestors(&work);
        wb_applied applied = wb_applied_none(graph, arena);
        for (uint32_t i = 0; i < wb_graph_count(graph); i++)
            applied.flags[i] = wb_random_below(3) == 0;
        uint32_t target = wb_random_below((uint32_t) wb_graph_count(graph));
        const char *id = wb_graph_revision(graph, target)->id;
        bool wanted[MOST];
        for (uint32_t i = 0; i < wb_graph_count(graph); i++)
            wanted[i] = work.above[target][i] && !applied.flags[i];
        wb_index_list steps = {0};
        wb_error err = {0};
        assert_true(wb_graph_plan_upgrade(graph, &id, 1, &applied, arena, &steps, &err));
        check_order(graph, &steps, wanted, &work);
    }
    wb_random_fix(0);
}

static void downgrade_of_a_ledger_with_holes_undoes_all_that_is_applied(void **state)
{
    (void) state;
    wb_random_fix(8);
    static plain work;
    for (unsigned round = 0; round < 2000; round++) {
        WB_SCRATCH(arena);
        wb_graph *graph = random_graph(24 + round % 6, arena);
        work.graph = graph;
        find_ancestors(&work);
        wb_applied applied = wb_applied_none(graph, arena);
        for (uint32_t i = 0; i < wb_graph_count(graph); i++)
            applied.flags[i] = wb_random_below(2) == 0;
        wb_index_list steps = {0};
        wb_error err = {0};
        assert_true(wb_graph_plan_downgrade(graph, "base", &applied, arena, &steps, &err));
        for (size_t i = 0; i < steps.count / 2; i++) { /* as an upgrade would go */
            uint32_t other = steps.items[steps.count - 1 - i];
            steps.items[steps.count - 1 - i] = steps.items[i];
            steps.items[i] = other;
        }
        check_order(graph, &steps, applied.flags, &work);
    }
    wb_random_fix(0);
}

static void orders_a_long_line_and_many_diamonds_without_recursion(void **state)
{
    (void) state;
    enum { DIAMONDS = 20000 };
    WB_SCRATCH(arena);
    WB_AUTO_BUF(text, 0);
    wb_buf_puts(&text, "m0\n");
    for (unsigned i = 0; i < DIAMONDS; i++)
        wb_buf_printf(&text, "a%u m%u\nb%u m%u\nm%u a%u,b%u\n", i, i, i, i, i + 1, i, i);
    wb_graph *graph = fixture_graph(wb_buf_text(&text), arena);
    wb_applied applied = wb_applied_none(graph, arena);
    const char *target = "head";
    wb_index_list steps = {0};
    wb_error err = {0};
    assert_true(wb_graph_plan_upgrade(graph, &target, 1, &applied, arena, &steps, &err));
    assert_int_equal(steps.count, 3 * DIAMONDS + 1);
    for (size_t i = 0; i < DIAMONDS; i++) { /* the first parent is left first, so applied last */
        assert_int_equal(steps.items[3 * i], 3 * i);
        assert_int_equal(steps.items[3 * i + 1], 3 * i + 2);
        assert_int_equal(steps.items[3 * i + 2], 3 * i + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_random_graphs_as_the_rule_says),
        cmocka_unit_test(upgrade_fills_all_holes_below_its_targets_ancestors_first),
        cmocka_unit_test(downgrade_of_a_ledger_with_holes_undoes_all_that_is_applied),
        cmocka_unit_test(orders_a_long_line_and_many_diamonds_without_recursion),
    };
    return RUN_TESTS(tests);
}
