/* What is kept, told and recorded when a run fails, on every engine. */
#include "base/clock.h"
#include "world.h"

#include <pthread.h>
#include <stdio.h>

static const char *sleeping(unsigned seconds)
{
    static char text[128];
    static const char *const forms[] = {
        [WB_ENGINE_SQLITE] =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT %u0000000)"
            " SELECT count(*) FROM n;",
        [WB_ENGINE_POSTGRES] = "SELECT pg_sleep(%u);",
        [WB_ENGINE_MARIADB] = "SELECT count(*) FROM seq_1_to_%u0000 AS a"
                              " JOIN seq_1_to_200000 AS b ON a.seq + b.seq > 3;",
    };
    const char *form = forms[tested_engine];
    size_t at = 0;
    (void) wb_str_find(wb_str_from(form), WB_STR("%u"), &at);
    (void) snprintf(text, sizeof(text), "%.*s%u%s", (int) at, form, seconds, form + at + 2);
    return text;
}

static void failing_statement_is_shown_and_those_before_are_kept(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "DROP TABLE a;");
    add_revision(it, "two", "one",
                 "CREATE TABLE b (id integer);\n\n  SELECT nope\n  FROM a;\n"
                 "CREATE TABLE c (id integer);",
                 "DROP TABLE c;\nDROP TABLE b;");
    add_revision(it, "three", "two", "CREATE TABLE d (id integer);", "DROP TABLE d;");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_non_null(strstr(it->err.file, "two.sql"));
    assert_int_equal(it->err.line, UP_LINE + 2);
    assert_string_equal(it->err.excerpt, "  SELECT nope");
    if (!is_mariadb()) { /* MariaDB does not say where for an unknown column */
        assert_int_equal(it->err.column, 10);
        assert_int_equal(it->err.caret, 10);
    }
    assert_string_equal(it->err.context[0], "running statement 2 of revision \"two\" (up)");
    assert_non_null(strstr(it->err.detail, "1 of 3 revisions"));
    assert_int_equal(applied_count(it), 1);
    assert_true(has_table(it, "b") == is_mariadb());
    assert_false(has_table(it, "d"));

    wb_target_state seen;
    world_open(it);
    assert_true(wb_state(it->target, it->arena, &seen, &it->err));
    assert_true(seen.last_run_failed);
    assert_string_equal(seen.last_command, "upgrade");
    assert_string_equal(seen.last_revision, "two");
    assert_int_equal(seen.last_statement, 2);
    assert_int_equal(seen.last_line, UP_LINE + 2);
    assert_int_equal(seen.pending.count, 2);
    world_close(it);

    add_revision(it, "two", "one",
                 "CREATE TABLE b (id integer);\n\n  SELECT id\n  FROM a;\n"
                 "CREATE TABLE c (id integer);",
                 "DROP TABLE c;\nDROP TABLE b;");
    assert_upgrade(it, "heads");
    assert_int_equal(applied_count(it), 3);
    assert_true(has_table(it, "b") && has_table(it, "c") && has_table(it, "d"));
    world_open(it);
    assert_true(wb_state(it->target, it->arena, &seen, &it->err));
    assert_false(seen.last_run_failed);
}

static void half_done_step_goes_on_behind_what_is_done(void **state)
{
    world *it = *state;
    static const char *const alone[] = {
        [WB_ENGINE_SQLITE] = "VACUUM;",
        [WB_ENGINE_POSTGRES] = "CREATE INDEX CONCURRENTLY a_id ON a (id);",
        [WB_ENGINE_MARIADB] = "CREATE INDEX a_id ON a (id);",
    };
    const char *begin = wb_arena_printf(it->arena,
                                        "CREATE TABLE a (id integer);\n"
                                        "INSERT INTO a VALUES (1);\n%s\n"
                                        "INSERT INTO a VALUES (2);\n",
                                        alone[tested_engine]);
    add_revision(it, "one", "", wb_arena_printf(it->arena, "%sINSERT INTO nope VALUES (3);", begin),
                 "DROP TABLE a;");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_int_equal(it->err.line, UP_LINE + 4);
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 1); /* the second INSERT is undone */
    assert_int_equal(applied_count(it), 0);

    add_revision(it, "one", "", wb_arena_printf(it->arena, "-- edited\nSELECT 1;\n%s", begin),
                 "DROP TABLE a;");
    assert_fails(it, upgrade(it, "heads"), WB_E_CHECKSUM);
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 1);

    add_revision(it, "one", "", wb_arena_printf(it->arena, "%sINSERT INTO a VALUES (3);", begin),
                 "DROP TABLE a;");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT sum(id) FROM a"), 6);
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 3);
    assert_true(downgrade(it, "base"));
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 3);
}

