#include "../../support/test.h"
#include "engine/beat_watch.h"

enum { SECOND_US = 1000000, POLL_US = 250000, ANSWER_US = 2000 };

typedef struct observer {
    wb_beat_watch watch;
    int64_t now_us;
} observer;

/* Looks every quarter of a second until the holder seems dead or the time is over. */
static bool is_dead_within(observer *it, int64_t token, int64_t beat, int64_t duration_us)
{
    int64_t end_us = it->now_us + duration_us;
    while (it->now_us < end_us) {
        it->now_us += POLL_US;
        if (wb_beat_watch_see(&it->watch, token, beat, it->now_us, it->now_us + ANSWER_US))
            return true;
    }
    return false;
}

static void a_silent_holder_is_dead_after_its_time_and_not_before(void **state)
{
    (void) state;
    observer it = {.now_us = 7};
    assert_false(is_dead_within(&it, 1, 1, 15 * SECOND_US));
    assert_true(is_dead_within(&it, 1, 1, SECOND_US));
}

static void a_beat_begins_the_time_anew(void **state)
{
    (void) state;
    observer it = {.now_us = 0};
    for (int64_t beat = 1; beat < 20; beat++)
        assert_false(is_dead_within(&it, 1, beat, 14 * SECOND_US));
    assert_true(is_dead_within(&it, 1, 19, 2 * SECOND_US));
}

static void another_holder_begins_the_time_anew(void **state)
{
    (void) state;
    observer it = {.now_us = 0};
    assert_false(is_dead_within(&it, 1, 5, 14 * SECOND_US));
    assert_false(is_dead_within(&it, 2, 5, 14 * SECOND_US));
}

static void time_in_which_the_cluster_gave_no_answer_does_not_count(void **state)
{
    (void) state;
    observer it = {.now_us = 0};
    assert_false(is_dead_within(&it, 1, 1, 10 * SECOND_US));
    int64_t asked_us = it.now_us;
    it.now_us += 60 * SECOND_US;
    assert_false(wb_beat_watch_see(&it.watch, 1, 1, asked_us, it.now_us));
    assert_false(is_dead_within(&it, 1, 1, 14 * SECOND_US));
    assert_true(is_dead_within(&it, 1, 1, 2 * SECOND_US));
}

static void time_in_which_the_observer_slept_does_not_count(void **state)
{
    (void) state;
    observer it = {.now_us = 0};
    assert_false(is_dead_within(&it, 1, 1, 10 * SECOND_US));
    it.now_us += 3600LL * SECOND_US;
    assert_false(is_dead_within(&it, 1, 1, 14 * SECOND_US));
}

static void an_answer_that_failed_begins_the_time_anew(void **state)
{
    (void) state;
    observer it = {.now_us = 0};
    assert_false(is_dead_within(&it, 1, 1, 14 * SECOND_US));
    wb_beat_watch_lose(&it.watch);
    assert_false(is_dead_within(&it, 1, 1, 14 * SECOND_US));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_holder_is_dead_after_its_time_and_not_before),
        cmocka_unit_test(a_beat_begins_the_time_anew),
        cmocka_unit_test(another_holder_begins_the_time_anew),
        cmocka_unit_test(time_in_which_the_cluster_gave_no_answer_does_not_count),
        cmocka_unit_test(time_in_which_the_observer_slept_does_not_count),
        cmocka_unit_test(an_answer_that_failed_begins_the_time_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
