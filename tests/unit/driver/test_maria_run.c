/* Running packets: results, positions, errors. */
#include "maria_fixture.h"

static void nothing_behind_a_failure_is_run(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    result results[4] = {0};
    exec(session, "CREATE OR REPLACE TABLE stop (n INT PRIMARY KEY)");
    queue(session, "INSERT INTO stop VALUES (1)", &results[0]);
    queue(session, "INSERT INTO stop VALUES (2)", &results[1]);
    queue(session, "INSERT INTO stop VALUES (1)", &results[2]);
    queue(session, "INSERT INTO stop VALUES (3)", &results[3]);
    assert_false(wb_session_collect(session, &err));
    assert_int_equal(err.status, WB_E_CONSTRAINT);
    assert_int_equal(err.native_code, 1062);
    assert_string_equal(err.sqlstate, "23000");
    assert_int_equal(results[1].answers, 1);
    assert_false(results[1].has_failed);
    assert_int_equal(results[2].answers, 1);
    assert_true(results[2].has_failed);
    assert_int_equal(results[3].answers, 0);
    expect(session, "SELECT GROUP_CONCAT(n ORDER BY n) FROM stop", "1,2");
}

static void a_syntax_error_points_into_its_own_statement(void **state)
{
    (void) state;
    static const struct {
        const char *sql;
        const char *at; /* what the offset must point at; "" for the end */
        const char *message;
    } cases[] = {
        {"SELECT foo bar baz", "baz", "syntax error near \"baz\""},
        {"SELECT 1,\n  2,\n  SELEC 3 FROM x", "3 FROM x", "syntax error near \"3 FROM x\""},
        {"  \n\n SELECT 1\n + FROM t", "FROM t", "syntax error near \"FROM t\""},
        {"SELECT (1", "", "syntax error at the end"},
        {"SELECT (1  \n ", "", "syntax error at the end"},
        {"CREATE TABEL x (a INT)", "TABEL", "syntax error near \"TABEL x (a INT)\""},
        {"SELECT 'it''s', 'b' 'c' FROM FROM", "FROM", "syntax error near \"FROM\""},
        {"SELECT '\xc3\xa4\xe2\x82\xac' FRM t WHERE", "t WHERE", "syntax error near \"t WHERE\""},
        {"INSERT INTO t VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' 3)",
         "3)", "syntax error near \"3)\""},
        {"SELECT 1 WHERE ORDER b "
         "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'",
         "ORDER b", "syntax error near \"ORDER b 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""},
    };
    WB_AUTO_SESSION(session);
    session = open_session();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int is_shared = 0; is_shared < 2; is_shared++) {
            wb_error err = {0};
            result before = {0};
            result faulty = {0};
            result behind = {0};
            if (is_shared)
                queue(session, "DO 1 -- FROM t", &before);
            queue(session, cases[i].sql, &faulty);
            if (is_shared)
                queue(session, "DO 2", &behind);
            assert_false(wb_session_collect(session, &err));
            assert_string_equal(err.message, cases[i].message);
            assert_int_equal(before.answers, is_shared);
            assert_int_equal(behind.answers, 0);
            assert_int_equal(faulty.error_offset, session->error_offset);
            assert_true(faulty.error_offset <= strlen(cases[i].sql));
            const char *found = cases[i].sql + faulty.error_offset;
            if (cases[i].at[0] == '\0')
                assert_int_equal(strspn(found, " \n"), strlen(found));
            else
                assert_memory_equal(found, cases[i].at, strlen(cases[i].at));
        }
    }
}

static void a_position_counts_placeholders_and_not_arguments(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    const char *sql = "SELECT ?, ? FRM ? t";
    const wb_value args[] = {wb_value_text("a long text with a \\ backslash"), wb_value_int(-5),
                             wb_value_text("x")};
    assert_false(wb_session_query(session, wb_str_from(sql), args, 3, NULL, NULL, &err));
    assert_int_equal(err.status, WB_E_QUERY);
    assert_string_equal(sql + session->error_offset, "? t");
}

static void an_error_without_a_position_has_none(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    assert_false(wb_session_exec(session, WB_STR("SELECT nothing_there"), &err));
    assert_int_equal(err.status, WB_E_QUERY);
    assert_int_equal(session->error_offset, SIZE_MAX);
    assert_string_equal(err.message, "unknown column 'nothing_there' in 'SELECT'");
}

