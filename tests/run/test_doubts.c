/* Statements of which it is not known how they ended: after a crash, or because they failed half
 * way. */
#include "world.h"

#include <pthread.h>
#include <stdio.h>

/* Hash of no statement: what an intent of the first one has for those before it. */
#define NOTHING_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* As a run leaves it that was cut off while the server worked on the first statement. */
static void crash_in_first(world *it, const char *revision)
{
    execute(it, wb_arena_printf(it->arena,
                                "INSERT INTO whimbrel_journal (run, event, revision, direction,"
                                " statement, checksum) VALUES ('crashed', 'intent', '%s', 'up', 1,"
                                " '" NOTHING_HASH "')",
                                revision));
}

static int64_t valid_indexes(world *it, const char *name)
{
    return query_int(it, wb_arena_printf(it->arena,
                                         "SELECT count(*) FROM pg_index WHERE indisvalid AND"
                                         " indexrelid = to_regclass('%s')",
                                         name));
}

/* Revision one makes table a with two equal rows; the second builds an index. */
static void make_table(world *it, const char *build)
{
    add_revision(
        it, "one", "",
        "CREATE TABLE a (id integer);\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (1);", "");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one", build, "");
}

/* An index whose build failed: it is there, but invalid. */
static void leave_invalid_index(world *it)
{
    wb_error err;
    (void) query_int(it, "SELECT 1"); /* connects */
    assert_false(wb_session_exec(it->session,
                                 WB_STR("CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id)"), &err));
    assert_int_equal(query_int(it, "SELECT count(*) FROM pg_class WHERE relname = 'a_id'"), 1);
    assert_int_equal(valid_indexes(it, "a_id"), 0);
    execute(it, "DELETE FROM a");
}

static void index_that_was_not_built_is_built(void **state)
{
    world *it = *state;
    make_table(it, "CREATE INDEX CONCURRENTLY a_id ON a (id);");
    crash_in_first(it, "two");
    assert_upgrade(it, "heads");
    assert_int_equal(valid_indexes(it, "a_id"), 1);
}

static void index_that_was_built_is_kept(void **state)
{
    world *it = *state;
    make_table(it, "CREATE INDEX CONCURRENTLY a_id ON a (id);\nINSERT INTO a VALUES (2);");
    execute(it, "CREATE INDEX a_id ON a (id)");
    int64_t before = query_int(it, "SELECT 'a_id'::regclass::oid::bigint");
    crash_in_first(it, "two");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT 'a_id'::regclass::oid::bigint"), before);
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 3);
    assert_int_equal(applied_count(it), 2);
}

static void index_that_is_invalid_is_dropped_and_built(void **state)
{
    world *it = *state;
    make_table(it, "CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);");
    leave_invalid_index(it);
    crash_in_first(it, "two");
    assert_upgrade(it, "heads");
    assert_int_equal(valid_indexes(it, "a_id"), 1);
}

static void invalid_index_does_not_count_as_existing(void **state)
{
    world *it = *state;
    make_table(it, "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_id ON a (id);");
    leave_invalid_index(it);
    assert_upgrade(it, "heads");
    assert_int_equal(valid_indexes(it, "a_id"), 1);
}

static void index_of_the_same_name_elsewhere_is_not_taken_for_it(void **state)
{
    world *it = *state;
    make_table(it, "CREATE INDEX CONCURRENTLY a_id ON a (id);");
    execute(it, "CREATE TABLE b (id integer)");
    execute(it, "CREATE INDEX a_id ON b (id)");
    crash_in_first(it, "two");
    assert_fails(it, upgrade(it, "heads"),
                 WB_E_QUERY); /* the name is taken, and the server says so */
}

static void index_without_a_name_is_asked_for(void **state)
{
    world *it = *state;
    make_table(it, "CREATE INDEX CONCURRENTLY ON a (id);");
    crash_in_first(it, "two");
    assert_fails(it, upgrade(it, "heads"), WB_E_UNRESOLVED);
    assert_non_null(strstr(it->err.detail, "one index more"));
    assert_non_null(strstr(it->err.hint, "resolve two --statement 1"));
}

