/* What runs do when nothing goes wrong, on every engine. */
#include "base/clock.h"
#include "world.h"

#include <pthread.h>
#include <stdio.h>

static void add_chain(world *it, unsigned count)
{
    for (unsigned i = 1; i <= count; i++) {
        const char *up = wb_arena_printf(it->arena,
                                         "CREATE TABLE t%u (id integer);\n"
                                         "CREATE INDEX t%u_id ON t%u (id);\n"
                                         "ALTER TABLE t%u ADD COLUMN extra integer;",
                                         i, i, i, i);
        add_revision(it, wb_arena_printf(it->arena, "r%04u", i),
                     i == 1 ? "" : wb_arena_printf(it->arena, "r%04u", i - 1), up,
                     wb_arena_printf(it->arena, "DROP TABLE t%u;", i));
    }
}

static void upgrade_applies_and_downgrade_undoes(void **state)
{
    world *it = *state;
    add_chain(it, 5);
    assert_upgrade(it, "heads");
    assert_int_equal(it->plan.step_count, 5);
    assert_string_equal(it->plan.heads_after[0], "r0005");
    assert_int_equal(applied_count(it), 5);
    execute(it, "INSERT INTO t5 (id, extra) VALUES (1, 2)");
    assert_true(downgrade(it, "-2"));
    assert_int_equal(applied_count(it), 3);
    assert_false(has_table(it, "t5"));
    assert_true(has_table(it, "t3"));
    assert_true(downgrade(it, "base"));
    assert_int_equal(applied_count(it), 0);
    assert_false(has_table(it, "t1"));
    assert_upgrade(it, "+2");
    assert_int_equal(applied_count(it), 2);
}

static void ledger_tells_what_was_applied(void **state)
{
    world *it = *state;
    add_chain(it, 2);
    assert_upgrade(it, "heads");
    wb_revision_list list;
    world_open(it);
    assert_true(wb_history(it->target, NULL, true, it->arena, &list, &it->err));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].id, "r0002");
    assert_true(list.items[0].is_current && list.items[0].is_applied);
    assert_true(list.items[1].is_applied && !list.items[1].is_current);
    assert_string_equal(list.items[0].applied_by, "tester");
    assert_string_equal(list.items[0].host, "here");
    assert_string_equal(list.items[0].tool_version, wb_version());
    assert_string_equal(list.items[0].run, list.items[1].run);
    assert_true(list.items[0].applied_at_us >= list.items[1].applied_at_us);
    assert_true(list.items[0].duration_ms >= 0 && list.items[0].duration_ms < 60000);
    assert_false(list.items[0].is_edited || list.items[0].is_stamped);
}

static void nothing_pending_costs_one_round_trip_and_no_lock(void **state)
{
    world *it = *state;
    add_chain(it, 3);
    assert_upgrade(it, "heads");
    world_open(it);
    assert_true(wb_upgrade(it->target, NULL, it->arena, &it->plan, &it->err));
    assert_int_equal(it->plan.step_count, 0);
    if (!is_sqlite())
        assert_int_equal(it->target->session->round_trips, 1);
}

static void many_pending_share_few_round_trips(void **state)
{
    world *it = *state;
    if (is_sqlite())
        skip();
    add_chain(it, 100);
    world_open(it);
    assert_true(wb_upgrade(it->target, NULL, it->arena, &it->plan, &it->err));
    assert_true(it->target->session->round_trips <= 8);
    uint64_t before = it->target->session->round_trips;
    const char *base = "base";
    wb_run_options options = {.targets = &base, .target_count = 1};
    assert_true(wb_downgrade(it->target, &options, it->arena, &it->plan, &it->err));
    assert_int_equal(it->plan.step_count, 100);
    assert_true(it->target->session->round_trips - before <= 8);
}

static void dry_run_changes_nothing(void **state)
{
    world *it = *state;
    add_chain(it, 3);
    it->options.dry_run = true;
    assert_upgrade(it, "heads");
    assert_int_equal(it->plan.step_count, 3);
    assert_false(has_table(it, "t1"));
    assert_false(has_table(it, "whimbrel_history"));
}

static void whole_run_can_be_one_transaction(void **state)
{
    world *it = *state;
    add_chain(it, 2);
    add_revision(it, "bad", "r0002", "CREATE TABLE u (id integer);\nSELECT nope;", NULL);
    it->options.transaction = "all";
    bool ok = upgrade(it, "heads");
    if (is_mariadb()) {
        assert_fails(it, ok, WB_E_UNSUPPORTED);
        return;
    }
    assert_fails(it, ok, WB_E_QUERY);
    assert_int_equal(applied_count(it), 0);
    assert_false(has_table(it, "t1"));
    assert_upgrade(it, "r0002");
    assert_int_equal(applied_count(it), 2);
}

