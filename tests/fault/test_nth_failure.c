/* The n-th call of the driver fails, for every n: by an error, by a lost connection, before it has
 * had its effect or after, by a conflict that is to be tried again, by a cancel. Each time the same
 * command runs once more and must lead to what a run leads to that nothing has disturbed. */
#include "base/clock.h"
#include "failing_driver.h"
#include "nth_world.h"

#include <stdio.h>

static const fault_kind kinds[] = {
    {"statement refused", CALL_STATEMENT, WB_E_QUERY, false, false, false},
    {"statement done, answer an error", CALL_STATEMENT, WB_E_QUERY, true, false, false},
    {"lost before a statement", CALL_STATEMENT, WB_E_LOST, false, false, false},
    {"lost after a statement", CALL_STATEMENT, WB_E_LOST, true, false, false},
    {"lock timeout", CALL_STATEMENT, WB_E_LOCK_TIMEOUT, false, false, false},
    {"serialization failure", CALL_STATEMENT, WB_E_SERIALIZATION, false, false, false},
    {"busy", CALL_STATEMENT, WB_E_BUSY, false, false, false},
    {"no space", CALL_STATEMENT, WB_E_NO_SPACE, false, false, false},
    {"cancelled before a statement", CALL_STATEMENT, WB_E_CANCELLED, false, false, false},
    {"cancelled after a statement", CALL_STATEMENT, WB_E_CANCELLED, true, false, false},
    {"submit refused", CALL_SUBMIT, WB_E_QUERY, false, true, false},
    {"submit done, answer an error", CALL_SUBMIT, WB_E_QUERY, true, true, false},
    {"lost in submit", CALL_SUBMIT, WB_E_LOST, false, true, false},
    {"lost after submit", CALL_SUBMIT, WB_E_LOST, true, true, false},
    {"lost before a collect", CALL_COLLECT, WB_E_LOST, false, true, false},
    {"lost with all answers of a collect", CALL_COLLECT, WB_E_LOST, true, true, false},
    {"in_transaction finds it lost", CALL_IN_TRANSACTION, WB_E_LOST, false, false, false},
    {"lock refused", CALL_TRY_LOCK, WB_E_QUERY, false, false, false},
    {"lost before the lock", CALL_TRY_LOCK, WB_E_LOST, false, false, false},
    {"lost after the lock", CALL_TRY_LOCK, WB_E_LOST, true, false, false},
    {"unlock refused", CALL_UNLOCK, WB_E_QUERY, false, false, false},
    {"unlock done, answer an error", CALL_UNLOCK, WB_E_QUERY, true, false, false},
    {"lost before the unlock", CALL_UNLOCK, WB_E_LOST, false, false, false},
    {"lost after the unlock", CALL_UNLOCK, WB_E_LOST, true, false, false},
    {"open refused", CALL_OPEN, WB_E_CONNECT, false, false, false},
    {"no space from here on", CALL_STATEMENT, WB_E_NO_SPACE, false, false, true},
    {"locked from here on", CALL_STATEMENT, WB_E_LOCK_TIMEOUT, false, false, true},
    {"the server is gone for good", CALL_STATEMENT, WB_E_LOST, true, false, true},
};

static unsigned experiments;
static unsigned recovered; /* by the run itself */

/* ---- time, which nobody waits for ---- */

static int64_t clock_step_us; /* added by each look at the clock */
static int64_t clock_added_us;

int64_t __real_wb_clock_monotonic_us(void);
int64_t __wrap_wb_clock_monotonic_us(void);
bool __wrap_wb_context_sleep_ms(const wb_context *context, int64_t duration_ms, wb_error *err);

/* With a step of more than a second, the shared transaction of SQLite ends behind each revision. */
int64_t __wrap_wb_clock_monotonic_us(void)
{
    clock_added_us += clock_step_us;
    return __real_wb_clock_monotonic_us() + clock_added_us;
}

bool __wrap_wb_context_sleep_ms(const wb_context *context, int64_t duration_ms, wb_error *err)
{
    clock_added_us += duration_ms * 1000;
    return wb_context_proceed(context, err);
}

/* ---- one experiment ---- */

static void watch(void *arg, const wb_event *event)
{
    (void) arg;
    if (event->kind == WB_EVENT_RUN_BEGIN)
        the_fault.is_running = true;
    if (event->kind == WB_EVENT_RUN_END)
        the_fault.is_running = false;
}

static void cancel(void *arg)
{
    const nth_world *it = arg;
    wb_cancel(it->workspace);
}

static void point_at(nth_world *it)
{
    the_fault.cancel = cancel;
    the_fault.cancel_arg = it;
    the_fault.file = it->file;
}

