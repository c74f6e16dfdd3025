/* Who is in the way of a session, and how far it is, asked of real servers. */
#include "base/clock.h"
#include "engine/blockers.h"
#include "engine/progress_query.h"
#include "world.h"

#include <pthread.h>
#include <stdio.h>

/* A statement that runs in a thread of its own. */
typedef struct worker {
    wb_session *session;
    const char *sql;
    pthread_t thread;
    int64_t id;
    bool ok;
    wb_error err;
} worker;

static void *work(void *arg)
{
    worker *it = arg;
    it->ok = wb_session_exec(it->session, wb_str_from(it->sql), &it->err);
    return NULL;
}

static bool take_id(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    *(int64_t *) arg = wb_row_int(row, 0);
    return true;
}

static int64_t id_of(wb_session *session)
{
    int64_t id = 0;
    wb_error err;
    const char *sql = is_postgres() ? "SELECT pg_backend_pid()" : "SELECT connection_id()";
    assert_true(wb_session_query(session, wb_str_from(sql), NULL, 0, take_id, &id, &err));
    return id;
}

static void run(world *it, wb_session *session, const char *sql)
{
    if (!wb_session_exec(session, wb_str_from(sql), &it->err))
        fail_msg("%s: %s", sql, it->err.message);
}

static void start(worker *it, wb_session *session, const char *sql)
{
    *it = (worker){.session = session, .sql = sql, .id = id_of(session)};
    assert_int_equal(pthread_create(&it->thread, NULL, work, it), 0);
}

static void finish(const worker *it)
{
    assert_int_equal(pthread_join(it->thread, NULL), 0);
    if (!it->ok)
        fail_msg("%s: %s", it->sql, it->err.message);
}

/* Asks until somebody is in the way, which takes as long as the thread needs to begin. */
static wb_blocker_list wait_for_blockers(world *it, wb_session *observer, int64_t id)
{
    wb_blocker_list found = {0};
    int64_t end_us = wb_clock_monotonic_us() + 10000000;
    while (found.count == 0 && wb_clock_monotonic_us() < end_us) {
        if (is_mariadb())
            wb_clock_sleep_ms(150); /* its views of transactions are refreshed only when nobody
                                       has looked for 0.1 s */
        if (!wb_blockers_of(observer, id, it->arena, &found, &it->err))
            fail_msg("%s", it->err.message);
    }
    if (found.count == 0)
        fail_msg("nobody was found to be in the way");
    return found;
}

static const char *text_of(world *it, const wb_blocker_list *list)
{
    WB_AUTO_BUF(text, 0);
    wb_blocker_list_text(list, is_mariadb() ? WB_MARIADB : WB_POSTGRES, &text);
    return wb_str_dup(it->arena, wb_buf_str(&text));
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", part, text);
}

/* Until the session is idle again, so that the server shows what it did. */
static void begin_and_write(world *it, wb_session *holder)
{
    run(it, holder, "BEGIN");
    run(it, holder, "UPDATE held SET name = 'a secret' WHERE id = 1");
}

static void make_table(world *it)
{
    execute(it, "CREATE TABLE held (id integer PRIMARY KEY, name varchar(100))");
    execute(it, "INSERT INTO held VALUES (1, 'x')");
}

