/* Connecting to a real server, and failing to. */
#include "base/file.h"
#include "maria_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

static void opening_costs_no_round_trip_of_a_statement(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    char queries[256];
    assert_int_equal(session->round_trips, 0);
    /* The server counts this statement itself. */
    (void) ask(session,
               "SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS "
               "WHERE VARIABLE_NAME = 'QUESTIONS'",
               queries);
    assert_string_equal(queries, "1");
}

static void the_server_shows_the_programs_name(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(session);
    wb_error err = {0};
    wb_url url = server(arena);
    wb_connect_options options = {.name = "whimbrel test"};
    assert_true(wb_session_open(&url, &options, &session, &err));
    expect(session,
           "SELECT ATTR_VALUE FROM performance_schema.session_connect_attrs WHERE ATTR_NAME = "
           "'program_name' AND PROCESSLIST_ID = CONNECTION_ID()",
           "whimbrel test");
    expect(session, "SELECT @@character_set_client", "utf8mb4");
}

static void a_refused_password_is_an_auth_error_that_does_not_tell_it(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_error err;
    wb_url url = server(arena);
    url.password = "wrong-secret-word";
    expect_no_session(&url, WB_E_AUTH, &err);
    assert_int_equal(err.native_code, 1045);
    assert_null(strstr(err.message, "wrong-secret-word"));
    assert_null(strstr(err.detail, "wrong-secret-word"));
    assert_null(strstr(err.hint, "wrong-secret-word"));
    assert_true(err.hint[0] != '\0');
}

static void what_cannot_be_reached_is_a_connect_error(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_error err;
    wb_url url = server(arena);
    url.database = "no_such_database";
    expect_no_session(&url, WB_E_CONNECT, &err);
    assert_non_null(strstr(err.hint, "Create the database"));
    url = server(arena);
    url.ports = "1";
    expect_no_session(&url, WB_E_CONNECT, &err);
    assert_non_null(strstr(err.message, "127.0.0.1:1"));
    url = server(arena);
    url.host = "no-such-host.invalid";
    expect_no_session(&url, WB_E_CONNECT, &err);
    url = server(arena);
    url.socket = "/nowhere/mysqld.sock";
    expect_no_session(&url, WB_E_CONNECT, &err);
    assert_non_null(strstr(err.message, "/nowhere/mysqld.sock"));
}

static void a_host_called_localhost_is_reached_by_its_port(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(session);
    wb_url url = server(arena);
    if (strcmp(url.host, "127.0.0.1") != 0)
        skip();
    url.host = "localhost";
    session = open_url(&url);
    expect(session, "SELECT 1", "1");
}

static void the_socket_is_used_where_it_is_given(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(session);
    const char *text = read_environment("WB_TEST_MARIADB_SOCKET_URL");
    if (text == NULL)
        skip();
    wb_url url = parse_url(arena, text);
    session = open_url(&url);
    expect(session,
           "SELECT SUBSTRING_INDEX(HOST, ':', 1) FROM information_schema.PROCESSLIST "
           "WHERE ID = CONNECTION_ID()",
           "localhost");
}

