/* Queued statements. */
#include "conformance.h"

#include <stdio.h>
#include <unistd.h>

enum { MOST_ANSWERS = 64 };

/* The answers as they came: each statement's `arg` is an entry of a log that says which it was. */
typedef struct answer_log {
    unsigned count;
    unsigned order[MOST_ANSWERS];
    bool failed[MOST_ANSWERS];
    wb_status status;
    size_t offset;
} answer_log;

typedef struct answer_slot {
    answer_log *log;
    unsigned number;
} answer_slot;

static void log_answer(void *arg, const wb_answer *answer)
{
    const answer_slot *slot = arg;
    answer_log *log = slot->log;
    assert_true(log->count < MOST_ANSWERS);
    log->order[log->count] = slot->number;
    log->failed[log->count++] = answer->error != NULL;
    if (answer->error != NULL) {
        log->status = answer->error->status;
        log->offset = answer->error_offset;
    }
}

static void count_answer(void *arg, const wb_answer *answer)
{
    assert_null(answer->error);
    unsigned *count = arg;
    ++*count;
}

/* Memory of this process, in pages; 0 where that says nothing, since a sanitizer keeps what was
 * freed. */
static long resident_pages(void)
{
#ifdef __SANITIZE_ADDRESS__
    return 0;
#else
    FILE *file = fopen("/proc/self/statm", "re");
    long size = 0;
    long resident = 0;
    if (file == NULL)
        return 0;
    int count = fscanf(file, "%ld %ld", &size, &resident); /* NOLINT(cert-err34-c): the kernel's */
    (void) fclose(file);
    return count == 2 ? resident : 0;
#endif
}

static void ten_thousand_statements_run_in_bounded_memory(void **state)
{
    enum { STATEMENTS = 10000, PADDING = 4000 };
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "many");
    char padding[PADDING + 1];
    memset(padding, 'p', PADDING);
    padding[PADDING] = '\0';
    unsigned count = 0;
    wb_error err;
    const long before = resident_pages();
    long most = before;
    wb_test_succeeded(wb_session_begin(session, &err), &err);
    const char *nap = wb_engine_of(state)->nap_sql;
    if (nap != NULL)
        wb_test_succeeded(wb_session_submit_sql(session, wb_str_from(nap), &err), &err);
    for (int i = 0; i < STATEMENTS; i++) {
        WB_AUTO_BUF(sql, 0);
        wb_buf_printf(&sql, "INSERT INTO many VALUES (%d, '%s')", i, padding);
        const wb_request request = {.sql = wb_buf_str(&sql), .answer = count_answer, .arg = &count};
        wb_test_succeeded(wb_session_submit(session, &request, &err), &err);
        long now = i % 100 == 0 ? resident_pages() : 0;
        most = now > most ? now : most;
    }
    wb_test_succeeded(wb_session_commit(session, &err), &err);
    long grown_bytes = (most - before) * sysconf(_SC_PAGESIZE);
    assert_int_equal(count, STATEMENTS);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM many"), STATEMENTS);
    assert_true(grown_bytes < 16L * 1024 * 1024); /* of 40 MB that were sent */
    wb_test_exec(session, "DROP TABLE many");
}

static void many_large_answers_do_not_block_the_sender(void **state)
{
    enum { STATEMENTS = 300, ANSWER = 60000 };
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    char text[ANSWER + 1];
    memset(text, 't', ANSWER);
    text[ANSWER] = '\0';
    WB_AUTO_BUF(sql, 0);
    wb_buf_printf(&sql, "SELECT '%s'", text);
    unsigned count = 0;
    wb_error err;
    const wb_request request = {.sql = wb_buf_str(&sql), .answer = count_answer, .arg = &count};
    for (int i = 0; i < STATEMENTS; i++)
        wb_test_succeeded(wb_session_submit(session, &request, &err), &err);
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    assert_int_equal(count, STATEMENTS);
}

