/* Transactions and savepoints. */
#include "conformance.h"

static void a_commit_is_seen_by_others_and_an_open_transaction_is_not(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_AUTO_SESSION(one);
    WB_AUTO_SESSION(two);
    one = wb_test_open(engine);
    wb_test_table(one, "seen");
    two = wb_test_open(engine);
    wb_error err;
    wb_test_succeeded(wb_session_begin_write(one, &err), &err);
    wb_test_exec(one, "INSERT INTO seen VALUES (1, 'x')");
    assert_int_equal(wb_test_number(one, "SELECT count(*) FROM seen"), 1);
    assert_int_equal(wb_test_number(two, "SELECT count(*) FROM seen"), 0);
    wb_test_succeeded(wb_session_commit(one, &err), &err);
    assert_int_equal(wb_test_number(two, "SELECT count(*) FROM seen"), 1);
    wb_test_exec(one, "DROP TABLE seen");
}

static void rollback_undoes_and_is_fine_where_nothing_is_open(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "undone");
    wb_error err;
    wb_test_succeeded(wb_session_begin(session, &err), &err);
    wb_test_exec(session, "INSERT INTO undone VALUES (1, 'x')");
    wb_test_succeeded(wb_session_rollback(session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM undone"), 0);
    wb_test_succeeded(wb_session_rollback(session, &err), &err);
    wb_test_succeeded(wb_session_rollback(session, &err), &err);
    wb_test_exec(session, "DROP TABLE undone");
}

static void rollback_gets_a_session_out_of_a_failure(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "failing");
    wb_error err;
    wb_test_succeeded(wb_session_begin(session, &err), &err);
    wb_test_exec(session, "INSERT INTO failing VALUES (1, 'x')");
    assert_false(wb_session_exec(session, WB_STR("INSERT INTO failing VALUES (1, 'y')"), &err));
    wb_test_succeeded(wb_session_rollback(session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM failing"), 0);
    wb_test_exec(session, "DROP TABLE failing");
}

static void closing_a_session_rolls_back(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_AUTO_SESSION(one);
    one = wb_test_open(engine);
    wb_test_table(one, "closed");
    wb_session *two = wb_test_open(engine);
    wb_error err;
    wb_test_succeeded(wb_session_begin(two, &err), &err);
    wb_test_exec(two, "INSERT INTO closed VALUES (1, 'x')");
    wb_session_close(two);
    assert_int_equal(wb_test_number(one, "SELECT count(*) FROM closed"), 0);
    wb_test_exec(one, "DROP TABLE closed");
}

static void savepoints_undo_only_what_came_after_them(void **state)
{
    static const char *const names[] = {"simple", "with \" ` and blank", "select"};
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "saved");
    wb_error err;
    wb_test_succeeded(wb_session_begin(session, &err), &err);
    for (int i = 0; i < 3; i++) {
        wb_test_succeeded(wb_test_submit_insert(session, "saved", i * 10 + 1, NULL, NULL, &err),
                          &err);
        wb_test_succeeded(wb_session_savepoint(session, names[i], &err), &err);
        wb_test_succeeded(wb_test_submit_insert(session, "saved", i * 10 + 2, NULL, NULL, &err),
                          &err);
        wb_test_succeeded(wb_session_rollback_to(session, names[i], &err), &err);
        wb_test_succeeded(wb_test_submit_insert(session, "saved", i * 10 + 3, NULL, NULL, &err),
                          &err);
        wb_test_succeeded(wb_session_release(session, names[i], &err), &err);
    }
    wb_test_succeeded(wb_session_commit(session, &err), &err);
    WB_AUTO_BUF(rows, 0);
    wb_test_succeeded(wb_session_query(session, WB_STR("SELECT id FROM saved ORDER BY id"), NULL, 0,
                                       wb_test_add_row, &rows, &err),
                      &err);
    assert_string_equal(wb_buf_text(&rows), "1;3;11;13;21;23;");
    wb_test_exec(session, "DROP TABLE saved");
}

static void a_savepoint_gets_a_transaction_out_of_a_failure(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "rescued");
    wb_error err;
    wb_test_succeeded(wb_session_begin(session, &err), &err);
    wb_test_succeeded(wb_test_submit_insert(session, "rescued", 1, NULL, NULL, &err), &err);
    wb_test_succeeded(wb_session_savepoint(session, "here", &err), &err);
    bool queued = wb_test_submit_insert(session, "rescued", 1, NULL, NULL, &err);
    wb_error ignored;
    assert_false(queued && wb_session_collect(session, &ignored));
    wb_test_succeeded(wb_session_rollback_to(session, "here", &err), &err);
    wb_test_succeeded(wb_test_submit_insert(session, "rescued", 2, NULL, NULL, &err), &err);
    wb_test_succeeded(wb_session_commit(session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT sum(id) FROM rescued"), 3);
    wb_test_exec(session, "DROP TABLE rescued");
}

static void ddl_is_undone_where_the_engine_says_so(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_exec(session, "DROP TABLE IF EXISTS made");
    wb_error err;
    wb_test_succeeded(wb_session_begin(session, &err), &err);
    wb_test_exec(session, "CREATE TABLE made (id INTEGER)");
    wb_test_succeeded(wb_session_rollback(session, &err), &err);
    bool is_there = wb_session_exec(session, WB_STR("DROP TABLE made"), &err);
    assert_int_equal(is_there, (session->can & WB_CAN_TRANSACTIONAL_DDL) == 0);
}

const struct CMUnitTest *wb_conformance_transaction_tests(size_t *ret_count)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commit_is_seen_by_others_and_an_open_transaction_is_not),
        cmocka_unit_test(rollback_undoes_and_is_fine_where_nothing_is_open),
        cmocka_unit_test(rollback_gets_a_session_out_of_a_failure),
        cmocka_unit_test(closing_a_session_rolls_back),
        cmocka_unit_test(savepoints_undo_only_what_came_after_them),
        cmocka_unit_test(a_savepoint_gets_a_transaction_out_of_a_failure),
        cmocka_unit_test(ddl_is_undone_where_the_engine_says_so),
    };
    *ret_count = sizeof(tests) / sizeof(tests[0]);
    return tests;
}