static void settings_of_a_file_do_not_reach_the_next(void **state)
{
    world *it = *state;
    if (is_postgres()) {
        add_revision(it, "a", "",
                     "SET search_path = '';\nSET lock_timeout = 0;\n"
                     "SELECT pg_catalog.set_config('work_mem', '1MB', false);",
                     "");
        add_revision(it, "b", "a",
                     "CREATE TABLE settings AS SELECT current_setting('lock_timeout') AS l,"
                     " current_setting('work_mem') AS w;",
                     "");
        assert_upgrade(it, "heads");
        assert_int_equal(
            query_int(it, "SELECT count(*) FROM settings WHERE l <> '0' AND w <> '1MB'"), 1);
    } else if (is_mariadb()) {
        add_revision(it, "a", "", "SET foreign_key_checks = 0;\nSET sql_mode = 'ANSI_QUOTES';", "");
        add_revision(it, "b", "a",
                     "CREATE TABLE settings AS SELECT @@foreign_key_checks AS f, @@sql_mode AS m;",
                     "");
        assert_upgrade(it, "heads");
        assert_int_equal(query_int(it, "SELECT count(*) FROM settings WHERE f = 1"
                                       " AND m NOT LIKE '%ANSI_QUOTES%' AND m LIKE '%STRICT%'"),
                         1);
    } else {
        add_revision(it, "a", "",
                     "PRAGMA foreign_keys = OFF;\nCREATE TABLE p (id integer PRIMARY KEY);\n"
                     "CREATE TABLE c (p integer REFERENCES p);\n"
                     "INSERT INTO c VALUES (7);\nINSERT INTO p VALUES (7);\n"
                     "PRAGMA foreign_keys = ON;",
                     "");
        add_revision(it, "b", "a",
                     "PRAGMA foreign_keys = OFF;\nINSERT INTO c VALUES (8);\n"
                     "INSERT INTO p VALUES (8);",
                     "");
        add_revision(it, "c", "b", "INSERT INTO c VALUES (9);", "");
        assert_fails(it, upgrade(it, "heads"), WB_E_CONSTRAINT);
        assert_int_equal(applied_count(it), 2);
        assert_int_equal(query_int(it, "SELECT count(*) FROM c"), 2);
    }
}

static void statements_that_refuse_a_transaction_run_alone(void **state)
{
    world *it = *state;
    static const char *const middle[] = {
        [WB_ENGINE_SQLITE] = "VACUUM;",
        [WB_ENGINE_POSTGRES] = "CREATE INDEX CONCURRENTLY a_id ON a (id);\nVACUUM a;",
        [WB_ENGINE_MARIADB] = "ALTER TABLE a ADD COLUMN more integer;",
    };
    add_revision(it, "one", "",
                 wb_arena_printf(it->arena,
                                 "CREATE TABLE a (id integer);\n"
                                 "INSERT INTO a (id) VALUES (1);\n%s\n"
                                 "INSERT INTO a (id) VALUES (2);\n"
                                 "CREATE TABLE b (id integer);",
                                 middle[tested_engine]),
                 "DROP TABLE b;\nDROP TABLE a;");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 2);
    assert_int_equal(applied_count(it), 1);
    assert_int_equal(query_int(it, "SELECT count(*) FROM whimbrel_journal WHERE event = 'finish'"),
                     1);
    assert_true(downgrade(it, "base"));
    assert_upgrade(it, "heads");
}

typedef struct blocker {
    world *it;
    wb_session *session;
} blocker;

static void *free_the_table_late(void *arg)
{
    blocker *other = arg;
    wb_error err;
    wb_clock_sleep_ms(900);
    (void) wb_session_rollback(other->session, &err);
    return NULL;
}

static void concurrent_index_waits_longer_than_the_lock_timeout(void **state)
{
    world *it = *state;
    if (!is_postgres())
        skip();
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "DROP TABLE a;");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one",
                 "CREATE INDEX CONCURRENTLY a_id ON a (id);\n"
                 "CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS l;",
                 "");
    world_set(it, "lock_timeout", "100ms");
    execute(it, "BEGIN");
    execute(it, "INSERT INTO a VALUES (1)");
    blocker other = {.it = it, .session = it->session};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, free_the_table_late, &other), 0);
    bool ok = upgrade(it, "heads");
    (void) pthread_join(thread, NULL);
    if (!ok)
        fail_msg("%s", it->err.message);
    assert_int_equal(query_int(it, "SELECT count(*) FROM pg_index WHERE indrelid = 'a'::regclass"
                                   " AND indisvalid"),
                     1);
    assert_int_equal(query_int(it, "SELECT count(*) FROM seen WHERE l = '100ms'"), 1);
}

