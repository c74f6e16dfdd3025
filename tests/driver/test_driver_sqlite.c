/* The conformance suite on SQLite, and what only SQLite has. */
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "conformance.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A session on a file in the folder of the suite's own database, by another name. */
static void path_beside(const wb_tested_engine *engine, const char *name, char *ret_path,
                        size_t size)
{
    const char *own = engine->url + strlen("sqlite:");
    const char *slash = strrchr(own, '/');
    (void) snprintf(ret_path, size, "%.*s/%s", (int) (slash - own), own, name);
}

static bool open_path(const char *path, const wb_connect_options *options, wb_session **ret,
                      wb_error *err)
{
    const wb_url url = {.engine = WB_ENGINE_SQLITE, .database = path};
    return wb_session_open(&url, options, ret, err);
}

static void an_absent_file_is_created_by_the_first_write_and_by_nothing_else(void **state)
{
    static const char *const reads[] = {
        "SELECT count(*) FROM sqlite_master",
        "-- only a comment",
        "PRAGMA table_info(x)",
        "PRAGMA user_version",
        "BEGIN",
        "SELECT 1",
        "SELECT name FROM pragma_table_info('x')",
    };
    char path[256];
    path_beside(wb_engine_of(state), "absent.db", path, sizeof(path));
    WB_AUTO_SESSION(session);
    wb_error err;
    wb_test_succeeded(open_path(path, NULL, &session, &err), &err);
    for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
        wb_test_exec(session, reads[i]);
        if (wb_file_exists(path))
            fail_msg("created by: %s", reads[i]);
    }
    assert_false(wb_session_exec(session, WB_STR("INSERT INTO nowhere VALUES (1)"), &err));
    assert_false(wb_session_exec(session, WB_STR("CREATE TABLE broken ("), &err));
    assert_false(wb_file_exists(path));
    wb_test_exec(session, "CREATE TABLE t (id INTEGER)");
    assert_true(wb_file_exists(path));
    wb_test_exec(session, "INSERT INTO t VALUES (1)");
    wb_test_succeeded(wb_session_rollback(session, &err), &err); /* BEGIN is still in force */
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM sqlite_master"), 0);
    (void) unlink(path);
}

static void a_file_that_appears_is_used(void **state)
{
    char path[256];
    path_beside(wb_engine_of(state), "appears.db", path, sizeof(path));
    WB_AUTO_SESSION(one);
    WB_AUTO_SESSION(two);
    wb_error err;
    wb_test_succeeded(open_path(path, NULL, &one, &err), &err);
    wb_test_succeeded(open_path(path, NULL, &two, &err), &err);
    assert_int_equal(wb_test_number(one, "SELECT count(*) FROM sqlite_master"), 0);
    wb_test_exec(two, "CREATE TABLE t (id INTEGER)");
    assert_int_equal(wb_test_number(one, "SELECT count(*) FROM sqlite_master"), 1);
    (void) unlink(path);
}

static void settings_on_an_absent_file_stay(void **state)
{
    char path[256];
    path_beside(wb_engine_of(state), "settings.db", path, sizeof(path));
    WB_AUTO_SESSION(session);
    wb_error err;
    wb_test_succeeded(open_path(path, NULL, &session, &err), &err);
    wb_test_exec(session, "PRAGMA foreign_keys = OFF");
    wb_test_exec(session, "CREATE TABLE t (id INTEGER)");
    assert_int_equal(wb_test_number(session, "PRAGMA foreign_keys"), 0);
    (void) unlink(path);
}

