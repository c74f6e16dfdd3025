/* The runner's lock, and COPY: what only some engines have. */
#include "conformance.h"

static void check_lock(wb_session *session, const char *name, bool is_free, wb_arena *arena,
                       const char **ret_holder)
{
    bool is_taken = !is_free;
    *ret_holder = NULL;
    wb_error err;
    wb_test_succeeded(wb_session_try_lock(session, name, arena, &is_taken, ret_holder, &err), &err);
    assert_int_equal(is_taken, is_free);
}

static bool copy_text(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    wb_buf_puts(arg, wb_row_text(row, 0));
    return true;
}

static void a_lock_excludes_a_second_session_and_names_its_holder(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(one);
    WB_AUTO_SESSION(two);
    one = wb_test_open(engine);
    two = wb_test_open(engine);
    const char *holder = NULL;
    WB_AUTO_BUF(id, 0);
    wb_error err;
    if (engine->own_id_sql != NULL)
        wb_test_succeeded(
            wb_session_query(one, wb_str_from(engine->own_id_sql), NULL, 0, copy_text, &id, &err),
            &err);
    uint64_t before = one->round_trips;
    check_lock(one, "whimbrel: a lock", true, arena, &holder);
    assert_int_equal(one->round_trips - before, engine->engine == WB_ENGINE_SQLITE ? 0 : 1);
    check_lock(two, "whimbrel: a lock", false, arena, &holder);
    assert_non_null(holder);
    assert_non_null(strstr(holder, wb_buf_text(&id)));
    check_lock(two, "whimbrel: another lock", true, arena, &holder);
}

static void a_lock_outlives_transactions_and_is_released_by_unlock(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(one);
    WB_AUTO_SESSION(two);
    one = wb_test_open(engine);
    two = wb_test_open(engine);
    const char *holder = NULL;
    wb_error err;
    check_lock(one, "released", true, arena, &holder);
    wb_test_succeeded(wb_session_begin(one, &err), &err);
    wb_test_exec(one, "SELECT 1");
    wb_test_succeeded(wb_session_rollback(one, &err), &err);
    check_lock(two, "released", false, arena, &holder);
    wb_test_succeeded(wb_session_unlock(one, "released", &err), &err);
    wb_test_succeeded(wb_session_collect(one, &err), &err);
    check_lock(two, "released", true, arena, &holder);
}

static void a_lock_is_released_by_the_end_of_its_session(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_SCRATCH(arena);
    wb_session *one = wb_test_open(engine);
    WB_AUTO_SESSION(two);
    two = wb_test_open(engine);
    const char *holder = NULL;
    check_lock(one, "ended", true, arena, &holder);
    wb_session_close(one);
    bool is_taken = false;
    wb_error err;
    for (int tries = 0; tries < 100 && !is_taken; tries++) /* the server sees it a little later */
        wb_test_succeeded(wb_session_try_lock(two, "ended", arena, &is_taken, &holder, &err), &err);
    assert_true(is_taken);
}

static void an_engine_without_copy_says_so(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if ((engine->can & WB_CAN_COPY) != 0)
        return;
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    uint64_t rows = 0;
    wb_error err;
    assert_false(wb_session_copy_begin(session, WB_STR("COPY t FROM STDIN"), &err));
    assert_int_equal(err.status, WB_E_UNSUPPORTED);
    assert_false(wb_session_copy_data(session, WB_STR("1\n"), &err));
    assert_int_equal(err.status, WB_E_UNSUPPORTED);
    assert_false(wb_session_copy_end(session, NULL, &rows, &err));
    assert_int_equal(err.status, WB_E_UNSUPPORTED);
}

static void a_statement_is_checked_without_being_run_or_the_engine_says_it_cannot(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "checked");
    wb_error err;
    wb_str insert = WB_STR("INSERT INTO checked VALUES (1, 'x')");
    if (session->driver->check == NULL) {
        assert_false(wb_session_check(session, insert, &err));
        assert_int_equal(err.status, WB_E_UNSUPPORTED);
    } else {
        wb_test_succeeded(wb_session_check(session, insert, &err), &err);
        assert_false(wb_session_check(session, WB_STR("SELECT nothing_such FROM checked"), &err));
        assert_int_equal(err.status, WB_E_QUERY);
    }
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM checked"), 0);
    wb_test_exec(session, "DROP TABLE checked");
}

static void a_database_that_can_be_written_is_not_refused(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_error err;
    wb_test_succeeded(wb_session_demand_writable(session, &err), &err);
    WB_SCRATCH(arena);
    assert_null(wb_session_file_holder(session, arena));
}