static void deadline_ends_a_statement_that_takes_too_long(void **state)
{
    world *it = *state;
    if (is_sqlite())
        skip();
    add_revision(it, "one", "",
                 is_postgres() ? "SELECT pg_sleep(60);"
                               : "SELECT count(*) FROM seq_1_to_100000 AS a"
                                 " JOIN seq_1_to_100000 AS b ON a.seq + b.seq > 3;",
                 "");
    world_set(it, "statement_deadline", "1s");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_int_equal(it->err.line, UP_LINE);
}

static void times_in_the_journal_are_utc_whatever_a_file_sets(void **state)
{
    world *it = *state;
    if (!is_mariadb())
        skip();
    add_file(it, "one.sql",
             "-- one\n-- revision: one\n-- migrate:up transaction:false\n"
             "SET time_zone = '+05:00';\nCREATE TABLE a (id integer);\n"
             "INSERT INTO a VALUES (1);\n");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT count(*) FROM whimbrel_journal WHERE event = 'done'"),
                     1);
    assert_int_equal(query_int(it, "SELECT count(*) FROM whimbrel_journal WHERE id > 1 AND"
                                   " abs(timestampdiff(MINUTE, at, utc_timestamp())) > 60"),
                     0);
}

static void limits_hold_in_the_first_run_and_after_a_failure(void **state)
{
    world *it = *state;
    if (!is_postgres())
        skip();
    const char *demand = "SELECT 1 / (current_setting('lock_timeout') = '2s')::integer;";
    add_revision(it, "one", "", demand, "");
    assert_upgrade(it, "heads"); /* whose first look at the ledger fails */
    add_revision(it, "two", "one", "ALTER TABLE nowhere ADD n integer;", "");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    add_revision(it, "two", "one", demand, "");
    assert_upgrade(it, "heads");
}

static void limit_of_the_url_holds_where_no_deadline_is_set(void **state)
{
    world *it = *state;
    if (!is_postgres())
        skip();
    add_revision(it, "one", "", "CREATE TABLE a (id integer);\nCREATE TABLE b (id integer);", "");
    assert_upgrade(it, "heads");
    /* Two tables: their locks are taken first, within a limit of its own. */
    add_revision(it, "two", "one",
                 "ALTER TABLE a ADD n integer;\nALTER TABLE b ADD n integer;\n"
                 "SELECT pg_sleep(60);",
                 "");
    (void) strncat(it->url, "?statement_timeout=1000", sizeof(it->url) - strlen(it->url) - 1);
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_int_equal(it->err.line, UP_LINE + 2);
    assert_string_equal(it->err.sqlstate, "57014");
}

static void section_without_transaction_may_have_its_own(void **state)
{
    world *it = *state;
    add_file(it, "one.sql",
             "-- one\n-- revision: one\n-- migrate:up transaction:false\n"
             "CREATE TABLE a (id integer);\nBEGIN;\nINSERT INTO a VALUES (1);\n"
             "INSERT INTO a VALUES (2);\nCOMMIT;\nINSERT INTO a VALUES (3);\n"
             "BEGIN;\nINSERT INTO a VALUES (4);\nROLLBACK;\n"
             "-- migrate:down transaction:false\nDROP TABLE a;\n");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT sum(id) FROM a"), 6);
    assert_true(downgrade(it, "base"));
    assert_false(has_table(it, "a"));
}

static void copy_data_are_fed_to_the_server(void **state)
{
    world *it = *state;
    if (!is_postgres())
        skip();
    add_revision(it, "one", "",
                 "CREATE TABLE a (id integer, name text);\n"
                 "COPY a (id, name) FROM stdin;\n1\tone; two\n2\t\\N\n\\.\n"
                 "INSERT INTO a VALUES (3, 'x');",
                 "DROP TABLE a;");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 3);
    assert_int_equal(query_int(it, "SELECT count(*) FROM a WHERE name = 'one; two'"), 1);
    add_revision(it, "two", "one",
                 "INSERT INTO a VALUES (4, 'y');\nCOPY a FROM stdin;\nx\ty\n\\.\n", "");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_int_equal(it->err.line, UP_LINE + 1);
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 3);
}

