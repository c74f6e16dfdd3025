/* What the server's refusals come to: the status of real errors. */
#include "maria_fixture.h"

static void errors_have_the_status_of_their_kind(void **state)
{
    (void) state;
    static const struct {
        const char *sql;
        wb_status status;
        unsigned code;
    } cases[] = {
        {"INSERT INTO kinds VALUES (1, 1, 1)", WB_E_CONSTRAINT, 1062},
        {"INSERT INTO kinds VALUES (NULL, 1, 1)", WB_E_CONSTRAINT, 1048},
        {"INSERT INTO kinds VALUES (2, -1, 1)", WB_E_CONSTRAINT, 4025},
        {"INSERT INTO kinds VALUES (2, 1, 9)", WB_E_CONSTRAINT, 1452},
        {"INSERT INTO kinds VALUES ('x', 1, 1)", WB_E_CONSTRAINT, 1366},
        {"INSERT INTO kinds VALUES (99999999999, 1, 1)", WB_E_CONSTRAINT, 1264},
        {"DROP TABLE no_such", WB_E_QUERY, 1051},
        {"SELECT * FROM no_such", WB_E_QUERY, 1146},
        {"", WB_E_QUERY, 1065},
        {"KILL QUERY CONNECTION_ID()", WB_E_QUERY, 1317},
        {"SET STATEMENT max_statement_time = 0.01 FOR SELECT SLEEP(5) FROM kinds", WB_E_QUERY,
         1969},
    };
    WB_AUTO_SESSION(session);
    session = open_session();
    exec(session, "DROP TABLE IF EXISTS kinds");
    exec(session, "CREATE TABLE kinds (id INT PRIMARY KEY, n INT CHECK (n > 0), up INT NOT NULL, "
                  "FOREIGN KEY (up) REFERENCES kinds (id))");
    exec(session, "INSERT INTO kinds VALUES (1, 1, 1)");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        wb_error err = {0};
        assert_false(wb_session_exec(session, wb_str_from(cases[i].sql), &err));
        assert_int_equal(err.native_code, cases[i].code);
        assert_string_equal(wb_status_name(err.status), wb_status_name(cases[i].status));
    }
    exec(session, "DROP TABLE kinds");
}

static void a_held_lock_is_a_lock_timeout(void **state)
{
    (void) state;
    WB_AUTO_SESSION(holder);
    WB_AUTO_SESSION(waiter);
    holder = open_session();
    waiter = open_session();
    wb_error err = {0};
    exec(holder, "CREATE OR REPLACE TABLE held (n INT)");
    exec(holder, "BEGIN");
    exec(holder, "INSERT INTO held VALUES (1)");
    exec(waiter, "SET lock_wait_timeout = 0");
    assert_false(wb_session_exec(waiter, WB_STR("ALTER TABLE held ADD m INT"), &err));
    assert_int_equal(err.status, WB_E_LOCK_TIMEOUT);
    assert_int_equal(err.native_code, 1205);
    exec(holder, "ROLLBACK");
}

static void a_read_only_transaction_is_read_only(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    exec(session, "CREATE OR REPLACE TABLE locked_up (n INT)");
    exec(session, "START TRANSACTION READ ONLY");
    assert_false(wb_session_exec(session, WB_STR("INSERT INTO locked_up VALUES (1)"), &err));
    assert_int_equal(err.status, WB_E_READ_ONLY);
    assert_true(wb_session_rollback(session, &err));
}

static void a_user_without_rights_is_told_so(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(session);
    WB_AUTO_SESSION(poor);
    session = open_session();
    wb_error err = {0};
    exec(session, "CREATE OR REPLACE TABLE private (n INT)");
    exec(session, "CREATE OR REPLACE USER 'wb_poor'@'%' IDENTIFIED BY 'poor'");
    assert_true(
        wb_session_execf(session, &err, "GRANT SELECT ON `%s`.* TO 'wb_poor'@'%%'", database));
    wb_url url = server(arena);
    url.user = "wb_poor";
    url.password = "poor";
    poor = open_url(&url);
    assert_false(wb_session_exec(poor, WB_STR("INSERT INTO private VALUES (1)"), &err));
    assert_int_equal(err.status, WB_E_PERMISSION);
    url.database = "mysql";
    expect_no_session(&url, WB_E_AUTH, &err);
    exec(session, "DROP USER 'wb_poor'@'%'");
}

static void a_killed_connection_is_lost(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    WB_AUTO_SESSION(killer);
    session = open_session();
    killer = open_session();
    wb_error err = {0};
    char id[256];
    (void) ask(session, "SELECT CONNECTION_ID()", id);
    assert_true(wb_session_execf(killer, &err, "KILL CONNECTION %s", id));
    assert_false(wb_session_exec(session, WB_STR("SELECT 1"), &err));
    assert_int_equal(err.status, WB_E_LOST);
    assert_true(session->lost);
    assert_false(wb_session_submit_sql(session, WB_STR("SELECT 1"), &err));
    assert_int_equal(err.status, WB_E_LOST);
}

static void *update_second_row(void *arg)
{
    wb_error err = {0};
    bool is_fine = wb_session_exec(arg, WB_STR("UPDATE dead SET m = 1 WHERE n = 1"), &err);
    return is_fine || err.status == WB_E_SERIALIZATION ? arg : NULL;
}

static void a_deadlock_is_a_serialization_failure(void **state)
{
    (void) state;
    WB_AUTO_SESSION(one);
    WB_AUTO_SESSION(two);
    WB_AUTO_SESSION(watcher);
    one = open_session();
    two = open_session();
    watcher = open_session();
    wb_error err = {0};
    pthread_t thread;
    void *ended = NULL;
    exec(one, "CREATE OR REPLACE TABLE dead (n INT PRIMARY KEY, m INT)");
    exec(one, "INSERT INTO dead VALUES (1, 0), (2, 0)");
    exec(one, "BEGIN");
    exec(one, "UPDATE dead SET m = 1 WHERE n = 1");
    exec(two, "BEGIN");
    exec(two, "UPDATE dead SET m = 1 WHERE n = 2");
    assert_int_equal(pthread_create(&thread, NULL, update_second_row, two), 0);
    wait_until(watcher, "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE "
                        "VARIABLE_NAME = 'INNODB_ROW_LOCK_CURRENT_WAITS'");
    bool is_fine = wb_session_exec(one, WB_STR("UPDATE dead SET m = 1 WHERE n = 2"), &err);
    if (is_fine) { /* the other one was chosen */
        assert_true(wb_session_rollback(one, &err));
        (void) pthread_join(thread, &ended);
    } else {
        assert_int_equal(err.status, WB_E_SERIALIZATION);
        assert_true(wb_session_rollback(one, &err));
        (void) pthread_join(thread, &ended);
    }
    assert_non_null(ended);
    assert_true(wb_session_rollback(two, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_have_the_status_of_their_kind),
        cmocka_unit_test(a_held_lock_is_a_lock_timeout),
        cmocka_unit_test(a_read_only_transaction_is_read_only),
        cmocka_unit_test(a_user_without_rights_is_told_so),
        cmocka_unit_test(a_killed_connection_is_lost),
        cmocka_unit_test(a_deadlock_is_a_serialization_failure),
    };
    return run_with_server("mariadb status", tests, COUNT_OF(tests));
}
