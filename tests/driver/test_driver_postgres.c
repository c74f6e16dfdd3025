/* The conformance suite on PostgreSQL, and what only PostgreSQL has. */
#include "base/clock.h"
#include "conformance.h"
#include "driver/postgres/pq_library.h"

#include <unistd.h>

static void statements_that_refuse_a_transaction_can_be_waited_for(void **state)
{
    static const char *const statements[] = {
        "VACUUM alone",
        "CREATE INDEX CONCURRENTLY alone_name ON alone (name)",
        "DROP INDEX CONCURRENTLY alone_name",
        "REINDEX TABLE CONCURRENTLY alone",
    };
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "alone");
    wb_error err;
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        wb_test_succeeded(wb_test_submit_insert(session, "alone", (int64_t) i, NULL, NULL, &err),
                          &err);
        wb_test_exec(session, statements[i]);
    }
    wb_test_exec(session, "DROP TABLE alone");
}

static void only_one_statement_is_taken(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_error err;
    assert_false(wb_session_exec(session, WB_STR("SELECT 1; SELECT 2"), &err));
    assert_string_equal(err.sqlstate, "42601");
    assert_false(wb_session_submit_sql(session, WB_STR("SELECT 1; SELECT 2"), &err) &&
                 wb_session_collect(session, &err));
    assert_string_equal(err.sqlstate, "42601");
    wb_test_exec(session, "");
    wb_test_exec(session, "-- nothing");
}

static void zero_bytes_are_refused(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "zero");
    wb_error err;
    wb_test_succeeded(wb_test_submit_insert(session, "zero", 1, NULL, NULL, &err), &err);
    const wb_value value = wb_value_str(WB_STR("a\0b"));
    const wb_request request = {.sql = WB_STR("SELECT $1"), .args = &value, .arg_count = 1};
    assert_false(wb_session_submit(session, &request, &err));
    assert_string_equal(err.sqlstate, "22021");
    /* What was queued before it has been run. */
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM zero"), 1);
    assert_false(wb_session_exec(session, WB_STR("SELECT\0 1"), &err));
    assert_string_equal(err.sqlstate, "22021");
    wb_test_exec(session, "DROP TABLE zero");
}

/* A commit of a failed transaction is a rollback that PostgreSQL calls a success. */
static void committing_a_failed_transaction_is_an_error(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_error err;
    wb_test_succeeded(wb_session_begin(session, &err), &err);
    assert_false(wb_session_exec(session, WB_STR("SELECT nothing"), &err));
    assert_false(wb_session_commit(session, &err));
    assert_string_equal(err.sqlstate, "25P02");
    assert_false(wb_session_exec(session, WB_STR("/* a */ -- b\n end"), &err));
    assert_string_equal(err.sqlstate, "25P02");
    wb_test_succeeded(wb_session_rollback(session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT 1"), 1);
}

static void make_deferred(wb_session *session)
{
    wb_test_exec(session, "DROP TABLE IF EXISTS deferred");
    wb_test_exec(session, "CREATE TABLE deferred (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
}

static void nothing_behind_a_failed_commit_is_run(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    make_deferred(session);
    wb_test_table(session, "after_commit");
    wb_error err;
    bool ok =
        wb_session_begin(session, &err) &&
        wb_session_submit_sql(session, WB_STR("INSERT INTO deferred VALUES (1), (1)"), &err) &&
        wb_session_submit_sql(session, WB_STR("COMMIT"), &err) &&
        wb_test_submit_insert(session, "after_commit", 1, NULL, NULL, &err) &&
        wb_session_collect(session, &err);
    assert_false(ok);
    assert_int_equal(err.status, WB_E_CONSTRAINT);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM after_commit"), 0);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM deferred"), 0);
    wb_test_exec(session, "DROP TABLE deferred, after_commit");
}

/* Outside a transaction the sync is the commit, so that is where a deferred constraint fails. */
static void a_failure_of_the_sync_itself_is_told(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    make_deferred(session);
    wb_error err;
    wb_test_succeeded(
        wb_session_submit_sql(session, WB_STR("INSERT INTO deferred VALUES (2), (2)"), &err), &err);
    assert_false(wb_session_collect(session, &err));
    assert_int_equal(err.status, WB_E_CONSTRAINT);
    assert_int_equal(session->error_offset, SIZE_MAX);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM deferred"), 0);
    wb_test_exec(session, "DROP TABLE deferred");
}

static void a_copy_that_came_as_a_statement_does_not_hang(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "copying");
    wb_error err;
    wb_test_succeeded(wb_test_submit_insert(session, "copying", 1, NULL, NULL, &err), &err);
    wb_test_succeeded(
        wb_session_submit_sql(session, WB_STR("COPY (SELECT generate_series(1, 300000)) TO STDOUT"),
                              &err),
        &err);
    wb_test_exec(session, "/* x */ COPY copying TO STDOUT");
    assert_false(wb_session_submit_sql(session, WB_STR("COPY copying FROM STDIN"), &err));
    assert_int_equal(err.status, WB_E_QUERY);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM copying"), 1);
    wb_test_exec(session, "DROP TABLE copying");
}