static void variables_are_replaced_only_where_declared(void **state)
{
    world *it = *state;
    add_file(it, "one.sql",
             "-- one\n-- revision: one\n-- variables: name\n-- migrate:up\n"
             "CREATE TABLE ${name} (id integer);\n-- migrate:down\n");
    const char *given = "name=chosen";
    it->options.variables = &given;
    it->options.variable_count = 1;
    assert_upgrade(it, "heads");
    assert_true(has_table(it, "chosen"));
}

static void stamp_records_without_running(void **state)
{
    world *it = *state;
    add_chain(it, 4);
    assert_true(stamp(it, "r0003"));
    assert_int_equal(applied_count(it), 3);
    assert_false(has_table(it, "t1"));
    assert_int_equal(query_int(it, "SELECT count(*) FROM whimbrel_history WHERE stamped"), 3);
    assert_true(stamp(it, "r0001"));
    assert_int_equal(applied_count(it), 1);
    assert_true(stamp(it, "base"));
    assert_int_equal(applied_count(it), 0);
    assert_true(stamp(it, "heads"));
    assert_int_equal(applied_count(it), 4);
}

static void edited_files_stop_a_run_and_cosmetic_edits_do_not(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "DROP TABLE a;");
    assert_upgrade(it, "heads");
    add_revision(it, "one", "", "-- a comment\r\nCREATE  TABLE a\n(id integer);\n",
                 "DROP TABLE a;");
    add_revision(it, "two", "one", "CREATE TABLE b (id integer);", "DROP TABLE b;");
    assert_upgrade(it, "heads");
    add_revision(it, "one", "", "CREATE TABLE a (id bigint);", "DROP TABLE a;");
    assert_fails(it, upgrade(it, "heads"), WB_E_CHECKSUM);
    assert_non_null(strstr(it->err.file, "one.sql"));
    assert_true(stamp(it, "current"));
    assert_upgrade(it, "heads");
}

static void missing_file_of_an_applied_revision_stops_a_run(void **state)
{
    world *it = *state;
    add_chain(it, 1);
    assert_upgrade(it, "heads");
    execute(it,
            "INSERT INTO whimbrel_history (revision, slug, checksum, raw_checksum, applied_at,"
            " duration_ms, tool_version, batch, stamped, position) SELECT 'gone', slug, checksum,"
            " raw_checksum, applied_at, 0, '0', 'x', stamped, 9 FROM whimbrel_history");
    assert_fails(it, upgrade(it, "heads"), WB_E_MISSING_REVISION);
    assert_non_null(strstr(it->err.message, "\"gone\""));
    assert_fails(it, stamp(it, "heads"), WB_E_MISSING_REVISION);
    it->options.purge = true;
    assert_true(stamp(it, "heads"));
    assert_int_equal(applied_count(it), 1);
}

static void newer_ledger_is_refused(void **state)
{
    world *it = *state;
    add_chain(it, 2);
    assert_upgrade(it, "r0001");
    execute(it, "UPDATE whimbrel_journal SET statement = 99 WHERE id = 1");
    assert_fails(it, upgrade(it, "heads"), WB_E_LEDGER);
    assert_non_null(strstr(it->err.message, "version 99"));
    assert_false(has_table(it, "t2"));
}

static void ledger_can_be_elsewhere(void **state)
{
    world *it = *state;
    add_chain(it, 2);
    world_set(it, "ledger.prefix", "my_");
    if (is_postgres())
        world_set(it, "ledger.schema", "tools");
    assert_upgrade(it, "heads");
    assert_false(has_table(it, "whimbrel_history"));
    assert_int_equal(query_int(it, is_postgres() ? "SELECT count(*) FROM tools.my_history"
                                                 : "SELECT count(*) FROM my_history"),
                     2);
    assert_upgrade(it, "heads");
    assert_int_equal(it->plan.step_count, 0);
}

static void role_that_may_not_create_schemas_can_run(void **state)
{
    world *it = *state;
    if (!is_postgres())
        skip();
    const char *role = wb_arena_printf(it->arena, "role_%s", it->database);
    execute(it, wb_arena_printf(it->arena, "CREATE ROLE %s LOGIN PASSWORD 'x'", role));
    execute(it, "CREATE SCHEMA tools");
    execute(it, wb_arena_printf(it->arena, "GRANT USAGE, CREATE ON SCHEMA tools TO %s", role));
    execute(it, wb_arena_printf(it->arena, "ALTER ROLE %s SET search_path = tools", role));
    char *at = strchr(it->url, '@');
    char rest[256];
    (void) snprintf(rest, sizeof(rest), "%s", at);
    (void) snprintf(it->url, sizeof(it->url), "postgresql://%s:x%s", role, rest);
    add_chain(it, 2);
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT count(*) FROM tools.whimbrel_history"), 2);
    world_set(it, "ledger.schema", "nowhere");
    assert_fails(it, upgrade(it, "heads"), WB_E_PERMISSION);
    wb_session_close(it->session);
    it->session = NULL;
}

