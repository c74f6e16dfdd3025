/* Cancelling from another thread. */
#include "maria_fixture.h"

typedef struct canceller {
    wb_session *session;
    wb_session *watcher;
    const char *busy_sql; /* gives 1 once the session waits in its statement */
} canceller;

static void *cancel_when_busy(void *arg)
{
    const canceller *job = arg;
    char got[256] = "";
    wb_error err = {0};
    for (int i = 0; i < 2000 && strcmp(got, "1") != 0; i++) {
        (void) wb_session_query(job->watcher, wb_str_from(job->busy_sql), NULL, 0, keep_text, got,
                                &err);
        wb_clock_sleep_ms(5);
    }
    wb_session_cancel(job->session);
    return NULL;
}

/* Runs `sql` on a session of its own and cancels it once the server is busy with it. */
static void expect_cancelled(wb_session *session, const char *sql)
{
    WB_AUTO_SESSION(watcher);
    watcher = open_session();
    wb_error err = {0};
    char id[256];
    char busy[512];
    pthread_t thread;
    (void) snprintf(busy, sizeof(busy),
                    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = %s AND "
                    "(STATE LIKE 'User%%' OR STATE LIKE 'Waiting for table%%')",
                    ask(session, "SELECT CONNECTION_ID()", id));
    canceller job = {.session = session, .watcher = watcher, .busy_sql = busy};
    int64_t before_us = wb_clock_monotonic_us();
    assert_int_equal(pthread_create(&thread, NULL, cancel_when_busy, &job), 0);
    bool is_fine = wb_session_exec(session, wb_str_from(sql), &err);
    (void) pthread_join(thread, NULL);
    assert_false(is_fine);
    assert_string_equal(wb_status_name(err.status), "CANCELLED");
    assert_true(wb_clock_monotonic_us() - before_us < INT64_C(15000000));
    assert_false(session->lost);
}

static void a_cancel_from_another_thread_stops_the_statement(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    exec(session, "CREATE OR REPLACE TABLE slow (n INT)");
    exec(session, "INSERT INTO slow VALUES (1)");
    expect_cancelled(session, "UPDATE slow SET n = 2 WHERE SLEEP(60) = 0");
    assert_false(wb_session_exec(session, WB_STR("SELECT 1"), &err));
    assert_int_equal(err.status, WB_E_CANCELLED);
    wb_session_uncancel(session);
    expect(session, "SELECT n FROM slow", "1");
}

static void a_cancel_reaches_a_statement_that_waits_for_a_lock(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    WB_AUTO_SESSION(holder);
    session = open_session();
    holder = open_session();
    exec(session, "CREATE OR REPLACE TABLE waited (n INT)");
    exec(holder, "LOCK TABLES waited WRITE");
    exec(session, "SET lock_wait_timeout = 60");
    expect_cancelled(session, "ALTER TABLE waited ADD m INT");
    exec(holder, "UNLOCK TABLES");
    wb_session_uncancel(session);
    expect(session,
           "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_NAME = 'waited' "
           "AND TABLE_SCHEMA = DATABASE()",
           "1");
}

static void a_cancel_stops_the_rest_of_the_packet(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    WB_AUTO_SESSION(watcher);
    session = open_session();
    watcher = open_session();
    wb_error err = {0};
    result results[40] = {0};
    pthread_t thread;
    exec(session, "CREATE OR REPLACE TABLE train (n INT)");
    queue(session, "INSERT INTO train VALUES (0)", &results[0]);
    for (size_t i = 1; i < 39; i++)
        queue(session, "UPDATE train SET n = 1 WHERE SLEEP(0.5) = 1", &results[i]);
    queue(session, "INSERT INTO train VALUES (39)", &results[39]);
    canceller job = {
        .session = session, .watcher = watcher, .busy_sql = "SELECT COUNT(*) > 0 FROM train"};
    assert_int_equal(pthread_create(&thread, NULL, cancel_when_busy, &job), 0);
    bool is_fine = wb_session_collect(session, &err);
    (void) pthread_join(thread, NULL);
    wb_session_uncancel(session);
    assert_false(is_fine);
    assert_int_equal(err.status, WB_E_CANCELLED);
    assert_int_equal(results[39].answers, 0);
    expect(session, "SELECT COUNT(*) FROM train", "1");
}

static void a_late_cancel_hits_no_later_statement(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    for (int i = 0; i < 20; i++) {
        wb_error err = {0};
        exec(session, "DO 1");
        wb_session_cancel(session);
        assert_false(wb_session_exec(session, WB_STR("SELECT 1"), &err));
        assert_int_equal(err.status, WB_E_CANCELLED);
        wb_session_uncancel(session);
        expect(session, "SELECT SLEEP(0.001)", "0");
    }
}

static void what_was_queued_before_a_cancel_is_not_run(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    result queued = {0};
    exec(session, "CREATE OR REPLACE TABLE unsent (n INT)");
    queue(session, "INSERT INTO unsent VALUES (1)", &queued);
    wb_session_cancel(session);
    assert_false(wb_session_collect(session, &err));
    assert_int_equal(err.status, WB_E_CANCELLED);
    wb_session_uncancel(session);
    collect(session);
    expect(session, "SELECT COUNT(*) FROM unsent", "0");
}

static void a_cancel_reaches_an_applications_handle(void **state)
{
    (void) state;
    const wb_maria_library *library = NULL;
    MYSQL *handle = connect_as_application(&library, "utf8mb4", 0);
    wb_error err = {0};
    wb_session *session = NULL;
    assert_true(wb_session_adopt(WB_ENGINE_MARIADB, handle, &session, &err));
    exec(session, "CREATE OR REPLACE TABLE slow (n INT)");
    exec(session, "INSERT INTO slow VALUES (1)");
    expect_cancelled(session, "UPDATE slow SET n = 2 WHERE SLEEP(60) = 0");
    wb_session_close(session);
    library->close(handle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cancel_from_another_thread_stops_the_statement),
        cmocka_unit_test(a_cancel_reaches_a_statement_that_waits_for_a_lock),
        cmocka_unit_test(a_cancel_stops_the_rest_of_the_packet),
        cmocka_unit_test(a_late_cancel_hits_no_later_statement),
        cmocka_unit_test(what_was_queued_before_a_cancel_is_not_run),
        cmocka_unit_test(a_cancel_reaches_an_applications_handle),
    };
    return run_with_server("mariadb cancel", tests, COUNT_OF(tests));
}