static bool submit_kept_select(wb_session *session, wb_str sql, wb_buf *rows, wb_error *err)
{
    const wb_request request = {.sql = sql, .row = wb_test_add_row, .arg = rows, .keep = true};
    return wb_session_submit(session, &request, err);
}

static void kept_statements_outlive_a_discard(void **state)
{
    static const char *const forgetting[] = {"DISCARD ALL", "DEALLOCATE ALL"};
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    WB_AUTO_BUF(rows, 0);
    wb_str sql = WB_STR("SELECT 42");
    wb_error err;
    wb_test_succeeded(submit_kept_select(session, sql, &rows, &err), &err);
    for (size_t i = 0; i < sizeof(forgetting) / sizeof(forgetting[0]); i++) {
        wb_test_exec(session, forgetting[i]);
        wb_test_succeeded(submit_kept_select(session, sql, &rows, &err), &err);
        wb_test_succeeded(wb_session_collect(session, &err), &err);
    }
    assert_string_equal(wb_buf_text(&rows), "42;42;42;");
}

static void a_kept_statement_recovers_when_its_result_changes_shape(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "shaped");
    WB_AUTO_BUF(rows, 0);
    wb_str sql = WB_STR("SELECT * FROM shaped");
    wb_error err;
    wb_test_succeeded(submit_kept_select(session, sql, &rows, &err), &err);
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    wb_test_exec(session, "ALTER TABLE shaped ADD COLUMN more int");
    wb_test_exec(session, "INSERT INTO shaped VALUES (1, 'x', 2)");
    bool ok = submit_kept_select(session, sql, &rows, &err) && wb_session_collect(session, &err);
    assert_false(ok); /* PostgreSQL refuses it once */
    wb_test_succeeded(submit_kept_select(session, sql, &rows, &err), &err);
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    assert_string_equal(wb_buf_text(&rows), "1|x|2;");
    wb_test_exec(session, "DROP TABLE shaped");
}

static void take_notice(void *arg, const char *text)
{
    wb_buf_puts(arg, text);
    wb_buf_putc(arg, ';');
}

static void notices_reach_whoever_asks(void **state)
{
    WB_AUTO_BUF(notices, 0);
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_str sql = WB_STR("DO $$ BEGIN RAISE NOTICE 'half done'; END $$");
    wb_error err;
    wb_test_succeeded(wb_session_exec(session, sql, &err), &err);
    session->notice = take_notice;
    session->notice_arg = &notices;
    wb_test_succeeded(wb_session_exec(session, sql, &err), &err);
    wb_test_succeeded(wb_session_submit_sql(session, sql, &err), &err);
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    assert_string_equal(wb_buf_text(&notices), "half done;half done;");
    session->notice = NULL;
}