static void unknown_outcome_is_asked_for_and_then_resolved(void **state)
{
    world *it = *state;
    /* MariaDB finds out alone about tables; what a block has done it cannot know. */
    const char *first =
        is_mariadb() ? "BEGIN NOT ATOMIC SELECT 1; END" : "CREATE TABLE a (id integer)";
    add_file(it, "one.sql",
             wb_arena_printf(it->arena,
                             "-- one\n-- revision: one\n\n\n-- migrate:up transaction:false\n"
                             "%s;\nCREATE TABLE b (id integer);\n-- migrate:down\n",
                             first));
    add_file(it, "zero.sql", "-- zero\n-- revision: zero\n-- migrate:up\n-- migrate:down\n");
    assert_upgrade(it, "zero"); /* makes the ledger */
    execute(it, "CREATE TABLE a (id integer)");
    /* As a run leaves it that was cut off while the server worked on statement 1. */
    execute(it,
            "INSERT INTO whimbrel_journal (run, event, revision, direction, statement, checksum)"
            " VALUES ('x', 'intent', 'one', 'up', 1, "
            "'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')");
    assert_fails(it, upgrade(it, "heads"), WB_E_UNRESOLVED);
    assert_non_null(strstr(it->err.hint, "whimbrel resolve one --statement 1"));
    world_open(it);
    assert_false(wb_resolve(it->target, "one", 2, true, &it->err));
    assert_int_equal(it->err.status, WB_E_USAGE);
    assert_true(wb_resolve(it->target, "one", 1, true, &it->err));
    world_close(it);
    assert_upgrade(it, "heads");
    assert_true(has_table(it, "b"));
    assert_int_equal(applied_count(it), 2);
}

static void own_transaction_control_is_refused_before_anything_runs(void **state)
{
    world *it = *state;
    static const char *const texts[] = {"BEGIN;", "COMMIT;", "ROLLBACK;", "  begin transaction;"};
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "");
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (is_mariadb() && i == 3)
            continue; /* not its syntax */
        add_revision(it, "two", "one", wb_arena_printf(it->arena, "SELECT 1;\n%s", texts[i]), "");
        assert_fails(it, upgrade(it, "heads"), WB_E_REVISION);
        assert_int_equal(it->err.line, UP_LINE + 1);
        assert_false(has_table(it, "a"));
    }
}

static void text_that_cannot_be_split_is_refused_before_anything_runs(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "");
    add_revision(it, "two", "one", "SELECT 'never ends;\nSELECT 2;", "");
    assert_fails(it, upgrade(it, "heads"), WB_E_SYNTAX);
    assert_int_equal(it->err.line, UP_LINE);
    assert_false(has_table(it, "a"));
}

static void revision_without_a_down_section_cannot_be_undone(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", NULL);
    add_revision(it, "two", "one", "CREATE TABLE b (id integer);", "DROP TABLE b;");
    assert_upgrade(it, "heads");
    assert_fails(it, downgrade(it, "base"), WB_E_REVISION);
    assert_true(has_table(it, "b")); /* found before the first step ran */
    assert_int_equal(applied_count(it), 2);
}

static void failing_commit_keeps_later_revisions_from_running(void **state)
{
    world *it = *state;
    if (!is_postgres())
        skip();
    add_revision(it, "one", "",
                 "CREATE TABLE p (id integer PRIMARY KEY);\nCREATE TABLE c (p integer"
                 " REFERENCES p DEFERRABLE INITIALLY DEFERRED);",
                 "");
    add_revision(it, "two", "one", "INSERT INTO c VALUES (1);", "");
    add_revision(it, "three", "two", "CREATE TABLE d (id integer);", "");
    assert_fails(it, upgrade(it, "heads"), WB_E_CONSTRAINT);
    assert_string_equal(it->err.context[0], "committing revision \"two\"");
    assert_int_equal(applied_count(it), 1);
    assert_false(has_table(it, "d"));
}

static void *cancel_soon(void *arg)
{
    world *it = arg;
    wb_clock_sleep_ms(400);
    wb_cancel(it->workspace);
    return NULL;
}

static void cancel_ends_the_statement_and_the_next_run_goes_on(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "");
    add_revision(it, "two", "one", sleeping(20), "");
    pthread_t thread;
    world_open(it);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, it), 0);
    int64_t begin_us = wb_clock_monotonic_us();
    bool ok = wb_upgrade(it->target, NULL, it->arena, &it->plan, &it->err);
    (void) pthread_join(thread, NULL);
    assert_fails(it, ok, WB_E_CANCELLED);
    assert_true(wb_clock_monotonic_us() - begin_us < 8000000);
    world_close(it);
    assert_int_equal(applied_count(it), 1);
    add_revision(it, "two", "one", "CREATE TABLE b (id integer);", "");
    assert_upgrade(it, "heads");
    assert_int_equal(applied_count(it), 2);
}