static void a_waiting_alter_names_who_holds_the_table(void **state)
{
    world *it = *state;
    if (is_sqlite())
        return;
    make_table(it);
    WB_AUTO_SESSION(holder);
    WB_AUTO_SESSION(waiting);
    WB_AUTO_SESSION(observer);
    holder = world_connect(it);
    waiting = world_connect(it);
    observer = world_connect(it);
    begin_and_write(it, holder);
    worker alter;
    start(&alter, waiting, "ALTER TABLE held ADD COLUMN z integer");
    wb_blocker_list found = wait_for_blockers(it, observer, alter.id);
    bool is_among = false;
    for (size_t i = 0; i < found.count; i++) {
        if (found.items[i].id != id_of(holder) && found.items[i].is_certain)
            fail_msg("%s", text_of(it, &found));
        is_among = is_among || found.items[i].id == id_of(holder);
    }
    assert_true(is_among);
    const char *text = text_of(it, &found);
    assert_has(text, "idle in transaction");
    assert_null(strstr(text, "secret"));
    if (is_postgres()) {
        assert_int_equal(found.count, 1);
        assert_has(text, "(user postgres, idle in transaction for 0 s, test: "
                         "UPDATE held SET name = '...' WHERE id = 1)");
    }
    const char *progress = NULL;
    assert_true(wb_progress_query(observer, alter.id, it->arena, &progress, &it->err));
    assert_non_null(progress);
    assert_has(progress, is_postgres() ? "waiting for a lock (relation): pid "
                                       : "Waiting for table metadata lock: ");
    assert_has(progress, "idle in transaction");
    run(it, holder, "ROLLBACK");
    finish(&alter);
    found.count = 0;
    assert_true(wb_blockers_of(observer, alter.id, it->arena, &found, &it->err));
    assert_int_equal(found.count, 0);
    assert_true(wb_progress_query(observer, alter.id, it->arena, &progress, &it->err));
    assert_null(progress);
}

static void a_user_without_rights_learns_at_least_the_pid(void **state)
{
    world *it = *state;
    if (!is_postgres())
        return;
    make_table(it);
    WB_AUTO_SESSION(holder);
    WB_AUTO_SESSION(waiting);
    WB_AUTO_SESSION(observer);
    holder = world_connect(it);
    waiting = world_connect(it);
    observer = world_connect(it);
    begin_and_write(it, holder);
    worker alter;
    start(&alter, waiting, "ALTER TABLE held ADD COLUMN z integer");
    run(it, observer, "BEGIN"); /* the role goes with it */
    run(it, observer, wb_arena_printf(it->arena, "CREATE ROLE %s_role", it->database));
    run(it, observer, wb_arena_printf(it->arena, "SET LOCAL ROLE %s_role", it->database));
    wb_blocker_list found = wait_for_blockers(it, observer, alter.id);
    assert_int_equal(found.count, 1);
    assert_string_equal(
        text_of(it, &found),
        wb_arena_printf(it->arena, "pid %lld (user postgres, test)", (long long) id_of(holder)));
    run(it, observer, "ROLLBACK");
    run(it, holder, "ROLLBACK");
    finish(&alter);
}

static void a_waiting_update_names_who_holds_the_row(void **state)
{
    world *it = *state;
    if (is_sqlite())
        return;
    make_table(it);
    WB_AUTO_SESSION(holder);
    WB_AUTO_SESSION(waiting);
    WB_AUTO_SESSION(observer);
    holder = world_connect(it);
    waiting = world_connect(it);
    observer = world_connect(it);
    begin_and_write(it, holder);
    worker update;
    start(&update, waiting, "UPDATE held SET name = 'y' WHERE id = 1");
    wb_blocker_list found = wait_for_blockers(it, observer, update.id);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].id, id_of(holder));
    assert_true(found.items[0].is_certain);
    assert_true(found.items[0].transaction_s >= 0);
    run(it, holder, "ROLLBACK");
    finish(&update);
}