static void a_hundred_statements_share_round_trips(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "shared");
    uint64_t before = session->round_trips;
    wb_error err;
    wb_test_succeeded(wb_session_begin(session, &err), &err);
    for (int i = 0; i < 100; i++)
        wb_test_succeeded(wb_test_submit_insert(session, "shared", i, NULL, NULL, &err), &err);
    wb_test_succeeded(wb_session_commit(session, &err), &err);
    uint64_t used = session->round_trips - before;
    if ((session->can & WB_CAN_PIPELINE) != 0)
        assert_in_range(used, 1, 3);
    uint64_t before_one = session->round_trips;
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM shared"), 100);
    bool is_in_process = wb_engine_of(state)->engine == WB_ENGINE_SQLITE;
    assert_int_equal(session->round_trips - before_one, is_in_process ? 0 : 1);
    wb_test_exec(session, "DROP TABLE shared");
}

static void collecting_nothing_costs_nothing(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_error err;
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    assert_int_equal(session->round_trips, 0);
}

/* Queues inserts 1 to 9 of which the fifth fails, then collects. Gives whether all were taken. */
static bool queue_with_failure(wb_session *session, answer_log *log, answer_slot *slots,
                               wb_error *err)
{
    for (unsigned i = 1; i <= 9; i++) {
        slots[i] = (answer_slot){log, i};
        const wb_request broken = {.sql = WB_STR("INSERT INTO no_such_table VALUES (5)"),
                                   .answer = log_answer,
                                   .arg = &slots[i]};
        bool ok = i == 5 ? wb_session_submit(session, &broken, err)
                         : wb_test_submit_insert(session, "broken", i, log_answer, &slots[i], err);
        if (!ok)
            return false;
    }
    return wb_session_collect(session, err);
}

static void nothing_behind_a_failure_is_run(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "broken");
    answer_log log = {0};
    answer_slot slots[10];
    wb_error err;
    wb_test_succeeded(wb_session_begin(session, &err), &err);
    assert_false(queue_with_failure(session, &log, slots, &err));
    assert_int_equal(err.status, WB_E_QUERY);
    assert_non_null(strstr(err.message, "no_such_table"));
    assert_int_equal(log.count, 5);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(log.order[i], i + 1);
        assert_int_equal(log.failed[i], i == 4);
    }
    assert_int_equal(log.status, WB_E_QUERY);
    assert_int_equal(log.offset, session->error_offset);
    wb_test_succeeded(wb_session_rollback(session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM broken"), 0);
    wb_test_exec(session, "DROP TABLE broken");
}

static void nothing_behind_a_failure_is_run_outside_a_transaction(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "broken");
    answer_log log = {0};
    answer_slot slots[10];
    wb_error err;
    assert_false(queue_with_failure(session, &log, slots, &err));
    assert_int_equal(log.count, 5);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM broken WHERE id > 5"), 0);
    wb_test_succeeded(wb_test_submit_insert(session, "broken", 20, NULL, NULL, &err), &err);
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM broken WHERE id = 20"), 1);
    wb_test_exec(session, "DROP TABLE broken");
}