static void failed_build_leaves_no_invalid_index(void **state)
{
    world *it = *state;
    make_table(it, "CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);");
    assert_fails(it, upgrade(it, "heads"), WB_E_CONSTRAINT);
    assert_int_equal(query_int(it, "SELECT count(*) FROM pg_class WHERE relname = 'a_id'"), 0);
    execute(it, "DELETE FROM a");
    assert_upgrade(it, "heads");
    assert_int_equal(valid_indexes(it, "a_id"), 1);
}

static void dropped_index_is_told_from_one_that_is_there(void **state)
{
    world *it = *state;
    make_table(it, "DROP INDEX CONCURRENTLY a_id;\nINSERT INTO a VALUES (2);");
    crash_in_first(it, "two"); /* there is none: it was dropped */
    assert_upgrade(it, "heads");
    add_revision(it, "three", "two", "DROP INDEX CONCURRENTLY a_id;", "");
    execute(it, "CREATE INDEX a_id ON a (id)");
    crash_in_first(it, "three");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT count(*) FROM pg_class WHERE relname = 'a_id'"), 0);
}

static void other_statements_are_told_by_what_they_made(void **state)
{
    world *it = *state;
    const char *made = wb_arena_printf(it->arena, "%s_made", it->database);
    make_table(it, wb_arena_printf(it->arena, "CREATE DATABASE %s;", made));
    execute(it, wb_arena_printf(it->arena, "CREATE DATABASE %s", made));
    crash_in_first(it, "two");
    assert_upgrade(it, "heads");
    add_revision(it, "three", "two", wb_arena_printf(it->arena, "DROP DATABASE %s;", made), "");
    crash_in_first(it, "three");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, wb_arena_printf(it->arena,
                                                   "SELECT count(*) FROM pg_database"
                                                   " WHERE datname = '%s'",
                                                   made)),
                     0);
    add_revision(it, "four", "three", "VACUUM a;", "");
    crash_in_first(it, "four");
    assert_upgrade(it, "heads");
}

static void reindex_leaves_no_copies(void **state)
{
    world *it = *state;
    make_table(it, "REINDEX TABLE CONCURRENTLY a;");
    leave_invalid_index(it);
    execute(it, "ALTER INDEX a_id RENAME TO a_id_ccnew");
    crash_in_first(it, "two");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT count(*) FROM pg_class WHERE relname ~ '_ccnew'"), 0);
}

static void edited_statement_in_doubt_is_refused(void **state)
{
    world *it = *state;
    make_table(it, "CREATE INDEX CONCURRENTLY a_id ON a (id);");
    crash_in_first(it, "two");
    execute(it, "UPDATE whimbrel_journal SET message = 'hash of another text'"
                " WHERE event = 'intent'");
    assert_fails(it, upgrade(it, "heads"), WB_E_CHECKSUM);
    assert_non_null(strstr(it->err.message, "which was edited since"));
}

static void keep_progress(void *arg, const wb_event *event)
{
    if (event->kind == WB_EVENT_PROGRESS)
        (void) snprintf(arg, 512, "%s", event->text);
}

/* A transaction that was open before keeps the build waiting, and then the dropping as well. */
static void deadline_ends_a_build_and_the_next_run_builds_anew(void **state)
{
    world *it = *state;
    char progress[512] = "";
    wb_error err;
    make_table(it, "CREATE INDEX CONCURRENTLY a_id ON a (id);");
    (void) query_int(it, "SELECT 1");
    wb_session *reader = it->session;
    it->session = NULL;
    assert_true(wb_session_exec(reader, WB_STR("BEGIN ISOLATION LEVEL REPEATABLE READ"), &err) &&
                wb_session_exec(reader, WB_STR("SELECT * FROM a"), &err));
    it->event = keep_progress;
    it->event_arg = progress;
    world_set(it, "statement_deadline", "3s");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_string_equal(it->err.sqlstate, "57014");
    if (strstr(progress, wb_arena_printf(it->arena, "pid %llu",
                                         (unsigned long long) reader->backend_id)) == NULL)
        fail_msg("the reader is not told of: %s", progress);
    assert_int_equal(valid_indexes(it, "a_id"), 0);
    assert_true(wb_session_rollback(reader, &err));
    wb_session_close(reader);
    assert_upgrade(it, "heads");
    assert_int_equal(valid_indexes(it, "a_id"), 1);
    assert_int_equal(query_int(it, "SELECT count(*) FROM pg_index WHERE NOT indisvalid"), 0);
}