/* MariaDB knows in two ways who holds a metadata lock, both of which have to be switched on. */
static void metadata_locks_are_certain_where_the_server_shows_them(void **state)
{
    static const char *const switches[][2] = {
        {"UPDATE performance_schema.setup_instruments SET enabled = 'YES'"
         " WHERE name = 'wait/lock/metadata/sql/mdl'",
         "UPDATE performance_schema.setup_instruments SET enabled = 'NO'"
         " WHERE name = 'wait/lock/metadata/sql/mdl'"},
        {"INSTALL SONAME 'metadata_lock_info'", "UNINSTALL SONAME 'metadata_lock_info'"},
    };
    world *it = *state;
    if (!is_mariadb())
        return;
    make_table(it);
    for (size_t i = 0; i < COUNT_OF(switches); i++) {
        WB_AUTO_SESSION(holder);
        WB_AUTO_SESSION(bystander);
        WB_AUTO_SESSION(waiting);
        WB_AUTO_SESSION(observer);
        execute(it, switches[i][0]);
        holder = world_connect(it);
        bystander = world_connect(it);
        waiting = world_connect(it);
        observer = world_connect(it);
        run(it, bystander, "CREATE OR REPLACE TABLE aside (id integer)");
        run(it, bystander, "BEGIN");
        run(it, bystander, "INSERT INTO aside VALUES (1)");
        begin_and_write(it, holder);
        worker alter;
        start(&alter, waiting,
              i == 0 ? "ALTER TABLE held ADD COLUMN z integer" : "ALTER TABLE held DROP COLUMN z");
        wb_blocker_list found = wait_for_blockers(it, observer, alter.id);
        assert_int_equal(found.count, 1);
        assert_int_equal(found.items[0].id, id_of(holder));
        assert_true(found.items[0].is_certain);
        run(it, holder, "ROLLBACK");
        finish(&alter);
        run(it, bystander, "ROLLBACK");
        execute(it, switches[i][1]);
    }
}

static void holders_of_a_table_are_named_without_waiting(void **state)
{
    world *it = *state;
    if (!is_postgres())
        return;
    execute(it, "CREATE TABLE p (k integer) PARTITION BY LIST (k)");
    execute(it, "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)");
    execute(it, "CREATE TABLE q (k integer)");
    WB_AUTO_SESSION(holder);
    WB_AUTO_SESSION(observer);
    holder = world_connect(it);
    observer = world_connect(it);
    run(it, holder, "BEGIN");
    run(it, holder, "LOCK TABLE q IN ACCESS SHARE MODE");
    run(it, holder, "LOCK TABLE p1 IN ROW EXCLUSIVE MODE");
    static const struct {
        const char *name;
        wb_lock_mode mode;
        wb_lock_mode tree;
        size_t count;
    } cases[] = {
        {"q", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_NONE, 1},
        {"q", WB_LOCK_EXCLUSIVE, WB_LOCK_NONE, 0},
        {"P", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_NONE, 0},
        {"P", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_SHARE, 1},
        {"P", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_ROW_EXCLUSIVE, 0},
        {"\"it's \\not\" ", WB_LOCK_ACCESS_EXCLUSIVE, WB_LOCK_NONE, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const wb_table_lock table = {
            .name = wb_str_from(cases[i].name), .mode = cases[i].mode, .tree = cases[i].tree};
        wb_blocker_list found = {0};
        assert_true(wb_blockers_on(observer, &table, 1, 0, it->arena, &found, &it->err));
        assert_int_equal(found.count, cases[i].count);
        assert_true(found.count == 0 || found.items[0].id == id_of(holder));
        found.count = 0;
        assert_true(
            wb_blockers_on(observer, &table, 1, id_of(holder), it->arena, &found, &it->err));
        assert_int_equal(found.count, 0);
        assert_true(wb_blockers_on(holder, &table, 1, 0, it->arena, &found, &it->err));
        assert_int_equal(found.count, 0);
    }
    run(it, holder, "ROLLBACK");
}

static void open_transactions_of_mariadb_could_be_in_the_way(void **state)
{
    world *it = *state;
    if (!is_mariadb())
        return;
    make_table(it);
    WB_AUTO_SESSION(holder);
    WB_AUTO_SESSION(observer);
    holder = world_connect(it);
    observer = world_connect(it);
    begin_and_write(it, holder);
    wb_blocker_list found = {0};
    assert_true(wb_blockers_on(observer, NULL, 0, 0, it->arena, &found, &it->err));
    bool is_among = false;
    for (size_t i = 0; i < found.count; i++) {
        assert_false(found.items[i].is_certain);
        is_among = is_among || found.items[i].id == id_of(holder);
    }
    assert_true(is_among);
    assert_has(text_of(it, &found), "perhaps connection ");
    run(it, holder, "ROLLBACK");
}

static void a_prepared_transaction_is_named(void **state)
{
    world *it = *state;
    if (!is_postgres())
        return;
    make_table(it);
    WB_AUTO_SESSION(waiting);
    WB_AUTO_SESSION(observer);
    waiting = world_connect(it);
    observer = world_connect(it);
    const char *name = wb_arena_printf(it->arena, "prepared %s", it->database);
    execute(it, "BEGIN");
    execute(it, "UPDATE held SET name = 'y'");
    execute(it, wb_arena_printf(it->arena, "PREPARE TRANSACTION '%s'", name));
    static const char *const statements[] = {"ALTER TABLE held ADD COLUMN z integer",
                                             "UPDATE held SET name = 'z'"};
    const wb_table_lock table = {.name = WB_STR("held"), .mode = WB_LOCK_SHARE};
    wb_blocker_list holders = {0};
    assert_true(wb_blockers_on(observer, &table, 1, 0, it->arena, &holders, &it->err));
    assert_int_equal(holders.count, 1);
    assert_has(text_of(it, &holders), wb_arena_printf(it->arena, "transaction \"%s\" (", name));
    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        run(it, waiting, "BEGIN");
        worker blocked;
        start(&blocked, waiting, statements[i]);
        wb_blocker_list found = wait_for_blockers(it, observer, blocked.id);
        assert_int_equal(found.count, 1);
        assert_int_equal(found.items[0].id, 0);
        assert_has(text_of(it, &found),
                   wb_arena_printf(it->arena, "prepared transaction \"%s\" (user", name));
        wb_session_cancel(waiting);
        assert_int_equal(pthread_join(blocked.thread, NULL), 0);
        assert_int_equal(blocked.err.status, WB_E_CANCELLED);
        wb_session_uncancel(waiting);
        run(it, waiting, "ROLLBACK");
    }
    execute(it, wb_arena_printf(it->arena, "ROLLBACK PREPARED '%s'", name));
}