static void a_call_keeps_its_results_to_itself(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    result results[5] = {0};
    exec(session, "CREATE OR REPLACE PROCEDURE two() BEGIN SELECT 7; SELECT 8 UNION SELECT 9; END");
    assert_true(submit(session, "SELECT 1", &results[0], &err));
    assert_true(submit(session, "CALL two()", &results[1], &err));
    assert_true(submit(session, "SELECT 2", &results[2], &err));
    assert_true(submit(session, "BEGIN NOT ATOMIC SELECT 3; SELECT 4; END", &results[3], &err));
    assert_true(submit(session, "SELECT 5", &results[4], &err));
    collect(session);
    assert_string_equal(results[0].rows, "1 ");
    assert_string_equal(results[1].rows, "7 8 9 ");
    assert_string_equal(results[2].rows, "2 ");
    assert_string_equal(results[3].rows, "3 4 ");
    assert_string_equal(results[4].rows, "5 ");
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(results[i].answers, 1);
}

static void a_call_that_fails_after_rows_has_failed(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    result called = {0};
    exec(session, "CREATE OR REPLACE PROCEDURE half() BEGIN SELECT 7; "
                  "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Enough'; END");
    assert_true(submit(session, "CALL half()", &called, &err));
    assert_false(wb_session_collect(session, &err));
    assert_string_equal(err.message, "enough");
    assert_string_equal(err.sqlstate, "45000");
    assert_string_equal(called.rows, "7 ");
    assert_int_equal(called.answers, 1);
    assert_true(called.has_failed);
    expect(session, "SELECT 1", "1");
}

static void several_statements_in_one_text_shift_no_answers(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    result results[2] = {0};
    assert_true(submit(session, "SELECT 1; SELECT 2", &results[0], &err));
    assert_true(submit(session, "SELECT 3", &results[1], &err));
    collect(session);
    assert_string_equal(results[0].rows, "1 2 ");
    assert_string_equal(results[1].rows, "3 ");
}

static bool count_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    *(int64_t *) arg += wb_row_int(row, 0);
    return true;
}

static void a_large_result_is_streamed(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    int64_t sum = 0;
    assert_true(wb_session_query(session,
                                 WB_STR("SELECT seq, REPEAT('x', 200) FROM seq_1_to_200000"), NULL,
                                 0, count_row, &sum, &err));
    assert_int_equal(sum, INT64_C(200000) * 200001 / 2);
}

static void an_update_counts_the_rows_that_it_found(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    result updated = {0};
    exec(session, "CREATE OR REPLACE TABLE same (n INT)");
    exec(session, "INSERT INTO same VALUES (1), (1)");
    queue(session, "UPDATE same SET n = 1", &updated);
    collect(session);
    assert_int_equal(updated.affected, 2);
}

static void keep_notice(void *arg, const char *text)
{
    (void) snprintf(arg, 256, "%s", text);
}

static void warnings_of_ddl_reach_the_listener(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    char heard[256] = "";
    exec(session, "DROP TABLE IF EXISTS nowhere");
    session->notice = keep_notice;
    session->notice_arg = heard;
    exec(session, "DROP TABLE IF EXISTS nowhere");
    assert_non_null(strstr(heard, "nowhere'"));
    /* Asking must not change what the next statement sees. */
    exec(session, "CREATE OR REPLACE TABLE heard (n INT)");
    exec(session, "INSERT IGNORE INTO heard VALUES ('x'), (2)");
    expect(session, "SELECT ROW_COUNT()", "2");
}

static void a_rollback_costs_nothing_where_no_transaction_is_open(void **state)
{
    (void) state;
    static const struct {
        const char *before;
        bool is_wanted;
    } cases[] = {
        {"DO 1", false},
        {"BEGIN", true},
        {"COMMIT", false},
        {"SELECT nothing_there", true},
        {"DO 2", false},
        {"SET autocommit = 0", true},
        {"SET autocommit = 1", false},
    };
    WB_AUTO_SESSION(session);
    session = open_session();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_error err = {0};
        (void) wb_session_exec(session, wb_str_from(cases[i].before), &err);
        uint64_t before = session->round_trips;
        assert_true(wb_session_rollback(session, &err));
        assert_int_equal(session->round_trips - before, cases[i].is_wanted ? 1 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_behind_a_failure_is_run),
        cmocka_unit_test(a_syntax_error_points_into_its_own_statement),
        cmocka_unit_test(a_position_counts_placeholders_and_not_arguments),
        cmocka_unit_test(an_error_without_a_position_has_none),
        cmocka_unit_test(a_call_keeps_its_results_to_itself),
        cmocka_unit_test(a_call_that_fails_after_rows_has_failed),
        cmocka_unit_test(several_statements_in_one_text_shift_no_answers),
        cmocka_unit_test(a_large_result_is_streamed),
        cmocka_unit_test(an_update_counts_the_rows_that_it_found),
        cmocka_unit_test(warnings_of_ddl_reach_the_listener),
        cmocka_unit_test(a_rollback_costs_nothing_where_no_transaction_is_open),
    };
    return run_with_server("mariadb run", tests, COUNT_OF(tests));
}