/* Conflicts are tried again, and a server is connected to again. */
static bool must_recover(const nth_world *it, const fault_kind *kind)
{
    if (kind->is_lasting)
        return false;
    switch ((int) kind->status) {
    case WB_E_LOCK_TIMEOUT:
    case WB_E_SERIALIZATION:
    case WB_E_BUSY:
        return the_fault.was_running;
    case WB_E_LOST:
        return the_fault.was_running && it->chain == CHAIN_SERVER;
    default:
        return false;
    }
}

static void check_end(const nth_world *it, const fault_kind *kind, bool ok, const wb_error *err,
                      const char *what)
{
    if (!ok && err->message[0] == '\0')
        fail_msg("%s: the error says nothing", what);
    bool fits = err->status == kind->status ||
                (kind->status == WB_E_LOST && kind->is_lasting && err->status == WB_E_CONNECT);
    if (!ok && !fits)
        fail_msg("%s: the status is %s: %s", what, wb_status_name(err->status), err->message);
    if (!ok && must_recover(it, kind))
        fail_msg("%s: it is not tried again: %s (%s) %s", what, err->message, err->context[0],
                 err->detail);
    recovered += ok ? 1 : 0;
}

/* Returns whether there was an n-th call. */
static bool try_one(nth_world *it, const fault_kind *kind, unsigned nth)
{
    char what[160];
    wb_error err;
    static const char *const chains[] = {"mixed", "plain", "server"};
    (void) snprintf(what, sizeof(what), "%s, %s, call %u: %s", chains[it->chain],
                    it->goes_down ? "down" : "up", nth, kind->name);
    nth_put_back(it);
    the_fault = (fault_plan){.kind = kind, .nth = nth};
    bool ok = nth_run(it, &err);
    if (!the_fault.is_hit) {
        if (!ok)
            fail_msg("%s: fails without a fault: %s", what, err.message);
        return false;
    }
    experiments++;
    check_end(it, kind, ok, &err, what);
    the_fault.kind = NULL;
    nth_assert_converges(it, what);
    return true;
}

static void try_all(nth_chain chain, bool goes_down)
{
    nth_world it;
    the_fault = (fault_plan){0};
    nth_world_make(&it, chain, goes_down, point_at);
    it.event = watch;
    unsigned files = nth_open_files();
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        unsigned nth = 1;
        if (kinds[i].is_server && chain != CHAIN_SERVER)
            continue;
        while (try_one(&it, &kinds[i], nth))
            nth++;
    }
    assert_int_equal(nth_open_files(), files);
    nth_world_free(&it);
}

static void upgrade_with_shared_transactions(void **state)
{
    (void) state;
    try_all(CHAIN_MIXED, false);
}

static void downgrade_with_shared_transactions(void **state)
{
    (void) state;
    try_all(CHAIN_MIXED, true);
}

static void upgrade_with_each_revision_by_itself(void **state)
{
    (void) state;
    clock_step_us = 2000000;
    try_all(CHAIN_MIXED, false);
    clock_step_us = 0;
}

static void downgrade_with_each_revision_by_itself(void **state)
{
    (void) state;
    clock_step_us = 2000000;
    try_all(CHAIN_MIXED, true);
    clock_step_us = 0;
}

static void upgrade_in_one_transaction(void **state)
{
    (void) state;
    try_all(CHAIN_PLAIN, false);
}

static void downgrade_in_one_transaction(void **state)
{
    (void) state;
    try_all(CHAIN_PLAIN, true);
}

static void upgrade_of_a_server(void **state)
{
    (void) state;
    try_all(CHAIN_SERVER, false);
}

static void downgrade_of_a_server(void **state)
{
    (void) state;
    try_all(CHAIN_SERVER, true);
}

static int tell_count(void **state)
{
    (void) state;
    (void) fprintf(stderr, "nth: %u experiments, of which %u got over it in the same run\n",
                   experiments, recovered);
    return 0;
}

/* The argument chooses tests by a pattern of their names. */
int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upgrade_with_shared_transactions),
        cmocka_unit_test(downgrade_with_shared_transactions),
        cmocka_unit_test(upgrade_with_each_revision_by_itself),
        cmocka_unit_test(downgrade_with_each_revision_by_itself),
        cmocka_unit_test(upgrade_in_one_transaction),
        cmocka_unit_test(downgrade_in_one_transaction),
        cmocka_unit_test(upgrade_of_a_server),
        cmocka_unit_test(downgrade_of_a_server),
    };
    return cmocka_run_group_tests(tests, NULL, tell_count);
}
