/* The queue of the delay proxy, without a clock or a socket. */
#include "../support/test.h"
#include "delay_line.h"

#include <stdint.h>
#include <string.h>

static int open_line(void **state)
{
    static wb_delay_line line;

    *state = &line;
    return wb_delay_line_init(&line) ? 0 : -1;
}

static int close_line(void **state)
{
    wb_delay_line_clear(*state);
    return 0;
}

static void put(wb_delay_line *line, const char *text, int64_t due_ns)
{
    size_t size = strlen(text);
    size_t room = 0;
    char *bytes = wb_delay_line_room(line, &room);

    assert_true(room >= size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = text[i];
    wb_delay_line_put(line, size, due_ns);
}

static void assert_due(const wb_delay_line *line, int64_t now_ns, const char *expected)
{
    size_t size = 0;
    const char *bytes = wb_delay_line_due(line, now_ns, &size);

    assert_int_equal(size, strlen(expected));
    assert_memory_equal(bytes, expected, size);
}

static void bytes_wait_for_their_time(void **state)
{
    wb_delay_line *line = *state;

    put(line, "early", 100);
    put(line, "late", 200);
    assert_due(line, 99, "");
    assert_due(line, 100, "early");
    assert_due(line, 199, "early");
    assert_due(line, 200, "earlylate");
}

static void the_next_due_time_is_that_of_the_first_byte_left(void **state)
{
    wb_delay_line *line = *state;

    assert_true(wb_delay_line_next_due(line) == INT64_MAX);
    put(line, "ab", 100);
    put(line, "c", 200);
    wb_delay_line_take(line, 1);
    assert_true(wb_delay_line_next_due(line) == 100);
    wb_delay_line_take(line, 1);
    assert_true(wb_delay_line_next_due(line) == 200);
    wb_delay_line_take(line, 1);
    assert_true(wb_delay_line_next_due(line) == INT64_MAX);
}

static void a_byte_never_overtakes_the_one_before_it(void **state)
{
    wb_delay_line *line = *state;

    put(line, "first", 300);
    put(line, "second", 100);
    assert_due(line, 299, "");
    assert_due(line, 300, "firstsecond");
}

static void a_part_can_be_taken_across_two_pieces(void **state)
{
    wb_delay_line *line = *state;

    put(line, "abc", 1);
    put(line, "def", 2);
    wb_delay_line_take(line, 4);
    assert_due(line, 2, "ef");
}

static void the_ring_is_full_at_its_size_and_goes_on_at_its_start(void **state)
{
    wb_delay_line *line = *state;
    size_t room = 0;

    char *bytes = wb_delay_line_room(line, &room);
    assert_int_equal(room, WB_DELAY_LINE_BYTES);
    memset(bytes, 'x', room);
    wb_delay_line_put(line, room, 1);
    (void) wb_delay_line_room(line, &room);
    assert_int_equal(room, 0);

    wb_delay_line_take(line, WB_DELAY_LINE_BYTES - 2);
    put(line, "yz", 2);
    assert_due(line, 2, "xx"); /* up to the end of the ring */
    wb_delay_line_take(line, 2);
    assert_due(line, 2, "yz");
}

static void it_takes_no_more_pieces_than_it_can_time(void **state)
{
    wb_delay_line *line = *state;
    size_t room = 0;

    for (int i = 0; i < WB_DELAY_LINE_MARKS; i++)
        put(line, "p", i);
    (void) wb_delay_line_room(line, &room);
    assert_int_equal(room, 0);
    wb_delay_line_take(line, 1);
    (void) wb_delay_line_room(line, &room);
    assert_true(room > 0);
}

#define LINE_TEST(name) cmocka_unit_test_setup_teardown(name, open_line, close_line)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(bytes_wait_for_their_time),
        LINE_TEST(the_next_due_time_is_that_of_the_first_byte_left),
        LINE_TEST(a_byte_never_overtakes_the_one_before_it),
        LINE_TEST(a_part_can_be_taken_across_two_pieces),
        LINE_TEST(the_ring_is_full_at_its_size_and_goes_on_at_its_start),
        LINE_TEST(it_takes_no_more_pieces_than_it_can_time),
    };

    return cmocka_run_group_tests_name("delay_line", tests, NULL, NULL);
}