static void a_statement_timeout_is_not_a_cancel(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_exec(session, "SET statement_timeout = 50");
    wb_error err;
    assert_false(wb_session_exec(session, WB_STR("SELECT pg_sleep(5)"), &err));
    assert_int_equal(err.status, WB_E_QUERY);
    assert_string_equal(err.sqlstate, "57014");
}

static void locks_and_conflicts_have_their_status(void **state)
{
    WB_AUTO_SESSION(one);
    WB_AUTO_SESSION(two);
    one = wb_test_open(wb_engine_of(state));
    two = wb_test_open(wb_engine_of(state));
    wb_test_table(one, "locked");
    wb_error err;
    wb_test_succeeded(wb_session_begin(one, &err), &err);
    wb_test_exec(one, "LOCK TABLE locked");
    wb_test_exec(two, "SET lock_timeout = 50");
    assert_false(wb_session_exec(two, WB_STR("ALTER TABLE locked ADD COLUMN x int"), &err));
    assert_int_equal(err.status, WB_E_LOCK_TIMEOUT);
    assert_string_equal(err.sqlstate, "55P03");
    wb_test_succeeded(wb_session_rollback(one, &err), &err);
    wb_test_exec(two, "SET default_transaction_read_only = on");
    assert_false(wb_session_exec(two, WB_STR("DROP TABLE locked"), &err));
    assert_int_equal(err.status, WB_E_READ_ONLY);
    wb_test_exec(one, "DROP TABLE locked");
}

static void an_error_within_a_function_says_where(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_error err;
    assert_false(wb_session_exec(
        session, WB_STR("DO $$ BEGIN PERFORM 1; EXECUTE 'SELECT * FROM inner_nowhere'; END $$"),
        &err));
    assert_string_equal(err.sqlstate, "42P01");
    assert_int_equal(session->error_offset, SIZE_MAX);
    assert_non_null(strstr(err.detail, "SELECT * FROM inner_nowhere"));
    assert_non_null(strstr(err.detail, "line 1 at EXECUTE"));
}

static void change_database(const wb_tested_engine *engine, const char *database, wb_arena *arena,
                            wb_url *ret_url)
{
    wb_error err;
    wb_test_succeeded(wb_url_parse(engine->url, arena, ret_url, &err), &err);
    ret_url->database = database;
}

static void an_unknown_database_is_told_apart(void **state)
{
    WB_SCRATCH(arena);
    wb_url url = {0};
    change_database(wb_engine_of(state), "no_such_database", arena, &url);
    wb_session *session = NULL;
    wb_error err;
    assert_false(wb_session_open(&url, NULL, &session, &err));
    assert_int_equal(err.status, WB_E_CONNECT);
    assert_string_equal(err.sqlstate, "3D000");
    assert_non_null(strstr(err.message, "no_such_database"));
    assert_null(strstr(err.message, "FATAL"));
    assert_string_not_equal(err.hint, "");
}

static void a_missing_password_is_an_auth_error(void **state)
{
    WB_SCRATCH(arena);
    wb_url url = {0};
    change_database(wb_engine_of(state), "postgres", arena, &url);
    url.password = NULL;
    wb_url_parameter none = {.name = "passfile", .value = "/no/such/file"};
    WB_LIST_ADD(arena, &url.parameters, none);
    wb_session *session = NULL;
    wb_error err;
    assert_false(wb_session_open(&url, NULL, &session, &err));
    assert_int_equal(err.status, WB_E_AUTH);
    assert_non_null(strstr(err.hint, "PGPASSWORD"));
}

