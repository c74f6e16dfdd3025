/* What the tests of the MariaDB driver share: a server, named by WB_TEST_MARIADB_URL
 * (tests/support/servers/mariadb.sh starts one), and a new database for each program. Without a
 * server a program ends with 77 (skipped), unless WB_REQUIRE names the engine. */
#ifndef WB_TESTS_UNIT_DRIVER_MARIA_FIXTURE_H
#define WB_TESTS_UNIT_DRIVER_MARIA_FIXTURE_H

#include "../../support/test.h"
#include "base/clock.h"
#include "driver/driver.h"
#include "driver/mariadb/maria_library.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *server_url;
static char database[64];

static inline wb_url parse_url(wb_arena *arena, const char *text)
{
    wb_url url;
    wb_error err = {0};
    if (!wb_url_parse(text, arena, &url, &err))
        fail_msg("%s", err.message);
    return url;
}

static inline wb_url server(wb_arena *arena)
{
    wb_url url = parse_url(arena, server_url);
    url.database = database;
    return url;
}

static inline void add_parameter(wb_url *url, wb_arena *arena, const char *name, const char *value)
{
    wb_url_parameter parameter = {name, value};
    WB_LIST_ADD(arena, &url->parameters, parameter);
}

static inline wb_session *open_url(const wb_url *url)
{
    wb_session *session = NULL;
    wb_error err = {0};
    if (!wb_session_open(url, NULL, &session, &err))
        fail_msg("%s", err.message);
    return session;
}

static inline wb_session *open_session(void)
{
    WB_SCRATCH(arena);
    wb_url url = server(arena);
    return open_url(&url);
}

static inline void expect_no_session(const wb_url *url, wb_status status, wb_error *err)
{
    wb_session *session = NULL;
    *err = (wb_error){0};
    assert_false(wb_session_open(url, NULL, &session, err));
    assert_string_equal(wb_status_name(err->status), wb_status_name(status));
    assert_null(session);
}

static inline void exec(wb_session *session, const char *sql)
{
    wb_error err = {0};
    if (!wb_session_exec(session, wb_str_from(sql), &err))
        fail_msg("%s: %s", sql, err.message);
}

static inline void collect(wb_session *session)
{
    wb_error err = {0};
    if (!wb_session_collect(session, &err))
        fail_msg("%s", err.message);
}

static inline bool keep_text(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    (void) snprintf(arg, 256, "%s", wb_row_is_null(row, 0) ? "NULL" : wb_row_text(row, 0));
    return true;
}

/* The first cell of the last row. */
static inline const char *ask(wb_session *session, const char *sql, char ret_text[256])
{
    wb_error err = {0};
    ret_text[0] = '\0';
    if (!wb_session_query(session, wb_str_from(sql), NULL, 0, keep_text, ret_text, &err))
        fail_msg("%s: %s", sql, err.message);
    return ret_text;
}

static inline void expect(wb_session *session, const char *sql, const char *text)
{
    char got[256];
    assert_string_equal(ask(session, sql, got), text);
}

/* What a queued statement came to. */
typedef struct result {
    uint64_t affected;
    size_t error_offset;
    int answers;
    bool has_failed;
    char rows[256]; /* first cells, each followed by a blank */
} result;

static inline bool add_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    result *to = arg;
    size_t used = strlen(to->rows);
    (void) snprintf(to->rows + used, sizeof(to->rows) - used, "%s ", wb_row_text(row, 0));
    return true;
}

static inline void keep_answer(void *arg, const wb_answer *answer)
{
    result *to = arg;
    to->answers++;
    to->affected = answer->rows_affected;
    to->has_failed = answer->error != NULL;
    to->error_offset = answer->error_offset;
}

static inline bool submit(wb_session *session, const char *sql, result *to, wb_error *err)
{
    wb_request request = {
        .sql = wb_str_from(sql), .row = add_row, .answer = keep_answer, .arg = to};
    return wb_session_submit(session, &request, err);
}

/* As submit, without a row function, so that anything may ride behind it. */
static inline void queue(wb_session *session, const char *sql, result *to)
{
    wb_error err = {0};
    wb_request request = {.sql = wb_str_from(sql), .answer = keep_answer, .arg = to};
    if (!wb_session_submit(session, &request, &err))
        fail_msg("%s: %s", sql, err.message);
}

static inline void wait_until(wb_session *session, const char *sql)
{
    char got[256];
    for (int i = 0; i < 2000; i++) {
        if (strcmp(ask(session, sql, got), "1") == 0)
            return;
        wb_clock_sleep_ms(5);
    }
    fail_msg("%s never gave 1", sql);
}

/* A handle that the library did not make. */
static inline MYSQL *connect_as_application(const wb_maria_library **ret_library,
                                            const char *charset, unsigned long flags)
{
    WB_SCRATCH(arena);
    wb_error err = {0};
    wb_url url = server(arena);
    assert_true(wb_maria_library_load(ret_library, &err));
    MYSQL *handle = (*ret_library)->init(NULL);
    (void) (*ret_library)->options(handle, MYSQL_SET_CHARSET_NAME, charset);
    assert_non_null((*ret_library)
                        ->real_connect(handle, url.host, url.user, url.password, database,
                                       (unsigned) strtoul(url.ports, NULL, 10), NULL, flags));
    return handle;
}

static inline int make_database(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_url url = parse_url(arena, server_url);
    wb_error err = {0};
    WB_AUTO_SESSION(session);
    (void) snprintf(database, sizeof(database), "wb_driver_%ld", (long) getpid());
    return wb_session_open(&url, NULL, &session, &err) &&
                   wb_session_execf(session, &err, "DROP DATABASE IF EXISTS `%s`", database) &&
                   wb_session_execf(session, &err, "CREATE DATABASE `%s`", database)
               ? 0
               : -1;
}

static inline int drop_database(void **state)
{
    (void) state;
    WB_AUTO_SESSION(session);
    session = open_session();
    wb_error err = {0};
    return wb_session_execf(session, &err, "DROP DATABASE `%s`", database) ? 0 : -1;
}

/* NOLINTBEGIN(concurrency-mt-unsafe): nothing changes the environment */
static inline const char *read_environment(const char *name)
{
    return getenv(name);
}
/* NOLINTEND(concurrency-mt-unsafe) */

static inline int run_with_server(const char *name, const struct CMUnitTest *tests, size_t count)
{
    const char *required = read_environment("WB_REQUIRE");
    server_url = read_environment("WB_TEST_MARIADB_URL");
    if (server_url != NULL && server_url[0] != '\0')
        return _cmocka_run_group_tests(name, tests, count, make_database, drop_database);
    (void) fprintf(stderr, "WB_TEST_MARIADB_URL is not set\n");
    return required != NULL && strstr(required, "mariadb") != NULL ? 1 : 77;
}

#endif