static const char *wait_for_progress(world *it, wb_session *observer, int64_t id, const char *part)
{
    const char *text = NULL;
    int64_t end_us = wb_clock_monotonic_us() + 10000000;
    do {
        if (!wb_progress_query(observer, id, it->arena, &text, &it->err))
            fail_msg("%s", it->err.message);
    } while ((text == NULL || strstr(text, part) == NULL) && wb_clock_monotonic_us() < end_us);
    if (text == NULL || strstr(text, part) == NULL)
        fail_msg("not \"%s\" but \"%s\"", part, text != NULL ? text : "");
    return text;
}

static void a_concurrent_index_build_names_the_transaction_it_waits_for(void **state)
{
    world *it = *state;
    if (!is_postgres())
        return;
    make_table(it);
    WB_AUTO_SESSION(holder);
    WB_AUTO_SESSION(waiting);
    WB_AUTO_SESSION(observer);
    holder = world_connect(it);
    waiting = world_connect(it);
    observer = world_connect(it);
    begin_and_write(it, holder);
    worker build;
    start(&build, waiting, "CREATE INDEX CONCURRENTLY ON held (name)");
    const char *text =
        wait_for_progress(it, observer, build.id, "waiting for transactions that write");
    text = wait_for_progress(it, observer, build.id, ": pid ");
    assert_has(text, wb_arena_printf(it->arena, ": pid %lld (", (long long) id_of(holder)));
    assert_has(text, ", 1 of 1 left: ");
    run(it, holder, "ROLLBACK");
    finish(&build);

    run(it, holder, "BEGIN ISOLATION LEVEL REPEATABLE READ");
    run(it, holder, "SELECT 1");
    start(&build, waiting, "CREATE INDEX CONCURRENTLY ON held (name)");
    text = wait_for_progress(it, observer, build.id, "waiting for old transactions");
    text = wait_for_progress(it, observer, build.id, ": pid ");
    assert_has(text, wb_arena_printf(it->arena, ": pid %lld (", (long long) id_of(holder)));
    run(it, holder, "ROLLBACK");
    finish(&build);
}