static void a_second_host_is_tried_when_the_first_refuses(void **state)
{
    WB_SCRATCH(arena);
    wb_url url = {0};
    change_database(wb_engine_of(state), "postgres", arena, &url);
    url.ports = wb_arena_printf(arena, "1,%s", url.ports);
    url.host = wb_arena_printf(arena, "%s,%s", url.host, url.host);
    WB_AUTO_SESSION(session);
    wb_error err;
    wb_test_succeeded(wb_session_open(&url, NULL, &session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT 1"), 1);
}

static void a_second_host_is_tried_when_the_first_is_silent(void **state)
{
    unsigned silent_port = 0;
    int fd = wb_test_bind_port(true, &silent_port);
    WB_SCRATCH(arena);
    wb_url url = {0};
    change_database(wb_engine_of(state), "postgres", arena, &url);
    url.ports = wb_arena_printf(arena, "%u,%s", silent_port, url.ports);
    url.host = wb_arena_printf(arena, "%s,%s", url.host, url.host);
    WB_AUTO_SESSION(session);
    wb_error err;
    const wb_connect_options options = {.timeout_ms = 1500};
    int64_t start_us = wb_clock_monotonic_us();
    wb_test_succeeded(wb_session_open(&url, &options, &session, &err), &err);
    assert_in_range(wb_clock_monotonic_us() - start_us, 1490000, 6000000);
    assert_int_equal(wb_test_number(session, "SELECT 1"), 1);
    (void) close(fd);
}

static bool check_name(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    assert_string_equal(wb_row_text(row, 0), arg);
    return true;
}

static void the_server_shows_the_name_of_the_session(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    char name[] = "whimbrel test";
    char encoding[] = "UTF8";
    wb_error err;
    wb_test_succeeded(
        wb_session_query(session, WB_STR("SHOW application_name"), NULL, 0, check_name, name, &err),
        &err);
    wb_test_succeeded(wb_session_query(session, WB_STR("SHOW client_encoding"), NULL, 0, check_name,
                                       encoding, &err),
                      &err);
}

static PGconn *connect_natively(const wb_tested_engine *engine, const wb_pq_library *pq)
{
    const char *const names[] = {"dbname", "client_encoding", NULL};
    const char *const values[] = {engine->url, "UTF8", NULL};
    PGconn *conn = pq->connect_start(names, values, 1);
    assert_non_null(conn);
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while (status != PGRES_POLLING_OK) {
        assert_int_not_equal(status, PGRES_POLLING_FAILED);
        wb_clock_sleep_ms(1);
        status = pq->connect_poll(conn);
    }
    return conn;
}

static void an_adopted_connection_stays_open_and_clean(void **state)
{
    const wb_pq_library *pq = NULL;
    wb_error err;
    wb_test_succeeded(wb_pq_library_load(&pq, &err), &err);
    PGconn *conn = connect_natively(wb_engine_of(state), pq);
    wb_session *session = NULL;
    wb_test_succeeded(wb_session_adopt(WB_ENGINE_POSTGRES, conn, &session, &err), &err);
    WB_AUTO_BUF(rows, 0);
    wb_test_succeeded(submit_kept_select(session, WB_STR("SELECT 1"), &rows, &err), &err);
    wb_test_succeeded(submit_kept_select(session, WB_STR("SELECT 2"), &rows, &err), &err);
    wb_session_close(session); /* takes the answers before it hands the connection back */
    assert_string_equal(wb_buf_text(&rows), "1;2;");
    assert_int_equal(pq->status(conn), CONNECTION_OK);
    assert_int_equal(pq->pipeline_status(conn), PQ_PIPELINE_OFF);
    assert_int_equal(pq->is_nonblocking(conn), 0);
    wb_test_succeeded(wb_session_adopt(WB_ENGINE_POSTGRES, conn, &session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM pg_prepared_statements"), 0);
    wb_session_close(session);
    pq->finish(conn);
}

/* Rows by the billion: stopping must not mean to read them all. */
static bool stop_at_once(void *arg, const wb_row *row, wb_error *err)
{
    (void) arg;
    (void) row;
    return wb_fail(err, WB_E_USAGE, "enough");
}

static void stopping_an_endless_query_does_not_take_forever(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    int64_t start_us = wb_clock_monotonic_us();
    wb_error err;
    assert_false(wb_session_query(session, WB_STR("SELECT generate_series(1, 1000000000)"), NULL, 0,
                                  stop_at_once, NULL, &err));
    assert_string_equal(err.message, "enough");
    assert_true(wb_clock_monotonic_us() - start_us < 10000000);
    assert_int_equal(wb_test_number(session, "SELECT 1"), 1);
}

static const wb_tested_error errors[] = {
    {"SELECT 1 FROM no_such_table", WB_E_QUERY, "42P01", "no_such_table"},
    {"SELECT '\xe6\x97\xa5\xe6\x9c\xac', no_such_column", WB_E_QUERY, "42703", "no_such_column"},
    {"SELECT '\xe6\x97\xa5' FROMM parent WHERE", WB_E_QUERY, "42601", "parent"},
    {"SELECT 1 +", WB_E_QUERY, "42601", NULL},
    {"INSERT INTO parent VALUES (1, 2)", WB_E_CONSTRAINT, "23505", NULL},
    {"INSERT INTO parent VALUES (2, NULL)", WB_E_CONSTRAINT, "23502", NULL},
    {"INSERT INTO parent VALUES (2, -1)", WB_E_CONSTRAINT, "23514", NULL},
    {"INSERT INTO child VALUES (2, 99)", WB_E_CONSTRAINT, "23503", NULL},
    {"DELETE FROM parent", WB_E_CONSTRAINT, "23503", NULL},
    {"SELECT 1 / 0", WB_E_QUERY, "22012", NULL},
    {"CREATE TABLE parent (id int)", WB_E_QUERY, "42P07", NULL},
};

int main(void)
{
    static const struct CMUnitTest own[] = {
        cmocka_unit_test(statements_that_refuse_a_transaction_can_be_waited_for),
        cmocka_unit_test(only_one_statement_is_taken),
        cmocka_unit_test(zero_bytes_are_refused),
        cmocka_unit_test(committing_a_failed_transaction_is_an_error),
        cmocka_unit_test(nothing_behind_a_failed_commit_is_run),
        cmocka_unit_test(a_failure_of_the_sync_itself_is_told),
        cmocka_unit_test(a_copy_that_came_as_a_statement_does_not_hang),
        cmocka_unit_test(kept_statements_outlive_a_discard),
        cmocka_unit_test(a_kept_statement_recovers_when_its_result_changes_shape),
        cmocka_unit_test(notices_reach_whoever_asks),
        cmocka_unit_test(a_statement_timeout_is_not_a_cancel),
        cmocka_unit_test(locks_and_conflicts_have_their_status),
        cmocka_unit_test(an_error_within_a_function_says_where),
        cmocka_unit_test(an_unknown_database_is_told_apart),
        cmocka_unit_test(a_missing_password_is_an_auth_error),
        cmocka_unit_test(a_second_host_is_tried_when_the_first_refuses),
        cmocka_unit_test(a_second_host_is_tried_when_the_first_is_silent),
        cmocka_unit_test(the_server_shows_the_name_of_the_session),
        cmocka_unit_test(an_adopted_connection_stays_open_and_clean),
        cmocka_unit_test(stopping_an_endless_query_does_not_take_forever),
    };
    wb_tested_engine engine = {
        .name = "postgres",
        .engine = WB_ENGINE_POSTGRES,
        .url_variable = "WB_TEST_POSTGRES_URL",
        .can = WB_CAN_TRANSACTIONAL_DDL | WB_CAN_SCHEMAS | WB_CAN_SESSION_LOCK | WB_CAN_COPY |
               WB_CAN_PIPELINE,
        .long_text = "TEXT",
        .sleep_sql = "SELECT pg_sleep(20)",
        .nap_sql = "SELECT pg_sleep(0.3)",
        .own_id_sql = "SELECT pg_backend_pid()",
        .kill_before = "SELECT pg_terminate_backend(",
        .kill_after = ")",
        .scheme = "postgresql",
        .errors = errors,
        .error_count = sizeof(errors) / sizeof(errors[0]),
        .own_tests = own,
        .own_test_count = sizeof(own) / sizeof(own[0]),
    };
    return wb_conformance_run(&engine);
}