/* Transactions, each with its commit, share the queue; one of them fails. */
static void a_failed_transaction_in_the_queue_stops_those_behind_it(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "grouped");
    wb_error err;
    bool ok = true;
    for (int i = 1; i <= 5 && ok; i++) {
        int64_t id = i == 3 ? 1 : i; /* the third one's insert is a duplicate */
        ok = wb_session_begin(session, &err) &&
             wb_test_submit_insert(session, "grouped", id, NULL, NULL, &err) &&
             wb_session_submit_sql(session, WB_STR("COMMIT"), &err);
    }
    assert_false(ok && wb_session_collect(session, &err));
    assert_int_equal(err.status, WB_E_CONSTRAINT);
    wb_test_succeeded(wb_session_rollback(session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT sum(id) FROM grouped"), 3);
    wb_test_exec(session, "DROP TABLE grouped");
}

static void a_failure_shows_while_thousands_are_queued_behind_it(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "early");
    wb_error err;
    bool ok = wb_session_begin(session, &err) &&
              wb_session_submit_sql(session, WB_STR("INSERT INTO nowhere VALUES (1)"), &err);
    int submitted = 0;
    while (ok && submitted < 20000) {
        ok = wb_test_submit_insert(session, "early", submitted, NULL, NULL, &err);
        submitted += ok ? 1 : 0;
    }
    assert_false(ok);
    assert_true(submitted < 5000);
    assert_non_null(strstr(err.message, "nowhere"));
    wb_test_succeeded(wb_session_collect(session, &err), &err); /* there is nothing left */
    wb_test_succeeded(wb_session_rollback(session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM early"), 0);
    wb_test_exec(session, "DROP TABLE early");
}

static void queued_rows_come_in_the_order_of_their_statements(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "ordered");
    WB_AUTO_BUF(rows, 0);
    WB_AUTO_BUF(select, 0);
    wb_str sql = wb_test_placeholders(
        session, "SELECT id, name FROM ordered WHERE id < ? OR name = ? ORDER BY id", &select);
    wb_error err;
    for (int i = 1; i <= 4; i++) {
        const wb_value args[] = {wb_value_int(i), wb_value_text("none")};
        const wb_request read = {
            .sql = sql, .args = args, .arg_count = 2, .row = wb_test_add_row, .arg = &rows};
        wb_test_succeeded(wb_session_submit(session, &read, &err), &err);
        wb_test_succeeded(wb_test_submit_insert(session, "ordered", i, NULL, NULL, &err), &err);
    }
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    assert_string_equal(wb_buf_text(&rows), "1|row;1|row;2|row;1|row;2|row;3|row;");
    wb_test_exec(session, "DROP TABLE ordered");
}

static void a_query_comes_behind_what_is_queued(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "before_query");
    wb_error err;
    wb_test_succeeded(wb_test_submit_insert(session, "before_query", 1, NULL, NULL, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM before_query"), 1);
    bool queued = wb_session_submit_sql(
        session, WB_STR("INSERT INTO before_query VALUES (1, 'again')"), &err);
    bool asked = queued &&
                 wb_session_exec(session, WB_STR("INSERT INTO before_query VALUES (2, 'x')"), &err);
    assert_false(asked);
    assert_int_equal(err.status, WB_E_CONSTRAINT);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM before_query"), 1);
    wb_test_exec(session, "DROP TABLE before_query");
}

static bool refuse_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) arg;
    (void) row;
    return wb_fail(err, WB_E_CHECKSUM, "this row is refused");
}

static void a_row_callback_fails_its_queued_statement(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    answer_log log = {0};
    answer_slot first = {&log, 1};
    answer_slot second = {&log, 2};
    wb_error err;
    const wb_request refused = {
        .sql = WB_STR("SELECT 1"), .row = refuse_row, .answer = log_answer, .arg = &first};
    const wb_request behind = {.sql = WB_STR("SELECT 2"), .answer = log_answer, .arg = &second};
    bool ok = wb_session_submit(session, &refused, &err) &&
              wb_session_submit(session, &behind, &err) && wb_session_collect(session, &err);
    assert_false(ok);
    assert_int_equal(err.status, WB_E_CHECKSUM);
    assert_string_equal(err.message, "this row is refused");
    assert_int_equal(log.count, 1);
    assert_true(log.failed[0]);
    assert_int_equal(wb_test_number(session, "SELECT 3"), 3);
}

/* Inserts (id, name) by a statement that is kept. */
static bool submit_kept(wb_session *session, wb_str sql, int64_t id, const char *name,
                        wb_error *err)
{
    const wb_value args[] = {wb_value_int(id), wb_value_text(name)};
    const wb_request request = {.sql = sql, .args = args, .arg_count = 2, .keep = true};
    return wb_session_submit(session, &request, err);
}