static void a_long_statement_tells_how_far_it_is(void **state)
{
    world *it = *state;
    if (is_sqlite())
        return;
    execute(it, is_postgres() ? "CREATE TABLE large AS SELECT i, md5(i::text) AS t"
                                " FROM generate_series(1, 300000) i"
                              : "CREATE TABLE large AS SELECT seq AS i, md5(seq) AS t"
                                " FROM seq_1_to_300000");
    WB_AUTO_SESSION(working);
    WB_AUTO_SESSION(observer);
    working = world_connect(it);
    observer = world_connect(it);
    worker build;
    start(&build, working,
          is_postgres() ? "CREATE INDEX ON large (t)" : "ALTER TABLE large FORCE, ALGORITHM=COPY");
    const char *text = wait_for_progress(it, observer, build.id, " %");
    /* MariaDB sends its progress to the client as well, and may be just doing that. */
    assert_has(text, is_postgres() ? "building index: " : ": stage 1 of 2, ");
    finish(&build);
}

static void sqlite_names_nobody(void **state)
{
    world *it = *state;
    if (!is_sqlite())
        return;
    WB_AUTO_SESSION(session);
    session = world_connect(it);
    wb_blocker_list found = {0};
    const char *text = "";
    assert_true(wb_blockers_of(session, 1, it->arena, &found, &it->err));
    assert_true(wb_blockers_on(session, NULL, 0, 0, it->arena, &found, &it->err));
    assert_int_equal(found.count, 0);
    assert_true(wb_progress_query(session, 1, it->arena, &text, &it->err));
    assert_null(text);
}

static void what_may_not_be_seen_is_left_out(void **state)
{
    (void) state;
    static const struct {
        wb_blocker blocker;
        const char *text;
    } cases[] = {
        {{7, NULL, NULL, NULL, -1, NULL, true}, "pid 7"},
        {{7, "app", NULL, NULL, -1, NULL, true}, "pid 7 (user app)"},
        {{7, "app", NULL, NULL, 35, NULL, true}, "pid 7 (user app, for 35 s)"},
        {{7, NULL, NULL, "active", 200, "SELECT 1", true}, "pid 7 (active for 3 min, SELECT 1)"},
        {{7, "app", "psql", "active", 7200, "SELECT 1", false},
         "perhaps pid 7 (user app, active for 2 h, psql: SELECT 1)"},
        {{0, "app", NULL, "prepared transaction x", 5, NULL, true},
         "prepared transaction x (user app, for 5 s)"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_AUTO_BUF(text, 0);
        wb_blocker_text(&cases[i].blocker, WB_POSTGRES, &text);
        assert_string_equal(wb_buf_text(&text), cases[i].text);
    }
    WB_SCRATCH(arena);
    wb_blocker_list many = {0};
    for (int i = 0; i < 5; i++) {
        const wb_blocker one = {.id = i + 1, .transaction_s = -1, .is_certain = true};
        WB_LIST_ADD(arena, &many, one);
    }
    WB_AUTO_BUF(text, 0);
    wb_blocker_list_text(&many, WB_MARIADB, &text);
    assert_string_equal(wb_buf_text(&text), "connection 1; connection 2; connection 3; and 2 more");
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(int argc, char **argv)
{
    world_main(argc, argv);
    static const struct CMUnitTest tests[] = {
        WORLD_TEST(a_waiting_alter_names_who_holds_the_table),
        WORLD_TEST(a_user_without_rights_learns_at_least_the_pid),
        WORLD_TEST(a_waiting_update_names_who_holds_the_row),
        WORLD_TEST(metadata_locks_are_certain_where_the_server_shows_them),
        WORLD_TEST(holders_of_a_table_are_named_without_waiting),
        WORLD_TEST(open_transactions_of_mariadb_could_be_in_the_way),
        WORLD_TEST(a_prepared_transaction_is_named),
        WORLD_TEST(a_concurrent_index_build_names_the_transaction_it_waits_for),
        WORLD_TEST(a_long_statement_tells_how_far_it_is),
        WORLD_TEST(sqlite_names_nobody),
        cmocka_unit_test(what_may_not_be_seen_is_left_out),
    };
    return RUN_TESTS(tests);
}