static void *kill_soon(void *arg)
{
    world *it = arg;
    wb_clock_sleep_ms(600);
    if (is_postgres())
        execute(it, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE application_name = 'whimbrel test' AND datname = current_database()");
    else
        execute(it,
                wb_arena_printf(it->arena, "KILL %lld",
                                (long long) query_int(it, "SELECT id FROM information_schema."
                                                          "processlist WHERE db = database() AND"
                                                          " id <> connection_id()")));
    return NULL;
}

typedef struct counter {
    world *it;
    unsigned retries;
    wb_session *blocker;
} counter;

/* Frees the table at the second retry. */
static void count_retries(void *arg, const wb_event *event)
{
    counter *count = arg;
    if (event->kind != WB_EVENT_RETRY)
        return;
    wb_error err;
    if (++count->retries == 2)
        (void) wb_session_rollback(count->blocker, &err);
}

static void lost_connection_is_made_again_and_the_run_goes_on(void **state)
{
    world *it = *state;
    if (is_sqlite())
        skip();
    add_revision(it, "one", "", "CREATE TABLE a (n integer);\nINSERT INTO a VALUES (0);", "");
    add_revision(it, "two", "one",
                 wb_arena_printf(it->arena,
                                 "UPDATE a SET n = n + 1;\n%s\n"
                                 "UPDATE a SET n = n + 1;",
                                 is_postgres() ? "SELECT pg_sleep(2);" : "DO sleep(2);"),
                 "");
    add_revision(it, "three", "two", "UPDATE a SET n = n + 1;", "");
    counter count = {.it = it};
    it->event = count_retries;
    it->event_arg = &count;
    (void) query_int(it, "SELECT 1"); /* connects in this thread */
    count.blocker = it->session;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, kill_soon, it), 0);
    world mine = *it;
    mine.arena = wb_arena_new();
    bool ok = upgrade(&mine, "heads");
    (void) pthread_join(thread, NULL);
    wb_arena_free(mine.arena);
    if (!ok)
        fail_msg("%s", mine.err.message);
    assert_int_equal(count.retries, 1);
    assert_int_equal(applied_count(it), 3);
    assert_int_equal(query_int(it, "SELECT n FROM a"), 3);
}

static void lost_connection_keeps_what_was_committed(void **state)
{
    world *it = *state;
    if (is_sqlite())
        skip();
    world_set(it, "reconnect_timeout", "0");
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "");
    add_revision(it, "two", "one", sleeping(20), "");
    (void) query_int(it, "SELECT 1"); /* connects in this thread */
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, kill_soon, it), 0);
    world mine = *it;
    mine.arena = wb_arena_new();
    bool ok = upgrade(&mine, "heads");
    (void) pthread_join(thread, NULL);
    wb_arena_free(mine.arena);
    assert_fails(&mine, ok, WB_E_LOST);
    assert_int_equal(applied_count(it), 1);
    add_revision(it, "two", "one", "CREATE TABLE b (id integer);", "");
    assert_upgrade(it, "heads");
    assert_int_equal(applied_count(it), 2);
}

static void locked_table_is_tried_again_until_it_is_free(void **state)
{
    world *it = *state;
    if (is_sqlite())
        skip();
    add_revision(it, "one", "", "CREATE TABLE a (id integer);\nINSERT INTO a VALUES (1);", "");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one",
                 "CREATE TABLE b (id integer);\nALTER TABLE a ADD COLUMN n integer;", "");
    execute(it, "BEGIN");
    (void) query_int(it, "SELECT count(*) FROM a");
    counter count = {.it = it, .blocker = it->session};
    it->event = count_retries;
    it->event_arg = &count;
    world_set(it, "lock_timeout", is_mariadb() ? "1s" : "200ms");
    assert_upgrade(it, "heads");
    assert_int_equal(count.retries, 2);
    assert_int_equal(applied_count(it), 2);
}

/* What was told while a table was locked. */
typedef struct told {
    char progress[512];
    char retry[512];
    wb_session *blocker;
} told;

static void keep_told(void *arg, const wb_event *event)
{
    told *heard = arg;
    wb_error err;
    if (event->kind == WB_EVENT_PROGRESS)
        (void) snprintf(heard->progress, sizeof(heard->progress), "%s", event->text);
    if (event->kind != WB_EVENT_RETRY)
        return;
    (void) snprintf(heard->retry, sizeof(heard->retry), "%s", event->text);
    (void) wb_session_rollback(heard->blocker, &err);
}

