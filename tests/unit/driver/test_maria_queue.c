/* Queueing: what shares a round trip, and what must not. */
#include "maria_fixture.h"

static void many_statements_share_one_round_trip(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    result results[300] = {0};
    exec(session, "CREATE OR REPLACE TABLE many (n INT)");
    uint64_t before = session->round_trips;
    for (size_t i = 0; i < 300; i++)
        queue(session, "INSERT INTO many VALUES (1), (2)", &results[i]);
    assert_int_equal(session->round_trips, before);
    collect(session);
    assert_int_equal(session->round_trips, before + 1);
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(results[i].answers, 1);
        assert_int_equal(results[i].affected, 2);
    }
    expect(session, "SELECT COUNT(*) FROM many", "600");
}

static void reads_share_a_packet_with_their_rows(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    result results[3] = {0};
    uint64_t before = session->round_trips;
    assert_true(submit(session, "SELECT 1", &results[0], &err));
    assert_true(submit(session, "SHOW TABLES LIKE 'none'", &results[1], &err));
    assert_true(submit(session, "SELECT 2 UNION SELECT 3", &results[2], &err));
    collect(session);
    assert_int_equal(session->round_trips, before + 1);
    assert_string_equal(results[0].rows, "1 ");
    assert_string_equal(results[1].rows, "");
    assert_string_equal(results[2].rows, "2 3 ");
}

static void a_comment_at_the_end_swallows_nothing(void **state)
{
    (void) state;
    static const char *const endings[] = {"-- one", "# one",      "--",    "/* one */",
                                          "-- ;",   "/* ; */ #;", "\n--\n"};
    WB_AUTO_SESSION(session);
    session = open_session();
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        char sql[64];
        result first = {0};
        result second = {0};
        wb_error err = {0};
        (void) snprintf(sql, sizeof(sql), "SELECT 1 %s", endings[i]);
        uint64_t before = session->round_trips;
        assert_true(submit(session, sql, &first, &err));
        assert_true(submit(session, "SELECT 2", &second, &err));
        collect(session);
        assert_string_equal(first.rows, "1 ");
        assert_string_equal(second.rows, "2 ");
        assert_int_equal(session->round_trips, before + 1);
    }
}

static void what_is_not_closed_travels_alone(void **state)
{
    (void) state;
    static const char *const texts[] = {"SELECT 'open",      "SELECT \"open",
                                        "SELECT `open",      "SELECT 1 /* open",
                                        "SELECT 1 /*! open", "SELECT 1 /*M!100100 + 1 "};
    WB_AUTO_SESSION(session);
    session = open_session();
    exec(session, "CREATE OR REPLACE TABLE guarded (n INT)");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        wb_error err = {0};
        result first = {0};
        result second = {0};
        /* Together the two would close each other. */
        bool is_fine =
            submit(session, texts[i], &first, &err) &&
            submit(session, "INSERT INTO guarded VALUES (1) /* ' \" ` */", &second, &err) &&
            wb_session_collect(session, &err);
        assert_false(is_fine);
        assert_int_equal(first.answers, 1);
        assert_int_equal(second.answers, 0);
    }
    expect(session, "SELECT COUNT(*) FROM guarded", "0");
}

static void bodies_of_routines_share_a_packet(void **state)
{
    (void) state;
    static const char *const statements[] = {
        "CREATE OR REPLACE TABLE body (n INT)",
        "CREATE OR REPLACE PROCEDURE body_add() BEGIN INSERT INTO body VALUES (1); "
        "IF 1 THEN INSERT INTO body VALUES (2); END IF; END",
        "CREATE OR REPLACE TRIGGER body_trigger BEFORE INSERT ON body FOR EACH ROW\n"
        "BEGIN SET NEW.n = NEW.n + 10; SET NEW.n = NEW.n + 100; END",
        "CREATE OR REPLACE FUNCTION body_one() RETURNS INT DETERMINISTIC RETURN 1",
        "INSERT INTO body VALUES (body_one())",
    };
    WB_AUTO_SESSION(session);
    session = open_session();
    result results[5] = {0};
    uint64_t before = session->round_trips;
    for (size_t i = 0; i < 5; i++)
        queue(session, statements[i], &results[i]);
    collect(session);
    assert_int_equal(session->round_trips, before + 1);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(results[i].answers, 1);
    exec(session, "CALL body_add()");
    expect(session, "SELECT GROUP_CONCAT(n ORDER BY n) FROM body", "111,111,112");
}

static bool refuse_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) arg;
    (void) row;
    return wb_fail(err, WB_E_LEDGER, "not this row");
}

static void a_refused_row_keeps_a_change_behind_it_from_running(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    result behind = {0};
    exec(session, "CREATE OR REPLACE TABLE refused (n INT)");
    wb_request request = {.sql = WB_STR("SELECT seq FROM seq_1_to_1000"), .row = refuse_row};
    assert_true(wb_session_submit(session, &request, &err));
    wb_request change = {
        .sql = WB_STR("DROP TABLE refused"), .answer = keep_answer, .arg = &behind};
    assert_false(wb_session_submit(session, &change, &err) && wb_session_collect(session, &err));
    assert_int_equal(err.status, WB_E_LEDGER);
    assert_int_equal(behind.answers, 0);
    expect(session, "SELECT COUNT(*) FROM refused", "0");
}

