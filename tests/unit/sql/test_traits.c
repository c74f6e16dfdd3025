/* What a statement is. */
#include "../../support/test.h"
#include "sql/splitter.h"
#include "sql/traits.h"

enum {
    BEGIN = WB_STMT_BEGIN,
    END = WB_STMT_END,
    SAVEPOINT = WB_STMT_SAVEPOINT,
    NO_TX = WB_STMT_NO_TRANSACTION,
    COMMITS = WB_STMT_AUTOCOMMIT,
    COPY_IN = WB_STMT_COPY_IN,
    SETTING = WB_STMT_SETTING,
    ROWS = WB_STMT_ROWS,
    DDL = WB_STMT_DDL,
    DML = WB_STMT_DML,
    PROGRAM = WB_STMT_PROGRAM,
    CONCURRENT = WB_STMT_CONCURRENT_INDEX
};

typedef struct traits_case {
    const char *text;
    unsigned traits;
} traits_case;

static void check(wb_dialect_id id, const traits_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned traits = wb_statement_traits(wb_dialect_of(id), wb_str_from(cases[i].text), 0);
        if (traits != cases[i].traits)
            fail_msg("0x%x, not 0x%x: %s", traits, cases[i].traits, cases[i].text);
    }
}

static void postgres_statements_are_known(void **state)
{
    (void) state;
    static const traits_case cases[] = {
        {"BEGIN", BEGIN},
        {"begin isolation level serializable", BEGIN},
        {"START TRANSACTION READ ONLY", BEGIN},
        {"COMMIT", END},
        {"END", END},
        {"ABORT", END},
        {"ROLLBACK WORK", END},
        {"COMMIT AND CHAIN", END | BEGIN},
        {"ROLLBACK TRANSACTION AND CHAIN", END | BEGIN},
        {"COMMIT AND NO CHAIN", END},
        {"PREPARE TRANSACTION 'x'", END},
        {"COMMIT PREPARED 'x'", NO_TX},
        {"ROLLBACK PREPARED 'x'", NO_TX},
        {"SAVEPOINT a", SAVEPOINT},
        {"RELEASE a", SAVEPOINT},
        {"ROLLBACK TO a", SAVEPOINT},
        {"ROLLBACK WORK TO SAVEPOINT a", SAVEPOINT},
        {"CREATE DATABASE a", DDL | NO_TX},
        {"DROP DATABASE IF EXISTS a", DDL | NO_TX},
        {"CREATE TABLESPACE a LOCATION '/x'", DDL | NO_TX},
        {"ALTER DATABASE a SET TABLESPACE b", DDL | NO_TX},
        {"ALTER DATABASE a SET search_path = b", DDL},
        {"ALTER SYSTEM SET a = 1", NO_TX},
        {"CREATE INDEX CONCURRENTLY a ON b (c)", DDL | NO_TX | CONCURRENT},
        {"create unique index concurrently if not exists a on b (c)", DDL | NO_TX | CONCURRENT},
        {"CREATE INDEX a ON b (c)", DDL},
        {"CREATE INDEX \"concurrently\" ON b (c)", DDL},
        {"CREATE TABLE concurrently (a int)", DDL},
        {"DROP INDEX CONCURRENTLY a", DDL | NO_TX | CONCURRENT},
        {"DROP INDEX a", DDL},
        {"REINDEX INDEX a", DDL},
        {"REINDEX TABLE CONCURRENTLY a", DDL | NO_TX | CONCURRENT},
        {"REINDEX (VERBOSE, CONCURRENTLY) INDEX a", DDL | NO_TX | CONCURRENT},
        {"REINDEX (CONCURRENTLY false) INDEX a", DDL},
        {"REINDEX (concurrently 'off', verbose) TABLE a", DDL},
        {"REINDEX SCHEMA a", DDL | NO_TX},
        {"REINDEX (VERBOSE) DATABASE a", DDL | NO_TX},
        {"REINDEX SYSTEM a", DDL | NO_TX},
        {"REINDEX INDEX \"concurrently\"", DDL},
        {"VACUUM", NO_TX},
        {"VACUUM (FULL) a", NO_TX},
        {"CLUSTER", DDL | NO_TX},
        {"CLUSTER VERBOSE;", DDL | NO_TX},
        {"CLUSTER (VERBOSE)", DDL | NO_TX},
        {"CLUSTER a USING b", DDL},
        {"CLUSTER VERBOSE a", DDL},
        {"DISCARD ALL", SETTING | NO_TX},
        {"DISCARD TEMP", SETTING},
        {"CREATE SUBSCRIPTION a CONNECTION 'x' PUBLICATION b", DDL | NO_TX},
        {"CREATE SUBSCRIPTION a CONNECTION 'x' PUBLICATION b WITH (copy_data = false)",
         DDL | NO_TX},
        {"CREATE SUBSCRIPTION a CONNECTION 'x' PUBLICATION b WITH (connect = false)", DDL},
        {"CREATE SUBSCRIPTION a CONNECTION 'x' PUBLICATION b WITH (slot_name=x, create_slot=0)",
         DDL},
        {"CREATE SUBSCRIPTION a CONNECTION 'x' PUBLICATION b WITH (connect)", DDL | NO_TX},
        {"DROP SUBSCRIPTION a", DDL | NO_TX},
        {"ALTER SUBSCRIPTION a REFRESH PUBLICATION", DDL | NO_TX},
        {"ALTER SUBSCRIPTION a SET PUBLICATION b", DDL | NO_TX},
        {"ALTER SUBSCRIPTION a ADD PUBLICATION b WITH (refresh = false)", DDL},
        {"ALTER SUBSCRIPTION a SET (slot_name = NONE)", DDL},
        {"ALTER SUBSCRIPTION a SET (two_phase = true)", DDL | NO_TX},
        {"ALTER SUBSCRIPTION a DISABLE", DDL},
        {"ALTER TYPE a ADD VALUE 'b'", DDL},
        {"ALTER TABLE a DETACH PARTITION b CONCURRENTLY", DDL | NO_TX},
        {"ALTER TABLE IF EXISTS ONLY s.\"a\" DETACH PARTITION s.b CONCURRENTLY", DDL | NO_TX},
        {"ALTER TABLE a DETACH PARTITION b", DDL},
        {"ALTER TABLE a DETACH PARTITION concurrently", DDL},
        {"ALTER TABLE a ADD concurrently int", DDL},
        {"REFRESH MATERIALIZED VIEW CONCURRENTLY a", DDL},
        {"CALL a()", DML | PROGRAM},
        {"DO $$ BEGIN COMMIT; END $$", DML | PROGRAM},
        {"DO LANGUAGE plpgsql 'BEGIN Call p(); END'", DML | PROGRAM},
        {"DO $$ BEGIN PERFORM 1; END $$", DML},
        {"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END", DDL},
        {"CREATE TABLE a AS SELECT 1", DDL},
        {"GRANT SELECT ON a TO b", DDL},
        {"COMMENT ON TABLE a IS 'b'", DDL},
        {"INSERT INTO a VALUES (1)", DML},
        {"MERGE INTO a USING b ON true WHEN MATCHED THEN DO NOTHING", DML},
        {"TRUNCATE a", DML},
        {"SELECT 1", ROWS},
        {"(SELECT 1) UNION (SELECT 2)", ROWS},
        {"VALUES (1)", ROWS},
        {"TABLE a", ROWS},
        {"SHOW a", ROWS},
        {"SELECT 1 INTO a", DDL},
        {"SELECT (SELECT into FROM t) FROM a", ROWS},
        {"SELECT 'into', \"into\" FROM a", ROWS},
        {"SELECT set_config('a.b', 'c', false)", ROWS | SETTING},
        {"SELECT pg_catalog.set_config('search_path', '', false);", ROWS | SETTING},
        {"SELECT set_config('a.b', 'c', true)", ROWS},
        {"SELECT set_config FROM a", ROWS},
        {"SELECT 'set_config(1, 2, false)'", ROWS},
        {"WITH a AS (SELECT 1) SELECT * FROM a", ROWS},
        {"WITH RECURSIVE a (b) AS (SELECT 1), c AS (SELECT 2) INSERT INTO d SELECT * FROM c", DML},
        {"WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a", ROWS | DML},
        {"WITH a AS MATERIALIZED (SELECT 1) UPDATE b SET c = 1", DML},
        {"EXPLAIN DELETE FROM a", ROWS},
        {"EXPLAIN ANALYZE VERBOSE DELETE FROM a", ROWS | DML},
        {"EXPLAIN (ANALYZE, COSTS off) INSERT INTO a VALUES (1)", ROWS | DML},
        {"EXPLAIN (ANALYZE false) DELETE FROM a", ROWS},
        {"COPY a FROM STDIN", DML | COPY_IN},
        {"COPY a (b, \"from\") FROM stdin WITH (FORMAT csv)", DML | COPY_IN},
        {"COPY s.a FROM '/x'", DML},
        {"COPY a FROM PROGRAM 'x'", DML},
        {"COPY a TO STDOUT", ROWS},
        {"COPY (SELECT 1 FROM stdin) TO '/x'", 0},
        {"SET search_path = a", SETTING},
        {"SET SESSION a = 1", SETTING},
        {"RESET ALL", SETTING},
        {"SET LOCAL a = 1", 0},
        {"SET TRANSACTION READ ONLY", 0},
        {"SET CONSTRAINTS ALL DEFERRED", 0},
        {"LISTEN a", SETTING},
        {"PREPARE a AS SELECT 1", SETTING},
        {"ANALYZE a", 0},
        {"LOCK TABLE a", 0},
        {"nonsense", 0},
        {"/* a */ -- b\n CREATE INDEX /* c */ CONCURRENTLY a ON b (c)", DDL | NO_TX | CONCURRENT},
        {"", 0},
        {"'BEGIN'", 0},
        {"\"BEGIN\"", 0},
        {"BEGINNING", 0},
    };
    check(WB_POSTGRES, cases, COUNT_OF(cases));
}

