/* Connecting, and what a session says about itself. */
#include "base/clock.h"
#include "conformance.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void opening_and_closing_works_again_and_again(void **state)
{
    for (int i = 0; i < 5; i++)
        wb_session_close(wb_test_open(wb_engine_of(state)));
}

static void a_session_states_its_version_and_its_capabilities(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    assert_string_equal(session->driver->name, engine->name);
    assert_int_equal(session->driver->engine, engine->engine);
    assert_int_equal(session->dialect->id, session->driver->dialect);
    assert_int_equal(session->can, engine->can);
    unsigned major = session->version / (engine->engine == WB_ENGINE_SQLITE ? 1000000 : 10000);
    char text[16];
    (void) snprintf(text, sizeof(text), "%u.", major);
    assert_true(wb_str_has_prefix(wb_str_from(session->version_text), wb_str_from(text)));
    assert_false(session->lost);
}

static void connecting_costs_no_round_trip_of_the_session(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    assert_int_equal(session->round_trips, 0);
}

static void an_unknown_parameter_is_named(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_SCRATCH(arena);
    wb_url url = {0};
    wb_error err;
    wb_test_succeeded(wb_url_parse(engine->url, arena, &url, &err), &err);
    wb_url_parameter odd = {.name = "no_such_parameter", .value = "1"};
    WB_LIST_ADD(arena, &url.parameters, odd);
    wb_session *session = NULL;
    assert_false(wb_session_open(&url, NULL, &session, &err));
    assert_int_equal(err.status, WB_E_CONFIG);
    assert_non_null(strstr(err.message, "no_such_parameter"));
}

static void a_wrong_password_is_an_auth_error_without_the_password(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if (engine->scheme == NULL)
        return;
    WB_SCRATCH(arena);
    wb_url url = {0};
    wb_error err;
    wb_test_succeeded(wb_url_parse(engine->url, arena, &url, &err), &err);
    url.password = "not-the-secret";
    wb_session *session = NULL;
    assert_false(wb_session_open(&url, NULL, &session, &err));
    assert_int_equal(err.status, WB_E_AUTH);
    assert_memory_equal(err.sqlstate, "28", 2);
    assert_null(strstr(err.message, "not-the-secret"));
    assert_null(strstr(err.detail, "not-the-secret"));
}

static void an_absent_server_is_a_connect_error(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if (engine->scheme == NULL)
        return;
    unsigned port = 0;
    int fd = wb_test_bind_port(false, &port);
    char url[128];
    (void) snprintf(url, sizeof(url), "%s://u:secret-word@127.0.0.1:%u/d", engine->scheme, port);
    wb_error err;
    wb_test_open_fails(url, NULL, &err);
    (void) close(fd);
    assert_int_equal(err.status, WB_E_CONNECT);
    assert_string_not_equal(err.message, "");
    assert_null(strstr(err.message, "secret-word"));
    assert_null(strstr(err.detail, "secret-word"));
}

static void a_silent_server_is_given_up_in_time(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if (engine->scheme == NULL)
        return;
    unsigned port = 0;
    int fd = wb_test_bind_port(true, &port);
    char url[128];
    (void) snprintf(url, sizeof(url), "%s://u:p@127.0.0.1:%u/d", engine->scheme, port);
    int64_t start_us = wb_clock_monotonic_us();
    wb_error err;
    wb_test_open_fails(url, &(wb_connect_options){.timeout_ms = 1000}, &err);
    (void) close(fd);
    int64_t took_us = wb_clock_monotonic_us() - start_us;
    assert_int_equal(err.status, WB_E_CONNECT);
    assert_in_range(took_us, 500000, 4000000);
}

static void *set_flag_soon(void *arg)
{
    wb_clock_sleep_ms(100);
    atomic_store((atomic_bool *) arg, true);
    return NULL;
}

static void connecting_can_be_cancelled(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    if (engine->scheme == NULL)
        return;
    unsigned port = 0;
    int fd = wb_test_bind_port(true, &port);
    char url[128];
    (void) snprintf(url, sizeof(url), "%s://u:p@127.0.0.1:%u/d", engine->scheme, port);
    atomic_bool flag = false;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, set_flag_soon, &flag), 0);
    wb_error err;
    wb_test_open_fails(url, &(wb_connect_options){.timeout_ms = 5000, .cancelled = &flag}, &err);
    assert_int_equal(pthread_join(thread, NULL), 0);
    (void) close(fd);
    assert_int_equal(err.status, WB_E_CANCELLED);
}

const struct CMUnitTest *wb_conformance_connect_tests(size_t *ret_count)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_and_closing_works_again_and_again),
        cmocka_unit_test(a_session_states_its_version_and_its_capabilities),
        cmocka_unit_test(connecting_costs_no_round_trip_of_the_session),
        cmocka_unit_test(an_unknown_parameter_is_named),
        cmocka_unit_test(a_wrong_password_is_an_auth_error_without_the_password),
        cmocka_unit_test(an_absent_server_is_a_connect_error),
        cmocka_unit_test(a_silent_server_is_given_up_in_time),
        cmocka_unit_test(connecting_can_be_cancelled),
    };
    *ret_count = sizeof(tests) / sizeof(tests[0]);
    return tests;
}
