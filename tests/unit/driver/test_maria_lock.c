/* The runner's lock. */
#include "maria_fixture.h"

static void the_lock_excludes_others_and_names_its_holder(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(first);
    WB_AUTO_SESSION(second);
    first = open_session();
    second = open_session();
    wb_error err = {0};
    bool is_taken = false;
    const char *holder = NULL;
    char id[256];
    char wanted[300];
    assert_true(wb_session_try_lock(first, "runner", arena, &is_taken, &holder, &err));
    assert_true(is_taken);
    uint64_t before = second->round_trips;
    assert_true(wb_session_try_lock(second, "runner", arena, &is_taken, &holder, &err));
    assert_int_equal(second->round_trips, before + 1);
    assert_false(is_taken);
    (void) snprintf(wanted, sizeof(wanted), "connection %s (user ",
                    ask(first, "SELECT CONNECTION_ID()", id));
    assert_memory_equal(holder, wanted, strlen(wanted));
    assert_true(wb_session_try_lock(second, "another", arena, &is_taken, &holder, &err));
    assert_true(is_taken);
    assert_true(wb_session_unlock(first, "runner", &err));
    collect(first);
    assert_true(wb_session_try_lock(second, "runner", arena, &is_taken, &holder, &err));
    assert_true(is_taken);
}

static void the_lock_outlives_transactions_and_ends_with_the_connection(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(second);
    wb_session *first = open_session();
    second = open_session();
    wb_error err = {0};
    bool is_taken = false;
    const char *holder = NULL;
    assert_true(wb_session_try_lock(first, "runner", arena, &is_taken, &holder, &err));
    exec(first, "BEGIN");
    exec(first, "ROLLBACK");
    assert_true(wb_session_try_lock(second, "runner", arena, &is_taken, &holder, &err));
    assert_false(is_taken);
    wb_session_close(first);
    for (int i = 0; i < 1000 && !is_taken; i++) {
        assert_true(wb_session_try_lock(second, "runner", arena, &is_taken, &holder, &err));
        wb_clock_sleep_ms(is_taken ? 0 : 5);
    }
    assert_true(is_taken);
}

static void the_lock_of_another_database_is_another(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(first);
    WB_AUTO_SESSION(second);
    first = open_session();
    wb_url url = server(arena);
    url.database = "mysql";
    second = open_url(&url);
    wb_error err = {0};
    bool is_taken = false;
    const char *holder = NULL;
    assert_true(wb_session_try_lock(first, "runner", arena, &is_taken, &holder, &err));
    assert_true(is_taken);
    assert_true(wb_session_try_lock(second, "runner", arena, &is_taken, &holder, &err));
    assert_true(is_taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lock_excludes_others_and_names_its_holder),
        cmocka_unit_test(the_lock_outlives_transactions_and_ends_with_the_connection),
        cmocka_unit_test(the_lock_of_another_database_is_another),
    };
    return run_with_server("mariadb lock", tests, COUNT_OF(tests));
}