static void read_only_never_creates_and_never_writes(void **state)
{
    char path[256];
    path_beside(wb_engine_of(state), "read.db", path, sizeof(path));
    const wb_connect_options options = {.read_only = true};
    wb_session *session = NULL;
    wb_error err;
    wb_test_succeeded(open_path(path, &options, &session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM sqlite_master"), 0);
    assert_false(wb_session_exec(session, WB_STR("CREATE TABLE t (id INTEGER)"), &err));
    assert_int_equal(err.status, WB_E_READ_ONLY);
    assert_false(wb_file_exists(path));
    wb_session_close(session);
    wb_test_succeeded(open_path(path, NULL, &session, &err), &err);
    wb_test_exec(session, "CREATE TABLE t (id INTEGER)");
    wb_session_close(session);
    wb_test_succeeded(open_path(path, &options, &session, &err), &err);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM t"), 0);
    assert_false(wb_session_exec(session, WB_STR("INSERT INTO t VALUES (1)"), &err));
    assert_int_equal(err.status, WB_E_READ_ONLY);
    wb_session_close(session);
    (void) unlink(path);
}

static void odd_names_are_taken_as_they_are(void **state)
{
    static const char *const names[] = {"a?mode=ro&x#y.db", "file:odd%20.db",
                                        "blank and ' quote.db"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[256];
        path_beside(wb_engine_of(state), names[i], path, sizeof(path));
        WB_AUTO_SESSION(session);
        wb_error err;
        wb_test_succeeded(open_path(path, NULL, &session, &err), &err);
        wb_test_exec(session, "CREATE TABLE t (id INTEGER)");
        assert_true(wb_file_exists(path));
        (void) unlink(path);
    }
}

static void paths_that_cannot_be_opened_are_connect_errors(void **state)
{
    char folder[256];
    char missing[256];
    path_beside(wb_engine_of(state), "folder", folder, sizeof(folder));
    path_beside(wb_engine_of(state), "no/such/folder.db", missing, sizeof(missing));
    assert_int_equal(mkdir(folder, 0700), 0);
    wb_session *session = NULL;
    wb_error err;
    assert_false(open_path(missing, NULL, &session, &err));
    assert_int_equal(err.status, WB_E_CONNECT);
    assert_non_null(strstr(err.message, "no/such"));
    assert_false(open_path(folder, NULL, &session, &err));
    assert_int_equal(err.status, WB_E_CONNECT);
    assert_false(open_path("", NULL, &session, &err));
    assert_int_equal(err.status, WB_E_CONFIG);
    (void) rmdir(folder);
    WB_SCRATCH(arena);
    wb_url url = {0};
    wb_test_succeeded(wb_url_parse(wb_engine_of(state)->url, arena, &url, &err), &err);
    WB_LIST_ADD(arena, &url.parameters, ((wb_url_parameter){"mode", "rw"}));
    url.database = wb_arena_printf(arena, "%s.absent", url.database);
    assert_false(wb_session_open(&url, NULL, &session, &err));
    assert_int_equal(err.status, WB_E_CONNECT);
}

static void a_file_that_is_no_database_is_told_by_its_name(void **state)
{
    char path[256];
    path_beside(wb_engine_of(state), "text.db", path, sizeof(path));
    wb_error err;
    wb_test_succeeded(
        wb_file_write(path, WB_STR("this is a letter, not a database, as anybody can see\n"), false,
                      &err),
        &err);
    WB_AUTO_SESSION(session);
    wb_test_succeeded(open_path(path, NULL, &session, &err), &err);
    assert_false(wb_session_exec(session, WB_STR("SELECT count(*) FROM sqlite_master"), &err));
    assert_int_equal(err.status, WB_E_QUERY);
    assert_string_equal(err.message, "file is not a database");
    assert_non_null(strstr(err.detail, path));
    (void) unlink(path);
}

static void parameters_are_checked(void **state)
{
    static const struct {
        const char *name;
        const char *value;
        bool is_fine;
    } cases[] = {
        {"timeout", "0", true},     {"timeout", "soon", false}, {"timeout", "99999999999", false},
        {"mode", "rwc", true},      {"mode", "memory", true},   {"mode", "wr", false},
        {"cache", "private", true}, {"cache", "big", false},    {"vfs", "unix", true},
        {"vfs", "nowhere", false},  {"nolock", "true", true},   {"immutable", "maybe", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_url url = {0};
        wb_error err;
        wb_test_succeeded(wb_url_parse(wb_engine_of(state)->url, arena, &url, &err), &err);
        WB_LIST_ADD(arena, &url.parameters, ((wb_url_parameter){cases[i].name, cases[i].value}));
        wb_session *session = NULL;
        bool ok = wb_session_open(&url, NULL, &session, &err);
        wb_session_close(session);
        if (ok != cases[i].is_fine)
            fail_msg("%s=%s", cases[i].name, cases[i].value);
    }
}

static wb_session *open_with_timeout(const wb_tested_engine *engine, const char *timeout)
{
    WB_SCRATCH(arena);
    wb_url url = {0};
    wb_error err;
    wb_test_succeeded(wb_url_parse(engine->url, arena, &url, &err), &err);
    WB_LIST_ADD(arena, &url.parameters, ((wb_url_parameter){"timeout", timeout}));
    wb_session *session = NULL;
    wb_test_succeeded(wb_session_open(&url, NULL, &session, &err), &err);
    return session;
}

static void a_second_writer_waits_as_long_as_it_was_told(void **state)
{
    WB_AUTO_SESSION(one);
    WB_AUTO_SESSION(two);
    one = wb_test_open(wb_engine_of(state));
    two = open_with_timeout(wb_engine_of(state), "300");
    wb_error err;
    wb_test_succeeded(wb_session_begin_write(one, &err), &err);
    int64_t start_us = wb_clock_monotonic_us();
    assert_false(wb_session_begin_write(two, &err));
    assert_int_equal(err.status, WB_E_BUSY);
    assert_in_range(wb_clock_monotonic_us() - start_us, 290000, 2000000);
    wb_test_succeeded(wb_session_rollback(one, &err), &err);
    wb_test_succeeded(wb_session_begin_write(two, &err), &err);
    wb_test_succeeded(wb_session_rollback(two, &err), &err);
}

static void *cancel_at_once(void *arg)
{
    wb_clock_sleep_ms(100);
    wb_session_cancel(arg);
    return NULL;
}

static void waiting_for_a_lock_can_be_cancelled(void **state)
{
    WB_AUTO_SESSION(one);
    WB_AUTO_SESSION(two);
    one = wb_test_open(wb_engine_of(state));
    two = open_with_timeout(wb_engine_of(state), "20000");
    wb_error err;
    wb_test_succeeded(wb_session_begin_write(one, &err), &err);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_at_once, two), 0);
    int64_t start_us = wb_clock_monotonic_us();
    assert_false(wb_session_begin_write(two, &err));
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(err.status, WB_E_CANCELLED);
    assert_in_range(wb_clock_monotonic_us() - start_us, 50000, 3000000);
}

static void the_wait_for_a_lock_can_be_set_and_the_holder_is_named(void **state)
{
    WB_AUTO_SESSION(one);
    WB_AUTO_SESSION(two);
    WB_SCRATCH(arena);
    one = wb_test_open(wb_engine_of(state));
    two = open_with_timeout(wb_engine_of(state), "20000");
    wb_error err;
    wb_test_exec(one, "CREATE TABLE IF NOT EXISTS held (id INTEGER)");
    wb_test_succeeded(wb_session_begin_write(one, &err), &err);
    wb_session_set_file_wait(two, 0);
    int64_t start_us = wb_clock_monotonic_us();
    assert_false(wb_session_begin_write(two, &err));
    assert_int_equal(err.status, WB_E_BUSY);
    assert_in_range(wb_clock_monotonic_us() - start_us, 0, 2000000);
    assert_string_equal(wb_session_file_holder(two, arena),
                        "another connection of this process is writing to the database file");
    assert_null(wb_session_file_holder(one, arena)); /* its own lock does not count */
    wb_test_succeeded(wb_session_rollback(one, &err), &err);
    assert_null(wb_session_file_holder(two, arena));
}

static void checking_compiles_the_triggers_too(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_exec(session, "CREATE TABLE fired (id INTEGER)");
    wb_test_exec(session, "CREATE TRIGGER broken AFTER DELETE ON fired BEGIN"
                          " INSERT INTO nowhere VALUES (1); END");
    wb_error err;
    wb_test_succeeded(wb_session_check(session, WB_STR("INSERT INTO fired VALUES (1)"), &err),
                      &err);
    assert_false(wb_session_check(session, WB_STR("DELETE FROM fired"), &err));
    assert_string_equal(err.message, "no such table: main.nowhere");
    wb_test_exec(session, "DROP TABLE fired");
}

static void a_database_opened_for_reading_is_refused_for_writing(void **state)
{
    char path[256];
    path_beside(wb_engine_of(state), "refused.db", path, sizeof(path));
    const wb_connect_options options = {.read_only = true};
    WB_AUTO_SESSION(session);
    wb_error err;
    wb_test_succeeded(open_path(path, &options, &session, &err), &err);
    assert_false(wb_session_demand_writable(session, &err));
    assert_int_equal(err.status, WB_E_READ_ONLY);
    assert_non_null(strstr(err.message, "refused.db"));
}

static void foreign_keys_are_enforced(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    assert_int_equal(wb_test_number(session, "PRAGMA foreign_keys"), 1);
}

static void only_one_statement_is_taken(void **state)
{
    static const struct {
        wb_str sql;
        bool is_fine;
        size_t at;
    } cases[] = {
        {{"SELECT 1;", 9}, true, 0},
        {{"SELECT 1; -- more\n;; /* x */ ", 29}, true, 0},
        {{"SELECT 1; SELECT 2", 18}, false, 9},
        {{"SELECT 1; nonsense", 18}, false, 9},
        {{"SELECT\0 1", 9}, false, 6},
        {{"", 0}, true, 0},
    };
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        wb_error err;
        if (wb_session_exec(session, cases[i].sql, &err) != cases[i].is_fine)
            fail_msg("%s", cases[i].sql.ptr);
        if (!cases[i].is_fine)
            assert_int_equal(session->error_offset, cases[i].at);
    }
}