static void who_is_in_the_way_is_told_while_waiting_and_when_trying_again(void **state)
{
    world *it = *state;
    if (is_sqlite())
        skip();
    add_revision(it, "one", "", "CREATE TABLE a (id integer);\nINSERT INTO a VALUES (1);", "");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one", "ALTER TABLE a ADD COLUMN n integer;", "");
    execute(it, "BEGIN");
    (void) query_int(it, "SELECT count(*) FROM a WHERE 'a secret' <> ''");
    told heard = {.blocker = it->session};
    it->event = keep_told;
    it->event_arg = &heard;
    world_set(it, "lock_timeout", "2s");
    assert_upgrade(it, "heads");
    const char *who = wb_arena_printf(it->arena, "%s %llu", is_postgres() ? "pid" : "connection",
                                      (unsigned long long) it->session->backend_id);
    if (strstr(heard.progress, who) == NULL)
        fail_msg("\"%s\" is not told of: %s", who, heard.progress);
    if (strstr(heard.retry, who) == NULL)
        fail_msg("\"%s\" is not told of: %s", who, heard.retry);
    assert_null(strstr(heard.progress, "secret"));
    assert_null(strstr(heard.retry, "secret"));
}

static void locked_table_ends_the_run_after_the_last_try(void **state)
{
    world *it = *state;
    if (is_sqlite())
        skip();
    add_revision(it, "one", "", "CREATE TABLE a (id integer);\nINSERT INTO a VALUES (1);", "");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one", "ALTER TABLE a ADD COLUMN n integer;", "");
    execute(it, "BEGIN");
    (void) query_int(it, "SELECT count(*) FROM a");
    world_set(it, "lock_timeout", is_mariadb() ? "1s" : "100ms");
    world_set(it, "lock_retries", "1");
    assert_fails(it, upgrade(it, "heads"), WB_E_LOCK_TIMEOUT);
    assert_int_equal(it->err.line, UP_LINE);
    execute(it, "ROLLBACK");
    assert_upgrade(it, "heads");
}

static void another_runner_is_waited_for_and_named(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one", "CREATE TABLE b (id integer);", "");
    wb_error err;
    bool taken = false;
    const char *holder = NULL;
    (void) query_int(it, "SELECT 1");
    const char *name =
        is_postgres()
            ? "whimbrel:\"public\".\"whimbrel_history\""
            : wb_arena_printf(it->arena, "whimbrel:`%s`.`whimbrel_history`", it->database);
    if (is_sqlite())
        execute(it, "BEGIN IMMEDIATE");
    else
        assert_true(wb_session_try_lock(it->session, name, it->arena, &taken, &holder, &err));
    assert_true(taken || is_sqlite());
    if (is_sqlite()) /* must not hold: the wait is the caller's */
        (void) strncat(it->url, "?busy_timeout=10000", sizeof(it->url) - strlen(it->url) - 1);
    it->options.lock_wait_ms = 300;
    assert_fails(it, upgrade(it, "heads"), WB_E_LOCK);
    assert_int_equal(wb_status_exit_code(it->err.status), 5);
    assert_non_null(strstr(it->err.message, is_postgres()  ? "pid"
                                            : is_mariadb() ? "connection"
                                                           : "process"));
    assert_false(has_table(it, "b"));
    if (is_sqlite()) {
        execute(it, "ROLLBACK");
    } else {
        assert_true(wb_session_unlock(it->session, name, &err) &&
                    wb_session_collect(it->session, &err));
    }
    assert_upgrade(it, "heads");
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(int argc, char **argv)
{
    world_main(argc, argv);
    const struct CMUnitTest tests[] = {
        WORLD_TEST(failing_statement_is_shown_and_those_before_are_kept),
        WORLD_TEST(half_done_step_goes_on_behind_what_is_done),
        WORLD_TEST(unknown_outcome_is_asked_for_and_then_resolved),
        WORLD_TEST(own_transaction_control_is_refused_before_anything_runs),
        WORLD_TEST(text_that_cannot_be_split_is_refused_before_anything_runs),
        WORLD_TEST(revision_without_a_down_section_cannot_be_undone),
        WORLD_TEST(failing_commit_keeps_later_revisions_from_running),
        WORLD_TEST(cancel_ends_the_statement_and_the_next_run_goes_on),
        WORLD_TEST(lost_connection_is_made_again_and_the_run_goes_on),
        WORLD_TEST(lost_connection_keeps_what_was_committed),
        WORLD_TEST(locked_table_is_tried_again_until_it_is_free),
        WORLD_TEST(who_is_in_the_way_is_told_while_waiting_and_when_trying_again),
        WORLD_TEST(locked_table_ends_the_run_after_the_last_try),
        WORLD_TEST(another_runner_is_waited_for_and_named),
    };
    return RUN_TESTS(tests);
}