static void copy_loads_rows(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if ((engine->can & WB_CAN_COPY) == 0)
        return;
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    wb_test_table(session, "copied");
    wb_error err;
    /* Queued before, so that begin has something to collect. */
    wb_test_succeeded(wb_test_submit_insert(session, "copied", -1, NULL, NULL, &err), &err);
    wb_test_succeeded(wb_session_copy_begin(session, WB_STR("COPY copied FROM STDIN"), &err), &err);
    WB_AUTO_BUF(lines, 0);
    for (int i = 0; i < 200000; i++) {
        wb_buf_printf(&lines, "%d\tline %d of many, long enough to fill buffers\n", i, i);
        if (lines.len > 100000 || i % 7000 == 0) {
            wb_test_succeeded(wb_session_copy_data(session, wb_buf_str(&lines), &err), &err);
            wb_buf_reset(&lines);
        }
    }
    wb_test_succeeded(wb_session_copy_data(session, wb_buf_str(&lines), &err), &err);
    uint64_t rows = 0;
    wb_test_succeeded(wb_session_copy_end(session, NULL, &rows, &err), &err);
    assert_int_equal(rows, 200000);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM copied"), 200001);
    wb_test_exec(session, "DROP TABLE copied");
}

static void copy_fails_on_a_bad_line_and_leaves_the_session_usable(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if ((engine->can & WB_CAN_COPY) == 0)
        return;
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    wb_test_table(session, "copied");
    wb_error err;
    wb_test_succeeded(wb_session_copy_begin(session, WB_STR("COPY copied FROM STDIN"), &err), &err);
    wb_test_succeeded(wb_session_copy_data(session, WB_STR("1\tone\nword\ttwo\n"), &err), &err);
    uint64_t rows = 5;
    assert_false(wb_session_copy_end(session, NULL, &rows, &err));
    assert_int_equal(err.status, WB_E_QUERY);
    assert_non_null(strstr(err.detail, "line 2"));
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM copied"), 0);
    wb_test_exec(session, "DROP TABLE copied");
}

static void a_copy_that_is_ended_with_a_fault_is_undone(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if ((engine->can & WB_CAN_COPY) == 0)
        return;
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    wb_test_table(session, "copied");
    wb_error err;
    wb_test_succeeded(wb_session_copy_begin(session, WB_STR("COPY copied FROM STDIN"), &err), &err);
    wb_test_succeeded(wb_session_copy_data(session, WB_STR("1\tone\n"), &err), &err);
    uint64_t rows = 5;
    wb_test_succeeded(wb_session_copy_end(session, "the file ended early", &rows, &err), &err);
    assert_int_equal(rows, 0);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM copied"), 0);
    wb_test_exec(session, "DROP TABLE copied");
}

static void a_copy_that_cannot_begin_points_at_its_fault(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if ((engine->can & WB_CAN_COPY) == 0)
        return;
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    wb_error err;
    assert_false(wb_session_copy_begin(session, WB_STR("COPY nowhere FROM STDIN"), &err));
    assert_int_equal(err.status, WB_E_QUERY);
    assert_false(wb_session_copy_begin(session, WB_STR("COPY x FROMM STDIN"), &err));
    assert_int_equal(session->error_offset, 7);
    assert_false(wb_session_copy_begin(session, WB_STR("SELECT 1"), &err));
    assert_int_equal(err.status, WB_E_USAGE);
    assert_int_equal(wb_test_number(session, "SELECT 4"), 4);
}

const struct CMUnitTest *wb_conformance_lock_tests(size_t *ret_count)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_excludes_a_second_session_and_names_its_holder),
        cmocka_unit_test(a_lock_outlives_transactions_and_is_released_by_unlock),
        cmocka_unit_test(a_lock_is_released_by_the_end_of_its_session),
        cmocka_unit_test(an_engine_without_copy_says_so),
        cmocka_unit_test(a_statement_is_checked_without_being_run_or_the_engine_says_it_cannot),
        cmocka_unit_test(a_database_that_can_be_written_is_not_refused),
        cmocka_unit_test(copy_loads_rows),
        cmocka_unit_test(copy_fails_on_a_bad_line_and_leaves_the_session_usable),
        cmocka_unit_test(a_copy_that_is_ended_with_a_fault_is_undone),
        cmocka_unit_test(a_copy_that_cannot_begin_points_at_its_fault),
    };
    *ret_count = sizeof(tests) / sizeof(tests[0]);
    return tests;
}
