/* Cancelling from another thread, and losing the connection. */
#include "base/clock.h"
#include "conformance.h"

#include <pthread.h>

static void *cancel_soon(void *arg)
{
    wb_clock_sleep_ms(200);
    wb_session_cancel(arg);
    return NULL;
}

static void check_stopped(wb_session *session, bool ok, int64_t start_us, const wb_error *err)
{
    int64_t took_us = wb_clock_monotonic_us() - start_us;
    assert_false(ok);
    assert_int_equal(err->status, WB_E_CANCELLED);
    assert_in_range(took_us, 100000, 3000000);
    wb_error next;
    assert_false(wb_session_exec(session, WB_STR("SELECT 1"), &next));
    assert_int_equal(next.status, WB_E_CANCELLED);
    assert_false(wb_session_submit_sql(session, WB_STR("SELECT 1"), &next));
    assert_int_equal(next.status, WB_E_CANCELLED);
    wb_session_uncancel(session);
    wb_test_succeeded(wb_session_rollback(session, &next), &next);
    assert_int_equal(wb_test_number(session, "SELECT 8"), 8);
}

static void a_running_statement_is_cancelled_from_another_thread(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    for (int i = 0; i < 3; i++) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, cancel_soon, session), 0);
        int64_t start_us = wb_clock_monotonic_us();
        wb_error err;
        bool ok = wb_session_exec(session, wb_str_from(engine->sleep_sql), &err);
        assert_int_equal(pthread_join(thread, NULL), 0);
        check_stopped(session, ok, start_us, &err);
    }
}

static void a_cancel_stops_the_queue_and_what_is_behind(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    wb_test_table(session, "behind");
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, session), 0);
    int64_t start_us = wb_clock_monotonic_us();
    wb_error err;
    bool ok = wb_session_begin(session, &err) &&
              wb_session_submit_sql(session, wb_str_from(engine->sleep_sql), &err) &&
              wb_test_submit_insert(session, "behind", 1, NULL, NULL, &err) &&
              wb_session_submit_sql(session, WB_STR("COMMIT"), &err) &&
              wb_session_collect(session, &err);
    assert_int_equal(pthread_join(thread, NULL), 0);
    check_stopped(session, ok, start_us, &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM behind"), 0);
    wb_test_exec(session, "DROP TABLE behind");
}

static void a_cancel_before_a_statement_keeps_it_from_running(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "kept_out");
    wb_session_cancel(session);
    wb_session_cancel(session);
    wb_error err;
    assert_false(wb_session_exec(session, WB_STR("INSERT INTO kept_out VALUES (1, 'x')"), &err));
    assert_int_equal(err.status, WB_E_CANCELLED);
    assert_false(wb_test_submit_insert(session, "kept_out", 2, NULL, NULL, &err));
    assert_int_equal(err.status, WB_E_CANCELLED);
    wb_session_uncancel(session);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM kept_out"), 0);
    wb_test_exec(session, "DROP TABLE kept_out");
}

static bool read_id(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    wb_buf_reset(arg);
    wb_buf_puts(arg, wb_row_text(row, 0));
    return true;
}

/* Ends the session at the server, from a second one. */
static void kill_session(const wb_tested_engine *engine, wb_session *session)
{
    WB_AUTO_BUF(id, 0);
    WB_AUTO_BUF(sql, 0);
    WB_AUTO_SESSION(killer);
    killer = wb_test_open(engine);
    wb_error err;
    wb_test_succeeded(
        wb_session_query(session, wb_str_from(engine->own_id_sql), NULL, 0, read_id, &id, &err),
        &err);
    wb_buf_puts(&sql, engine->kill_before);
    wb_buf_puts(&sql, wb_buf_text(&id));
    wb_buf_puts(&sql, engine->kill_after);
    wb_test_exec(killer, wb_buf_text(&sql));
    wb_clock_sleep_ms(50); /* the server ends it in its own time; nothing can be waited for */
}

static void check_lost(wb_session *session, bool ok, const wb_error *err)
{
    assert_false(ok);
    if (err->status != WB_E_LOST)
        fail_msg("%s: %s", wb_status_name(err->status), err->message);
    assert_true(session->lost);
    wb_error next;
    assert_false(wb_session_exec(session, WB_STR("SELECT 1"), &next));
    assert_int_equal(next.status, WB_E_LOST);
    assert_false(wb_session_submit_sql(session, WB_STR("SELECT 1"), &next));
    assert_int_equal(next.status, WB_E_LOST);
    assert_false(wb_session_rollback(session, &next));
    assert_int_equal(next.status, WB_E_LOST);
}

static void a_lost_connection_is_told_by_the_next_statement(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if (engine->own_id_sql == NULL)
        return;
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    kill_session(engine, session);
    wb_error err;
    bool ok = wb_session_exec(session, WB_STR("SELECT 1"), &err);
    check_lost(session, ok, &err);
}

static void take_error(void *arg, const wb_answer *answer)
{
    wb_status *status = arg;
    *status = answer->error != NULL ? answer->error->status : WB_E_OK;
}

static void a_lost_connection_is_told_by_the_queue(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if (engine->own_id_sql == NULL)
        return;
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    kill_session(engine, session);
    wb_error err;
    wb_status status = WB_E_OK;
    const wb_request request = {.sql = WB_STR("SELECT 1"), .answer = take_error, .arg = &status};
    bool ok = true;
    for (int i = 0; i < 2000 && ok; i++)
        ok = wb_session_submit(session, &request, &err);
    ok = ok && wb_session_collect(session, &err);
    check_lost(session, ok, &err);
    assert_int_equal(status, WB_E_LOST);
}

const struct CMUnitTest *wb_conformance_cancel_tests(size_t *ret_count)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_statement_is_cancelled_from_another_thread),
        cmocka_unit_test(a_cancel_stops_the_queue_and_what_is_behind),
        cmocka_unit_test(a_cancel_before_a_statement_keeps_it_from_running),
        cmocka_unit_test(a_lost_connection_is_told_by_the_next_statement),
        cmocka_unit_test(a_lost_connection_is_told_by_the_queue),
    };
    *ret_count = sizeof(tests) / sizeof(tests[0]);
    return tests;
}
