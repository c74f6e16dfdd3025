#include "conformance.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SKIPPED = 77 };

const wb_tested_engine *wb_engine_of(void **state)
{
    return *state;
}

void wb_test_succeeded(bool ok, const wb_error *err)
{
    if (!ok)
        fail_msg("%s: %s [%s] %s %s", wb_status_name(err->status), err->message, err->sqlstate,
                 err->detail, err->hint);
}

static bool open_url(const char *text, const wb_connect_options *options, wb_session **ret,
                     wb_error *err)
{
    WB_SCRATCH(arena);
    wb_url url = {0};
    return wb_url_parse(text, arena, &url, err) && wb_session_open(&url, options, ret, err);
}

wb_session *wb_test_open(const wb_tested_engine *engine)
{
    wb_session *session = NULL;
    wb_error err;
    const wb_connect_options options = {.name = "whimbrel test"};
    wb_test_succeeded(open_url(engine->url, &options, &session, &err), &err);
    return session;
}

void wb_test_open_fails(const char *url, const wb_connect_options *options, wb_error *ret_error)
{
    wb_session *session = NULL;
    assert_false(open_url(url, options, &session, ret_error));
    assert_null(session);
}

void wb_test_exec(wb_session *session, const char *sql)
{
    wb_error err;
    wb_test_succeeded(wb_session_exec(session, wb_str_from(sql), &err), &err);
}

void wb_test_table(wb_session *session, const char *table)
{
    wb_error err;
    wb_test_succeeded(wb_session_execf(session, &err, "DROP TABLE IF EXISTS %s", table), &err);
    wb_test_succeeded(wb_session_execf(session, &err,
                                       "CREATE TABLE %s (id INTEGER PRIMARY KEY, name TEXT)",
                                       table),
                      &err);
}

static bool read_number(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    int64_t *number = arg;
    *number = wb_row_int(row, 0);
    return true;
}

int64_t wb_test_number(wb_session *session, const char *sql)
{
    int64_t number = -1;
    wb_error err;
    wb_test_succeeded(
        wb_session_query(session, wb_str_from(sql), NULL, 0, read_number, &number, &err), &err);
    return number;
}

bool wb_test_submit_insert(wb_session *session, const char *table, int64_t id, wb_answer_fn *answer,
                           void *arg, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    wb_buf_printf(&sql, "INSERT INTO %s VALUES (%lld, 'row')", table, (long long) id);
    const wb_request request = {.sql = wb_buf_str(&sql), .answer = answer, .arg = arg};
    return wb_session_submit(session, &request, err);
}

wb_str wb_test_placeholders(const wb_session *session, const char *sql, wb_buf *buf)
{
    unsigned number = 0;
    for (const char *c = sql; *c != '\0'; c++) {
        if (*c == '?')
            wb_session_placeholder(session, ++number, buf);
        else
            wb_buf_putc(buf, *c);
    }
    return wb_buf_str(buf);
}

bool wb_test_add_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    for (size_t i = 0; i < row->count; i++) {
        wb_buf_puts(arg, i > 0 ? "|" : "");
        wb_buf_puts(arg, wb_row_is_null(row, i) ? "NULL" : wb_row_text(row, i));
    }
    wb_buf_putc(arg, ';');
    return true;
}

int wb_test_bind_port(bool listening, unsigned *ret_port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    assert_int_equal(bind(fd, (struct sockaddr *) &address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *) &address, &size), 0);
    if (listening)
        assert_int_equal(listen(fd, 8), 0);
    *ret_port = ntohs(address.sin_port);
    return fd;
}

/* Is the engine named in the list? */
static bool is_required(const char *name)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets the environment */
    wb_str rest = wb_str_from(getenv("WB_REQUIRE"));
    wb_str part = {0};
    while (wb_str_split(&rest, ',', &part)) {
        if (wb_str_is(wb_str_trim(part), name))
            return true;
    }
    return false;
}

typedef WB_LIST(struct CMUnitTest) test_list;

static void add_tests(wb_arena *arena, test_list *list, const struct CMUnitTest *tests,
                      size_t count, wb_tested_engine *engine)
{
    for (size_t i = 0; i < count; i++) {
        struct CMUnitTest test = tests[i];
        test.initial_state = engine;
        WB_LIST_ADD(arena, list, test);
    }
}

static int run_suite(wb_tested_engine *engine)
{
    static const struct CMUnitTest *(*const parts[])(size_t * ret_count) = {
        wb_conformance_connect_tests, wb_conformance_rows_tests,   wb_conformance_transaction_tests,
        wb_conformance_queue_tests,   wb_conformance_cancel_tests, wb_conformance_lock_tests,
    };
    WB_SCRATCH(arena);
    test_list list = {0};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        size_t count = 0;
        const struct CMUnitTest *tests = parts[i](&count);
        add_tests(arena, &list, tests, count, engine);
    }
    add_tests(arena, &list, engine->own_tests, engine->own_test_count, engine);
    return _cmocka_run_group_tests(engine->name, list.items, list.count, NULL, NULL);
}

/* The engine that is a file: in a new folder, which is removed at the end. */
static int run_on_file(wb_tested_engine *engine)
{
    char folder[] = "/tmp/whimbrel-driver-XXXXXX";
    if (mkdtemp(folder) == NULL) {
        perror("mkdtemp");
        return 1;
    }
    char url[128];
    (void) snprintf(url, sizeof(url), "sqlite:%s/test.db", folder);
    engine->url = url;
    int failed = run_suite(engine);
    char path[128];
    (void) snprintf(path, sizeof(path), "%s/test.db", folder);
    (void) unlink(path);
    (void) rmdir(folder);
    return failed;
}

int wb_conformance_run(wb_tested_engine *engine)
{
    if (engine->url_variable == NULL)
        return run_on_file(engine);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets the environment */
    engine->url = getenv(engine->url_variable);
    if (engine->url != NULL && engine->url[0] != '\0')
        return run_suite(engine);
    (void) fprintf(stderr, "%s is not set\n", engine->url_variable);
    return is_required(engine->name) ? 1 : SKIPPED;
}
