/* The driver as a whole: versions, and handles of the application. */
#include "maria_fixture.h"

static void the_version_is_one_number(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    char text[256];
    wb_str rest = wb_str_from(ask(session, "SELECT SUBSTRING_INDEX(VERSION(), '-', 1)", text));
    wb_str part;
    uint64_t wanted = 0;
    for (uint64_t number = 0; wb_str_split(&rest, '.', &part); wanted = wanted * 100 + number)
        assert_true(wb_str_to_u64(part, &number));
    assert_int_equal(session->version, wanted);
    assert_true(session->version > 50000);
    assert_memory_equal(session->version_text, text, 5);
    assert_int_equal(session->can, WB_CAN_SESSION_LOCK | WB_CAN_PIPELINE);
}

static void an_applications_handle_stays_open(void **state)
{
    (void) state;
    const wb_maria_library *library = NULL;
    MYSQL *handle = connect_as_application(&library, "utf8mb4", CLIENT_MULTI_STATEMENTS);
    wb_error err = {0};
    wb_session *session = NULL;
    assert_true(wb_session_adopt(WB_ENGINE_MARIADB, handle, &session, &err));
    assert_true((session->can & WB_CAN_PIPELINE) != 0);
    expect(session, "SELECT 1", "1");
    wb_session_close(session);
    assert_int_equal(library->real_query(handle, "DO 1", 4), 0);
    library->close(handle);
}

static void a_handle_without_multi_statements_sends_one_at_a_time(void **state)
{
    (void) state;
    const wb_maria_library *library = NULL;
    MYSQL *handle = connect_as_application(&library, "utf8mb4", 0);
    wb_error err = {0};
    wb_session *session = NULL;
    result results[2] = {0};
    assert_true(wb_session_adopt(WB_ENGINE_MARIADB, handle, &session, &err));
    assert_int_equal(session->can & WB_CAN_PIPELINE, 0);
    assert_true(submit(session, "SELECT 1", &results[0], &err));
    assert_true(submit(session, "SELECT 2", &results[1], &err));
    collect(session);
    assert_int_equal(session->round_trips, 2);
    assert_string_equal(results[0].rows, "1 ");
    assert_string_equal(results[1].rows, "2 ");
    wb_session_close(session);
    library->close(handle);
}

static void a_handle_that_is_not_utf8_is_refused(void **state)
{
    (void) state;
    const wb_maria_library *library = NULL;
    MYSQL *handle = connect_as_application(&library, "latin1", 0);
    wb_error err = {0};
    wb_session *session = NULL;
    assert_false(wb_session_adopt(WB_ENGINE_MARIADB, handle, &session, &err));
    assert_int_equal(err.status, WB_E_CONFIG);
    library->close(handle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_is_one_number),
        cmocka_unit_test(an_applications_handle_stays_open),
        cmocka_unit_test(a_handle_without_multi_statements_sends_one_at_a_time),
        cmocka_unit_test(a_handle_that_is_not_utf8_is_refused),
    };
    return run_with_server("mariadb driver", tests, COUNT_OF(tests));
}