static void add_value_depends_on_the_version(void **state)
{
    (void) state;
    const wb_dialect *dialect = wb_dialect_of(WB_POSTGRES);
    wb_str text = WB_STR("ALTER TYPE s.mood ADD VALUE IF NOT EXISTS 'x'");
    assert_int_equal(wb_statement_traits(dialect, text, 110009), DDL | NO_TX);
    assert_int_equal(wb_statement_traits(dialect, text, 120000), DDL);
    assert_int_equal(wb_statement_traits(dialect, text, 0), DDL);
    text = WB_STR("ALTER TYPE a RENAME VALUE 'x' TO 'y'");
    assert_int_equal(wb_statement_traits(dialect, text, 110009), DDL);
}

static void mariadb_statements_are_known(void **state)
{
    (void) state;
    static const traits_case cases[] = {
        {"BEGIN", BEGIN},
        {"BEGIN WORK", BEGIN},
        {"BEGIN NOT ATOMIC SELECT 1; END", DML | PROGRAM},
        {"START TRANSACTION WITH CONSISTENT SNAPSHOT", BEGIN},
        {"COMMIT", END},
        {"ROLLBACK AND CHAIN", END | BEGIN},
        {"ROLLBACK TO a", SAVEPOINT},
        {"XA START 'x'", BEGIN},
        {"XA BEGIN 'x'", BEGIN},
        {"XA PREPARE 'x'", END},
        {"XA COMMIT 'x'", END},
        {"XA RECOVER", ROWS},
        {"SET autocommit = 0", SETTING | BEGIN},
        {"SET @@session.autocommit := ON", SETTING | END},
        {"SET a = 1, autocommit = OFF", SETTING | BEGIN},
        {"SET @autocommit = 0", SETTING},
        {"SET NAMES utf8mb4", SETTING},
        {"/*!40101 SET @OLD = @@SQL_MODE */", SETTING},
        {"SET PASSWORD FOR a = 'b'", DDL | COMMITS},
        {"SET DEFAULT ROLE a", DDL | COMMITS},
        {"SET TRANSACTION READ ONLY", 0},
        {"SET STATEMENT a = 1 FOR INSERT INTO b VALUES (1)", DML},
        {"SET STATEMENT a = 1 FOR ANALYZE FORMAT = JSON SELECT 1", ROWS},
        {"USE a", SETTING},
        {"CREATE TABLE a (b INT)", DDL | COMMITS},
        {"CREATE TEMPORARY TABLE a (b INT)", DDL},
        {"CREATE OR REPLACE TEMPORARY TABLE a (b INT)", DDL},
        {"DROP TEMPORARY TABLE a", DDL},
        {"DROP TABLE a", DDL | COMMITS},
        {"/*!50001 CREATE VIEW a AS SELECT 1 */", DDL | COMMITS},
        {"/*!40000 ALTER TABLE a DISABLE KEYS */", DDL | COMMITS},
        {"RENAME TABLE a TO b", DDL | COMMITS},
        {"TRUNCATE a", DML | COMMITS},
        {"GRANT ALL ON *.* TO a", DDL | COMMITS},
        {"ANALYZE TABLE a", COMMITS | ROWS},
        {"OPTIMIZE NO_WRITE_TO_BINLOG TABLE a", COMMITS | ROWS},
        {"CHECK TABLE a", COMMITS | ROWS},
        {"REPAIR LOCAL TABLES a", COMMITS | ROWS},
        {"ANALYZE DELETE FROM a", ROWS | DML},
        {"LOCK TABLES a WRITE", SETTING | COMMITS},
        {"UNLOCK TABLES", SETTING | COMMITS},
        {"FLUSH TABLES", COMMITS},
        {"LOAD INDEX INTO CACHE a", COMMITS},
        {"LOAD DATA INFILE 'a' INTO TABLE b", DML},
        {"START SLAVE", COMMITS},
        {"SELECT 1", ROWS},
        {"SELECT 1 INTO @a", 0},
        {"SELECT 1 INTO OUTFILE 'a'", 0},
        {"SELECT set_config(1, 2, 3)", ROWS},
        {"WITH a AS (SELECT 1) SELECT * FROM a", ROWS},
        {"SHOW TABLES", ROWS},
        {"DESC a", ROWS},
        {"REPLACE INTO a VALUES (1)", DML},
        {"CALL a()", DML | PROGRAM},
        {"IF 1 THEN SELECT 1; END IF", DML | PROGRAM},
        {"EXECUTE IMMEDIATE 'DROP TABLE a'", DML | PROGRAM},
        {"SAVEPOINT a", SAVEPOINT},
        {"# comment\nCOMMIT", END},
        {"END", 0},
    };
    check(WB_MARIADB, cases, COUNT_OF(cases));
}