static void a_wrong_number_of_values_is_refused(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    const wb_value one = wb_value_int(1);
    wb_error err;
    assert_false(wb_session_query(session, WB_STR("SELECT ?, ?"), &one, 1, NULL, NULL, &err));
    assert_non_null(strstr(err.message, "2 placeholders, but 1 values"));
}

static void an_adopted_handle_stays_open(void **state)
{
    (void) state;
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    wb_session *session = NULL;
    wb_error err;
    wb_test_succeeded(wb_session_adopt(WB_ENGINE_SQLITE, db, &session, &err), &err);
    wb_test_table(session, "adopted");
    WB_AUTO_BUF(sql, 0);
    const wb_value args[] = {wb_value_int(1), wb_value_text("x")};
    const wb_request request = {.sql = WB_STR("INSERT INTO adopted VALUES (?, ?)"),
                                .args = args,
                                .arg_count = 2,
                                .keep = true};
    wb_test_succeeded(wb_session_submit(session, &request, &err), &err);
    wb_session_cancel(session);
    wb_session_close(session);
    assert_int_equal(sqlite3_exec(db, "INSERT INTO adopted VALUES (2, 'y')", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK); /* nothing was left prepared */
}

static const wb_tested_error errors[] = {
    {"SELECT 1 FROM no_such_table", WB_E_QUERY, NULL, NULL},
    {"SELECT '\xe6\x97\xa5\xe6\x9c\xac', no_such_column", WB_E_QUERY, NULL, "no_such_column"},
    {"SELECT '\xe6\x97\xa5' FROMM parent WHERE", WB_E_QUERY, NULL, "parent"},
    {"INSERT INTO parent VALUES (1, 2)", WB_E_CONSTRAINT, NULL, NULL},
    {"INSERT INTO parent VALUES (2, NULL)", WB_E_CONSTRAINT, NULL, NULL},
    {"INSERT INTO parent VALUES (2, -1)", WB_E_CONSTRAINT, NULL, NULL},
    {"INSERT INTO child VALUES (2, 99)", WB_E_CONSTRAINT, NULL, NULL},
    {"DELETE FROM parent", WB_E_CONSTRAINT, NULL, NULL},
};

static void a_database_in_memory_has_no_lock(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(session);
    bool is_taken = false;
    const char *holder = NULL;
    wb_error err;
    wb_test_succeeded(open_path(":memory:", NULL, &session, &err), &err);
    assert_int_equal(session->can & WB_CAN_SESSION_LOCK, 0);
    assert_false(wb_session_try_lock(session, "x", arena, &is_taken, &holder, &err));
    assert_int_equal(err.status, WB_E_UNSUPPORTED);
}

static void the_lock_is_a_file_that_is_deleted_with_the_release(void **state)
{
    char path[256];
    char linked[256];
    char lock[300];
    WB_SCRATCH(arena);
    WB_AUTO_SESSION(one);
    WB_AUTO_SESSION(two);
    bool is_taken = false;
    const char *holder = NULL;
    wb_error err;
    path_beside(wb_engine_of(state), "locked.db", path, sizeof(path));
    path_beside(wb_engine_of(state), "link.db", linked, sizeof(linked));
    (void) snprintf(lock, sizeof(lock), "%s-whimbrel-%08x", path,
                    (unsigned) wb_hash_u64(WB_STR("x")));
    assert_int_equal(symlink(path, linked), 0);
    const wb_connect_options how = {.name = "whimbrel upgrade"};
    wb_test_succeeded(open_path(path, &how, &one, &err), &err);
    wb_test_exec(one, "CREATE TABLE t (id INTEGER)");
    wb_test_succeeded(open_path(linked, NULL, &two, &err), &err);
    wb_test_succeeded(wb_session_try_lock(one, "x", arena, &is_taken, &holder, &err), &err);
    assert_true(is_taken);
    assert_true(wb_file_exists(lock));
    wb_test_succeeded(wb_session_try_lock(two, "x", arena, &is_taken, &holder, &err), &err);
    assert_false(is_taken); /* by whatever name it is opened */
    assert_string_equal(holder,
                        wb_arena_printf(arena, "process %ld (whimbrel upgrade)", (long) getpid()));
    wb_test_succeeded(wb_session_unlock(one, "x", &err), &err);
    assert_false(wb_file_exists(lock));
    assert_true(wb_file_write(lock, WB_STR("process 1 (killed)"), false, &err));
    wb_test_succeeded(wb_session_try_lock(two, "x", arena, &is_taken, &holder, &err), &err);
    assert_true(is_taken); /* what a killed process left behind does not count */
    wb_test_succeeded(wb_session_unlock(two, "x", &err), &err);
    (void) unlink(linked);
    (void) unlink(path);
}

int main(void)
{
    static const struct CMUnitTest own[] = {
        cmocka_unit_test(an_absent_file_is_created_by_the_first_write_and_by_nothing_else),
        cmocka_unit_test(a_file_that_appears_is_used),
        cmocka_unit_test(settings_on_an_absent_file_stay),
        cmocka_unit_test(read_only_never_creates_and_never_writes),
        cmocka_unit_test(odd_names_are_taken_as_they_are),
        cmocka_unit_test(paths_that_cannot_be_opened_are_connect_errors),
        cmocka_unit_test(a_file_that_is_no_database_is_told_by_its_name),
        cmocka_unit_test(parameters_are_checked),
        cmocka_unit_test(a_second_writer_waits_as_long_as_it_was_told),
        cmocka_unit_test(waiting_for_a_lock_can_be_cancelled),
        cmocka_unit_test(the_wait_for_a_lock_can_be_set_and_the_holder_is_named),
        cmocka_unit_test(checking_compiles_the_triggers_too),
        cmocka_unit_test(a_database_opened_for_reading_is_refused_for_writing),
        cmocka_unit_test(foreign_keys_are_enforced),
        cmocka_unit_test(only_one_statement_is_taken),
        cmocka_unit_test(a_wrong_number_of_values_is_refused),
        cmocka_unit_test(an_adopted_handle_stays_open),
        cmocka_unit_test(a_database_in_memory_has_no_lock),
        cmocka_unit_test(the_lock_is_a_file_that_is_deleted_with_the_release),
    };
    wb_tested_engine engine = {
        .name = "sqlite",
        .engine = WB_ENGINE_SQLITE,
        .can = WB_CAN_TRANSACTIONAL_DDL | WB_CAN_SESSION_LOCK,
        .long_text = "TEXT",
        .sleep_sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                     "SELECT count(*) FROM (SELECT i FROM n LIMIT 500000000)",
        .errors = errors,
        .error_count = sizeof(errors) / sizeof(errors[0]),
        .own_tests = own,
        .own_test_count = sizeof(own) / sizeof(own[0]),
    };
    return wb_conformance_run(&engine);
}