static void tls_is_as_the_url_says(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    const char *authority = read_environment("WB_TEST_MARIADB_CA");
    if (authority == NULL)
        skip();
    const char *certificate =
        wb_path_join(arena, wb_path_parent(arena, authority), "server.crt"); /* not an authority */
    const struct {
        const char *mode;
        const char *authority;
        const char *host;
        bool is_encrypted;
        bool is_refused;
    } cases[] = {
        {NULL, NULL, "127.0.0.1", true, false},
        {"disabled", NULL, "127.0.0.1", false, false},
        {"preferred", NULL, "127.0.0.1", true, false},
        {"required", NULL, "127.0.0.1", true, false},
        {"VERIFY_CA", authority, "127.0.0.1", true, false},
        {"verify_identity", authority, "127.0.0.1", true, false},
        {NULL, authority, "127.0.0.1", true, false},
        {NULL, authority, "127.1", true, false}, /* the certificate does not name it */
        {"verify_ca", authority, "127.1", true, false},
        {"verify_identity", authority, "127.1", true, true},
        {"verify_ca", certificate, "127.0.0.1", true, true},
        {NULL, certificate, "127.0.0.1", true, true},
        {"verify_identity", NULL, "127.0.0.1", true, true}, /* unknown to the system */
        {"verify_ca", "/nowhere/ca.crt", "127.0.0.1", true, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        wb_error err = {0};
        WB_AUTO_SESSION(session);
        wb_url url = server(arena);
        url.host = cases[i].host;
        if (cases[i].mode != NULL)
            add_parameter(&url, arena, "ssl_mode", cases[i].mode);
        if (cases[i].authority != NULL)
            add_parameter(&url, arena, "ssl_ca", cases[i].authority);
        bool is_open = wb_session_open(&url, NULL, &session, &err);
        if (is_open == cases[i].is_refused)
            fail_msg("case %zu: %s", i, is_open ? "was let in" : err.message);
        if (!is_open) {
            assert_int_equal(err.status, WB_E_CONNECT);
            continue;
        }
        expect(session,
               "SELECT VARIABLE_VALUE <> '' FROM information_schema.SESSION_STATUS WHERE "
               "VARIABLE_NAME = 'SSL_CIPHER'",
               cases[i].is_encrypted ? "1" : "0");
    }
}

static void what_a_url_may_not_say_is_refused(void **state)
{
    (void) state;
    static const struct {
        const char *name;
        const char *value;
    } cases[] = {
        {"ssl_mod", "required"},   {"ssl_mode", "maybe"},    {"charset", "latin1"},
        {"connect_timeout", "x"},  {"connect_timeout", "0"}, {"ssl_verify_cert", "perhaps"},
        {"ssl_mode", "verify_ca"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_error err;
        wb_url url = server(arena);
        add_parameter(&url, arena, cases[i].name, cases[i].value);
        expect_no_session(&url, WB_E_CONFIG, &err);
        assert_true(err.hint[0] != '\0');
    }
}

/* A server that takes connections and says nothing. */
static int listen_silently(char ret_port[16])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *) &address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *) &address, &length), 0);
    (void) snprintf(ret_port, 16, "%u", (unsigned) ntohs(address.sin_port));
    return fd;
}

static void a_silent_server_is_given_up(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    char port[16];
    int fd = listen_silently(port);
    wb_error err = {0};
    wb_session *session = NULL;
    wb_url url = server(arena);
    url.host = "127.0.0.1";
    url.ports = port;
    wb_connect_options options = {.timeout_ms = 1000};
    int64_t before_us = wb_clock_monotonic_us();
    assert_false(wb_session_open(&url, &options, &session, &err));
    assert_int_equal(err.status, WB_E_CONNECT);
    assert_true(wb_clock_monotonic_us() - before_us < INT64_C(5000000));
    (void) close(fd);
}

static void *set_after_a_moment(void *arg)
{
    wb_clock_sleep_ms(100);
    atomic_store((atomic_bool *) arg, true);
    return NULL;
}

static void connecting_can_be_cancelled(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    char port[16];
    int fd = listen_silently(port);
    wb_error err = {0};
    wb_session *session = NULL;
    pthread_t thread;
    atomic_bool cancelled = false;
    wb_url url = server(arena);
    url.host = "127.0.0.1";
    url.ports = port;
    wb_connect_options options = {.timeout_ms = 20000, .cancelled = &cancelled};
    int64_t before_us = wb_clock_monotonic_us();
    assert_int_equal(pthread_create(&thread, NULL, set_after_a_moment, &cancelled), 0);
    assert_false(wb_session_open(&url, &options, &session, &err));
    (void) pthread_join(thread, NULL);
    assert_int_equal(err.status, WB_E_CANCELLED);
    assert_true(wb_clock_monotonic_us() - before_us < INT64_C(5000000));
    (void) close(fd);
    atomic_store(&cancelled, false);
    url = server(arena);
    assert_true(wb_session_open(&url, &options, &session, &err));
    expect(session, "SELECT 1", "1");
    wb_session_close(session);
}

static void a_local_file_is_never_sent(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    exec(session, "CREATE OR REPLACE TABLE loaded (line TEXT)");
    assert_false(wb_session_exec(
        session, WB_STR("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE loaded"), &err));
    exec(session, "DROP TABLE loaded");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_costs_no_round_trip_of_a_statement),
        cmocka_unit_test(the_server_shows_the_programs_name),
        cmocka_unit_test(a_refused_password_is_an_auth_error_that_does_not_tell_it),
        cmocka_unit_test(what_cannot_be_reached_is_a_connect_error),
        cmocka_unit_test(a_host_called_localhost_is_reached_by_its_port),
        cmocka_unit_test(the_socket_is_used_where_it_is_given),
        cmocka_unit_test(tls_is_as_the_url_says),
        cmocka_unit_test(what_a_url_may_not_say_is_refused),
        cmocka_unit_test(a_silent_server_is_given_up),
        cmocka_unit_test(connecting_can_be_cancelled),
        cmocka_unit_test(a_local_file_is_never_sent),
    };
    return run_with_server("mariadb connect", tests, COUNT_OF(tests));
}