/* ---- a partition that was detached by half ---- */

static void *cancel_at_last(void *arg)
{
    world *it = arg;
    while (query_int(it, "SELECT count(*) FROM pg_inherits WHERE inhdetachpending") == 0)
        ;
    execute(it, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'whimbrel test' AND datname = current_database()");
    return NULL;
}

static void half_detached_partition_is_detached_wholly(void **state)
{
    world *it = *state;
    add_revision(it, "one", "",
                 "CREATE TABLE a (id integer) PARTITION BY LIST (id);\n"
                 "CREATE TABLE a1 PARTITION OF a FOR VALUES IN (1);",
                 "");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one", "ALTER TABLE a DETACH PARTITION a1 CONCURRENTLY;", "");
    (void) query_int(it, "SELECT 1");
    wb_session *reader = it->session;
    it->session = NULL; /* another for the thread */
    wb_error err;
    assert_true(wb_session_begin(reader, &err) &&
                wb_session_exec(reader, WB_STR("SELECT * FROM a"), &err));
    (void) query_int(it, "SELECT 1");
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_at_last, it), 0);
    world mine = *it;
    mine.arena = wb_arena_new();
    bool ok = upgrade(&mine, "heads");
    (void) pthread_join(thread, NULL);
    wb_arena_free(mine.arena);
    assert_fails(&mine, ok, WB_E_QUERY);
    assert_int_equal(query_int(it, "SELECT count(*) FROM pg_inherits WHERE inhdetachpending"), 1);
    assert_true(wb_session_rollback(reader, &err));
    wb_session_close(reader);
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT count(*) FROM pg_inherits"), 0);
    assert_int_equal(applied_count(it), 2);
}

/* ---- programs that commit ---- */

static void procedure_that_commits_and_fails_is_asked_for(void **state)
{
    world *it = *state;
    add_revision(it, "one", "",
                 "CREATE TABLE a (id integer);\n"
                 "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO a VALUES (1);"
                 " COMMIT; PERFORM 1 / count(*) FROM a WHERE id = 2; END $$;",
                 "");
    assert_upgrade(it, "heads");
    add_file(it, "two.sql",
             "-- two\n-- revision: two\n-- revises: one\n\n-- migrate:up transaction:false\n"
             "INSERT INTO a VALUES (10);\nCALL p();\nINSERT INTO a VALUES (20);\n");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_non_null(strstr(it->err.detail, "in part"));
    assert_fails(it, upgrade(it, "heads"), WB_E_UNRESOLVED);
    assert_int_equal(it->err.line, 7);
    world_open(it);
    assert_true(wb_resolve(it->target, "two", 2, true, &it->err));
    world_close(it);
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT sum(id) FROM a"), 31);
}

static void procedure_that_only_changes_rows_is_all_or_nothing(void **state)
{
    world *it = *state;
    add_revision(it, "one", "",
                 "CREATE TABLE a (id integer);\nDELIMITER //\n"
                 "CREATE PROCEDURE p() BEGIN INSERT INTO a VALUES (1);"
                 " IF (SELECT count(*) FROM a) < 3 THEN SIGNAL SQLSTATE '45000'; END IF; END//\n"
                 "DELIMITER ;\n",
                 "");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one",
                 "INSERT INTO a VALUES (10);\nCALL p();\nINSERT INTO a VALUES (20);", "");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 0);
    execute(it, "INSERT INTO a VALUES (100)");
    assert_upgrade(it, "heads"); /* nothing is in doubt, nothing is doubled */
    assert_int_equal(query_int(it, "SELECT sum(id) FROM a"), 131);
}