static void a_kept_statement_works_again_and_again_and_after_failures(void **state)
{
    WB_AUTO_BUF(buf, 0); /* must live as long as the session */
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "kept");
    wb_str sql = wb_test_placeholders(session, "INSERT INTO kept VALUES (?, ?)", &buf);
    wb_error err;
    /* Skipped the first time: what was to be prepared was not. */
    bool ok = wb_session_submit_sql(session, WB_STR("INSERT INTO nowhere VALUES (1)"), &err) &&
              submit_kept(session, sql, 1, "skipped", &err) && wb_session_collect(session, &err);
    assert_false(ok);
    for (int i = 0; i < 1000; i++)
        wb_test_succeeded(submit_kept(session, sql, i, i % 2 == 0 ? "even" : NULL, &err), &err);
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    ok = submit_kept(session, sql, 7, "duplicate", &err) && wb_session_collect(session, &err);
    assert_false(ok);
    assert_int_equal(err.status, WB_E_CONSTRAINT);
    wb_test_succeeded(submit_kept(session, sql, 1000, "after", &err), &err);
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM kept"), 1001);
    assert_int_equal(wb_test_number(session, "SELECT count(name) FROM kept"), 501);
    wb_test_table(session, "kept"); /* another table of the same name */
    wb_test_succeeded(submit_kept(session, sql, 1, "new", &err), &err);
    wb_test_succeeded(wb_session_collect(session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM kept"), 1);
    wb_test_exec(session, "DROP TABLE kept");
}

static void a_kept_statement_that_is_wrong_fails_each_time(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    answer_log log = {0};
    answer_slot slot = {&log, 1};
    const wb_request request = {.sql = WB_STR("SELECT * FROM kept_nowhere"),
                                .answer = log_answer,
                                .arg = &slot,
                                .keep = true};
    wb_error err;
    for (unsigned i = 1; i <= 3; i++) {
        bool ok = wb_session_submit(session, &request, &err) && wb_session_collect(session, &err);
        assert_false(ok);
        assert_int_equal(err.status, WB_E_QUERY);
        assert_int_equal(log.count, i);
        assert_true(log.failed[i - 1]);
    }
}

static void a_session_can_be_closed_with_a_full_queue(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    wb_session *session = wb_test_open(engine);
    wb_test_table(session, "left_open");
    wb_error err;
    wb_test_succeeded(wb_session_begin(session, &err), &err);
    for (int i = 0; i < 500; i++)
        wb_test_succeeded(wb_test_submit_insert(session, "left_open", i, NULL, NULL, &err), &err);
    wb_session_close(session);
    session = wb_test_open(engine);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM left_open"), 0);
    wb_test_exec(session, "DROP TABLE left_open");
    wb_session_close(session);
}

const struct CMUnitTest *wb_conformance_queue_tests(size_t *ret_count)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_statements_run_in_bounded_memory),
        cmocka_unit_test(many_large_answers_do_not_block_the_sender),
        cmocka_unit_test(a_hundred_statements_share_round_trips),
        cmocka_unit_test(collecting_nothing_costs_nothing),
        cmocka_unit_test(nothing_behind_a_failure_is_run),
        cmocka_unit_test(nothing_behind_a_failure_is_run_outside_a_transaction),
        cmocka_unit_test(a_failed_transaction_in_the_queue_stops_those_behind_it),
        cmocka_unit_test(a_failure_shows_while_thousands_are_queued_behind_it),
        cmocka_unit_test(queued_rows_come_in_the_order_of_their_statements),
        cmocka_unit_test(a_query_comes_behind_what_is_queued),
        cmocka_unit_test(a_row_callback_fails_its_queued_statement),
        cmocka_unit_test(a_kept_statement_works_again_and_again_and_after_failures),
        cmocka_unit_test(a_kept_statement_that_is_wrong_fails_each_time),
        cmocka_unit_test(a_session_can_be_closed_with_a_full_queue),
    };
    *ret_count = sizeof(tests) / sizeof(tests[0]);
    return tests;
}