static void spliced_revision_behind_an_applied_one_is_pending(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "DROP TABLE a;");
    add_revision(it, "three", "one", "CREATE TABLE c (id integer);", "DROP TABLE c;");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one", "CREATE TABLE b (id integer);", "DROP TABLE b;");
    add_file(it, "three.sql",
             "-- revision three\n-- revision: three\n-- revises: two\n\n"
             "-- migrate:up\nCREATE TABLE c (id integer);\n-- migrate:down\n"
             "DROP TABLE c;\n");
    assert_upgrade(it, "heads");
    assert_int_equal(it->plan.step_count, 1);
    assert_true(has_table(it, "b"));
}

enum { RUNNERS = 6 };

typedef struct runner {
    world it;
    bool ok;
} runner;

static void *run_upgrade(void *arg)
{
    runner *me = arg;
    me->it.options.lock_wait_ms = 60000;
    me->ok = upgrade(&me->it, "heads");
    return NULL;
}

static void runners_at_once_apply_each_revision_once(void **state)
{
    world *it = *state;
    add_chain(it, 20);
    add_revision(it, "data", "r0020", "INSERT INTO t1 (id) VALUES (1);", "DELETE FROM t1;");
    runner runners[RUNNERS];
    pthread_t threads[RUNNERS];
    for (size_t i = 0; i < RUNNERS; i++) {
        runners[i] = (runner){.it = *it};
        runners[i].it.arena = wb_arena_new();
        assert_int_equal(pthread_create(&threads[i], NULL, run_upgrade, &runners[i]), 0);
    }
    for (size_t i = 0; i < RUNNERS; i++) {
        (void) pthread_join(threads[i], NULL);
        if (!runners[i].ok)
            print_error("runner %zu: %s\n", i, runners[i].it.err.message);
        wb_arena_free(runners[i].it.arena);
    }
    for (size_t i = 0; i < RUNNERS; i++)
        assert_true(runners[i].ok);
    assert_int_equal(applied_count(it), 21);
    assert_int_equal(query_int(it, "SELECT count(*) FROM t1"), 1);
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(int argc, char **argv)
{
    world_main(argc, argv);
    const struct CMUnitTest tests[] = {
        WORLD_TEST(upgrade_applies_and_downgrade_undoes),
        WORLD_TEST(ledger_tells_what_was_applied),
        WORLD_TEST(nothing_pending_costs_one_round_trip_and_no_lock),
        WORLD_TEST(many_pending_share_few_round_trips),
        WORLD_TEST(dry_run_changes_nothing),
        WORLD_TEST(whole_run_can_be_one_transaction),
        WORLD_TEST(settings_of_a_file_do_not_reach_the_next),
        WORLD_TEST(statements_that_refuse_a_transaction_run_alone),
        WORLD_TEST(concurrent_index_waits_longer_than_the_lock_timeout),
        WORLD_TEST(deadline_ends_a_statement_that_takes_too_long),
        WORLD_TEST(times_in_the_journal_are_utc_whatever_a_file_sets),
        WORLD_TEST(limits_hold_in_the_first_run_and_after_a_failure),
        WORLD_TEST(limit_of_the_url_holds_where_no_deadline_is_set),
        WORLD_TEST(section_without_transaction_may_have_its_own),
        WORLD_TEST(copy_data_are_fed_to_the_server),
        WORLD_TEST(variables_are_replaced_only_where_declared),
        WORLD_TEST(stamp_records_without_running),
        WORLD_TEST(edited_files_stop_a_run_and_cosmetic_edits_do_not),
        WORLD_TEST(missing_file_of_an_applied_revision_stops_a_run),
        WORLD_TEST(newer_ledger_is_refused),
        WORLD_TEST(ledger_can_be_elsewhere),
        WORLD_TEST(role_that_may_not_create_schemas_can_run),
        WORLD_TEST(spliced_revision_behind_an_applied_one_is_pending),
        WORLD_TEST(runners_at_once_apply_each_revision_once),
    };
    return RUN_TESTS(tests);
}