static void sqlite_statements_are_known(void **state)
{
    (void) state;
    static const traits_case cases[] = {
        {"BEGIN IMMEDIATE", BEGIN},
        {"END", END},
        {"COMMIT TRANSACTION", END},
        {"ROLLBACK", END},
        {"ROLLBACK TRANSACTION TO a", SAVEPOINT},
        {"ROLLBACK TO SAVEPOINT a", SAVEPOINT},
        {"RELEASE a", SAVEPOINT},
        {"CREATE TRIGGER a AFTER INSERT ON b BEGIN SELECT 1; END", DDL},
        {"CREATE TEMP TABLE a (b)", DDL},
        {"VACUUM", NO_TX},
        {"VACUUM INTO 'a'", NO_TX},
        {"ATTACH 'a' AS b", SETTING},
        {"DETACH b", SETTING | NO_TX},
        {"PRAGMA foreign_keys = OFF", SETTING | NO_TX},
        {"PRAGMA main.foreign_keys(0)", SETTING | NO_TX},
        {"PRAGMA foreign_keys", ROWS},
        {"PRAGMA journal_mode = WAL", SETTING | NO_TX},
        {"PRAGMA \"journal_mode\" = WAL", SETTING | NO_TX},
        {"PRAGMA page_size = 4096", SETTING | NO_TX},
        {"PRAGMA wal_checkpoint", NO_TX | ROWS},
        {"PRAGMA cache_size = 10", SETTING},
        {"PRAGMA cache_size", ROWS},
        {"PRAGMA table_info(a)", ROWS},
        {"PRAGMA foreign_key_check", ROWS},
        {"PRAGMA defer_foreign_keys = ON", 0},
        {"PRAGMA user_version = 3", DML},
        {"PRAGMA user_version", ROWS},
        {"PRAGMA optimize", DML},
        {"INSERT INTO a VALUES (1)", DML},
        {"REPLACE INTO a VALUES (1)", DML},
        {"WITH a AS (SELECT 1) DELETE FROM b", DML},
        {"WITH a AS (SELECT 1) SELECT 1", ROWS},
        {"SELECT into FROM a", ROWS},
        {"EXPLAIN QUERY PLAN DELETE FROM a", ROWS},
        {"REINDEX", 0},
    };
    check(WB_SQLITE, cases, COUNT_OF(cases));
}

static void the_tables_are_ordered_by_verb(void **state)
{
    (void) state;
    for (unsigned id = 0; id < WB_DIALECT_COUNT; id++) {
        const wb_traits_table *table = wb_traits_table_of((wb_dialect_id) id);
        const wb_traits_row *rows = table->rows;
        assert_true(table->count > 10);
        for (size_t i = 1; i < table->count; i++) {
            if (strcmp(rows[i - 1].verb, rows[i].verb) > 0)
                fail_msg("\"%s\" stands before \"%s\"", rows[i - 1].verb, rows[i].verb);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(postgres_statements_are_known),
        cmocka_unit_test(add_value_depends_on_the_version),
        cmocka_unit_test(mariadb_statements_are_known),
        cmocka_unit_test(sqlite_statements_are_known),
        cmocka_unit_test(the_tables_are_ordered_by_verb),
    };
    return RUN_TESTS(tests);
}