static void procedure_that_made_a_table_and_failed_is_in_doubt(void **state)
{
    world *it = *state;
    add_revision(it, "one", "",
                 "CREATE TABLE a (id integer);\nDELIMITER //\n"
                 "CREATE PROCEDURE p() BEGIN INSERT INTO a VALUES (1); CREATE TABLE b (id integer);"
                 " INSERT INTO a VALUES (2); SIGNAL SQLSTATE '45000'; END//\nDELIMITER ;\n",
                 "");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one", "INSERT INTO a VALUES (10);\nCALL p();", "");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_non_null(strstr(it->err.detail, "in part"));
    assert_fails(it, upgrade(it, "heads"), WB_E_UNRESOLVED);
    assert_int_equal(query_int(it, "SELECT sum(id) FROM a"), 11); /* not run again */
}

static void list_that_was_dropped_by_half_is_explained(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one", "DROP TABLE a, nowhere;", "");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_false(has_table(it, "a")); /* MariaDB drops one by one */
    assert_fails(it, upgrade(it, "heads"), WB_E_UNRESOLVED);
}

static void statements_without_transaction_are_known_each(void **state)
{
    world *it = *state;
    add_file(it, "one.sql",
             "-- one\n-- revision: one\n\n\n-- migrate:up transaction:false\n"
             "CREATE TABLE a (id integer);\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES (2);\n"
             "INSERT INTO nowhere VALUES (3);\n-- migrate:down\n");
    assert_fails(it, upgrade(it, "heads"), WB_E_QUERY);
    assert_int_equal(query_int(it, "SELECT sum(id) FROM a"), 3);
    execute(it, "CREATE TABLE nowhere (id integer)");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 2);
    assert_int_equal(query_int(it, "SELECT count(*) FROM nowhere"), 1);
}

static void vacuum_that_was_cut_off_is_run_again(void **state)
{
    world *it = *state;
    add_revision(it, "one", "", "CREATE TABLE a (id integer);", "");
    assert_upgrade(it, "heads");
    add_revision(it, "two", "one", "VACUUM;\nINSERT INTO a VALUES (1);", "");
    crash_in_first(it, "two");
    assert_upgrade(it, "heads");
    assert_int_equal(query_int(it, "SELECT count(*) FROM a"), 1);
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(int argc, char **argv)
{
    world_main(argc, argv);
    const struct CMUnitTest of_all[] = {
        WORLD_TEST(statements_without_transaction_are_known_each),
    };
    const struct CMUnitTest of_postgres[] = {
        WORLD_TEST(index_that_was_not_built_is_built),
        WORLD_TEST(index_that_was_built_is_kept),
        WORLD_TEST(index_that_is_invalid_is_dropped_and_built),
        WORLD_TEST(invalid_index_does_not_count_as_existing),
        WORLD_TEST(index_of_the_same_name_elsewhere_is_not_taken_for_it),
        WORLD_TEST(index_without_a_name_is_asked_for),
        WORLD_TEST(failed_build_leaves_no_invalid_index),
        WORLD_TEST(dropped_index_is_told_from_one_that_is_there),
        WORLD_TEST(other_statements_are_told_by_what_they_made),
        WORLD_TEST(reindex_leaves_no_copies),
        WORLD_TEST(edited_statement_in_doubt_is_refused),
        WORLD_TEST(deadline_ends_a_build_and_the_next_run_builds_anew),
        WORLD_TEST(half_detached_partition_is_detached_wholly),
        WORLD_TEST(procedure_that_commits_and_fails_is_asked_for),
    };
    const struct CMUnitTest of_mariadb[] = {
        WORLD_TEST(procedure_that_only_changes_rows_is_all_or_nothing),
        WORLD_TEST(procedure_that_made_a_table_and_failed_is_in_doubt),
        WORLD_TEST(list_that_was_dropped_by_half_is_explained),
    };
    const struct CMUnitTest of_sqlite[] = {
        WORLD_TEST(vacuum_that_was_cut_off_is_run_again),
    };
    int failed = RUN_TESTS(of_all);
    if (is_postgres())
        failed += RUN_TESTS(of_postgres);
    else if (is_mariadb())
        failed += RUN_TESTS(of_mariadb);
    else
        failed += RUN_TESTS(of_sqlite);
    return failed;
}
