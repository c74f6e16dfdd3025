#include "../../support/test.h"
#include "cli/lanes.h"

/* "5:3,4 4:2 3:2 2:1 1:" is a list, newest first; each id with what it revises. */
static void read_list(wb_arena *arena, const char *text, wb_revision_list *ret_list)
{
    WB_LIST(wb_revision_info) items = {0};
    wb_str rest = wb_str_from(text);
    wb_str word;
    while (wb_str_next_word(&rest, &word)) {
        wb_revision_info info = {0};
        WB_LIST(const char *) parents = {0};
        size_t colon = 0;
        assert_true(wb_str_find_byte(word, ':', &colon));
        info.id = wb_str_dup(arena, wb_str_sub(word, 0, colon));
        wb_str ids = wb_str_from_offset(word, colon + 1);
        wb_str id;
        while (ids.len > 0 && wb_str_split(&ids, ',', &id))
            WB_LIST_ADD(arena, &parents, wb_str_dup(arena, id));
        info.revises = parents.items;
        info.revises_count = parents.count;
        WB_LIST_ADD(arena, &items, info);
    }
    *ret_list = (wb_revision_list){items.items, items.count};
}

static void draw(const char *text, bool unicode, wb_buf *buf)
{
    WB_SCRATCH(arena);
    wb_revision_list list = {0};
    wb_lanes lanes;
    read_list(arena, text, &list);
    wb_lanes_open(&lanes, &list, unicode, arena);
    for (size_t i = 0; i < list.count; i++)
        wb_lanes_draw(&lanes, &list.items[i], list.items[i].id, buf);
    wb_lanes_close(&lanes);
}

static void draws_lines_branches_and_merges(void **state)
{
    static const struct {
        const char *list;
        const char *drawing;
    } cases[] = {
        {"", ""},
        {"1:", "*  1\n"},
        {"3:2 2:1 1:", "*  3\n*  2\n*  1\n"},
        /* a fork */
        {"3:1 2:1 1:", "*  3\n| *  2\n+-'\n*  1\n"},
        /* a merge of a fork */
        {"4:2,3 3:1 2:1 1:", "*  4\n+-.\n| *  3\n* |  2\n+-'\n*  1\n"},
        /* three ways */
        {"5:2,3,4 4:1 3:1 2:1 1:", "*  5\n+-+-.\n| | *  4\n| * |  3\n* | |  2\n+-+-'\n*  1\n"},
        /* two lines that never meet; the second one takes the place of the first */
        {"2:1 1: b:a a:", "*  2\n*  1\n*  b\n*  a\n"},
        /* two lines side by side */
        {"2:1 b:a 1: a:", "*  2\n| *  b\n* |  1\n  *  a\n"},
        /* parents outside the list have no lane */
        {"5:3,4 3:2", "*  5\n*  3\n"},
        /* a lane between the two that join goes through */
        {"6:1 5:4 3:1 1: 4:", "*  6\n| *  5\n| | *  3\n+-+-'\n* |  1\n  *  4\n"},
    };
    (void) state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_AUTO_BUF(buf, 0);
        draw(cases[i].list, false, &buf);
        if (strcmp(wb_buf_text(&buf), cases[i].drawing) != 0)
            fail_msg("%s:\n%s", cases[i].list, wb_buf_text(&buf));
    }
}

static void survives_a_list_in_a_wrong_order(void **state)
{
    WB_AUTO_BUF(buf, 0);
    (void) state;
    draw("1: 2:1 3:2", false, &buf);
    assert_string_equal(wb_buf_text(&buf), "*  1\n*  2\n*  3\n");
}

static void draws_with_line_characters(void **state)
{
    WB_AUTO_BUF(buf, 0);
    (void) state;
    draw("4:2,3 3:1 2:1 1:", true, &buf);
    assert_string_equal(wb_buf_text(&buf), "\xe2\x97\x8f  4\n"
                                           "\xe2\x94\x9c\xe2\x94\x80\xe2\x95\xae\n"
                                           "\xe2\x94\x82 \xe2\x97\x8f  3\n"
                                           "\xe2\x97\x8f \xe2\x94\x82  2\n"
                                           "\xe2\x94\x9c\xe2\x94\x80\xe2\x95\xaf\n"
                                           "\xe2\x97\x8f  1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_lines_branches_and_merges),
        cmocka_unit_test(survives_a_list_in_a_wrong_order),
        cmocka_unit_test(draws_with_line_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