static bool compare_bytes(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    const wb_str *wanted = arg;
    assert_int_equal(row->count, 2);
    assert_int_equal(row->cells[0].len, wanted->len);
    assert_memory_equal(row->cells[0].ptr, wanted->ptr, wanted->len);
    assert_string_equal(row->cells[1].ptr, "?'");
    return true;
}

static void arguments_arrive_as_they_are_in_every_sql_mode(void **state)
{
    (void) state;
    static const char *const modes[] = {"", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES",
                                        "NO_BACKSLASH_ESCAPES,ANSI_QUOTES", "ORACLE"};
    static const wb_str texts[] = {
        {"plain", 5},         {"", 0},          {"it's", 4},    {"back\\slash", 10},
        {"\\'; DROP", 8},     {"nul\0byte", 8}, {"\"`?#--", 6}, {"\xf0\x9f\xa6\x86\xc3\xa4", 6},
        {"line\nline\r", 10}, {"\\", 1},        {"'", 1},
    };
    WB_AUTO_SESSION(session);
    session = open_session();
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        wb_error err = {0};
        assert_true(wb_session_execf(session, &err, "SET sql_mode = '%s'", modes[i]));
        for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
            wb_str wanted = texts[j];
            wb_value arg = wb_value_str(wanted);
            if (wanted.len == 0 && i == 4)
                continue; /* ORACLE takes an empty text for NULL in places */
            if (!wb_session_query(session, WB_STR("SELECT ?, '?'''"), &arg, 1, compare_bytes,
                                  &wanted, &err))
                fail_msg("%s", err.message);
        }
    }
}

static void a_mode_set_in_the_queue_counts_for_what_follows(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    result results[3] = {0};
    /* Read with the wrong mode, the first text would be open and take the second along. */
    queue(session, "SET sql_mode = 'NO_BACKSLASH_ESCAPES'", &results[0]);
    assert_true(submit(session, "SELECT 'one\\'", &results[1], &err));
    assert_true(submit(session, "SELECT 'two\\'", &results[2], &err));
    collect(session);
    assert_string_equal(results[1].rows, "one\\ ");
    assert_string_equal(results[2].rows, "two\\ ");
}

static void numbers_and_nulls_arrive(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    char got[256];
    wb_error err = {0};
    const wb_value args[] = {wb_value_int(INT64_MIN), wb_value_int(INT64_MAX), wb_value_null(),
                             wb_value_int(-1)};
    assert_true(wb_session_query(session,
                                 WB_STR("SELECT CONCAT(?, ' ', ?, ' ', ? IS NULL, ' ', 1-?)"), args,
                                 4, keep_text, got, &err));
    assert_string_equal(got, "-9223372036854775808 9223372036854775807 1 2");
}

static void a_wrong_number_of_arguments_is_refused(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    result before = {0};
    const wb_value args[] = {wb_value_int(1), wb_value_int(2)};
    queue(session, "DO 1", &before);
    wb_request request = {
        .sql = WB_STR("SELECT ?, '?', /* ? */ 1 -- ?"), .args = args, .arg_count = 2};
    assert_false(wb_session_submit(session, &request, &err));
    assert_int_equal(err.status, WB_E_USAGE);
    assert_int_equal(before.answers, 1);
    request.arg_count = 1;
    assert_true(wb_session_submit(session, &request, &err));
    collect(session);
}

static void a_text_near_the_servers_limit_arrives_and_one_above_is_named(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    char limit[256];
    char got[256];
    size_t bytes = (size_t) strtoull(ask(session, "SELECT @@max_allowed_packet", limit), NULL, 10);
    char *text = malloc(bytes);
    memset(text, 'x', bytes);
    wb_value fits = wb_value_str(wb_str_make(text, bytes - 64));
    assert_true(
        wb_session_query(session, WB_STR("SELECT LENGTH(?)"), &fits, 1, keep_text, got, &err));
    assert_int_equal(strtoull(got, NULL, 10), bytes - 64);
    wb_value over = wb_value_str(wb_str_make(text, bytes));
    assert_false(
        wb_session_query(session, WB_STR("SELECT LENGTH(?)"), &over, 1, keep_text, got, &err));
    assert_int_equal(err.status, WB_E_QUERY);
    assert_non_null(strstr(err.hint, "max_allowed_packet"));
    expect(session, "SELECT 1", "1");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_statements_share_one_round_trip),
        cmocka_unit_test(reads_share_a_packet_with_their_rows),
        cmocka_unit_test(a_comment_at_the_end_swallows_nothing),
        cmocka_unit_test(what_is_not_closed_travels_alone),
        cmocka_unit_test(bodies_of_routines_share_a_packet),
        cmocka_unit_test(a_refused_row_keeps_a_change_behind_it_from_running),
        cmocka_unit_test(arguments_arrive_as_they_are_in_every_sql_mode),
        cmocka_unit_test(a_mode_set_in_the_queue_counts_for_what_follows),
        cmocka_unit_test(numbers_and_nulls_arrive),
        cmocka_unit_test(a_wrong_number_of_arguments_is_refused),
        cmocka_unit_test(a_text_near_the_servers_limit_arrives_and_one_above_is_named),
    };
    return run_with_server("mariadb queue", tests, COUNT_OF(tests));
}
