/* The floor of SQLite: the statements of the chain straight through sqlite3_exec, with one row of
 * history for each revision, and nothing else.
 *
 *   floor_sqlite FILE up|down COUNT each|grouped
 *
 * "each" commits every revision, "grouped" makes one transaction with a savepoint for every
 * revision: the same promise to a reader who looks afterwards, with one sync of the file. */
#include "bench_chain.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct floor_run {
    sqlite3 *db;
    bool is_up;
    bool is_grouped;
    unsigned count;
} floor_run;

static bool exec(const floor_run *run, const char *sql)
{
    char *message = NULL;

    if (sqlite3_exec(run->db, sql, NULL, NULL, &message) == SQLITE_OK)
        return true;
    (void) fprintf(stderr, "floor_sqlite: %s: %s\n", sql, message != NULL ? message : "?");
    sqlite3_free(message);
    return false;
}

static bool record(const floor_run *run, unsigned number)
{
    char version[WB_BENCH_VERSION_MAX];
    char sql[WB_BENCH_STATEMENT_MAX];

    wb_bench_version(version, number);
    (void) snprintf(sql, sizeof(sql),
                    run->is_up ? "INSERT INTO bench_history VALUES ('%s')"
                               : "DELETE FROM bench_history WHERE version = '%s'",
                    version);
    return exec(run, sql);
}

static bool step(const floor_run *run, unsigned number)
{
    char sql[WB_BENCH_STATEMENT_MAX];

    if (!exec(run, run->is_grouped ? "SAVEPOINT step" : "BEGIN IMMEDIATE"))
        return false;
    for (unsigned i = 0; i < WB_BENCH_STATEMENTS; i++) {
        wb_bench_statement(sql, run->is_up, number, i);
        if (!exec(run, sql))
            return false;
    }
    return record(run, number) && exec(run, run->is_grouped ? "RELEASE step" : "COMMIT");
}

static bool apply(const floor_run *run)
{
    if (!exec(run, "CREATE TABLE IF NOT EXISTS bench_history (version TEXT PRIMARY KEY)"))
        return false;
    if (run->is_grouped && !exec(run, "BEGIN IMMEDIATE"))
        return false;
    for (unsigned i = 0; i < run->count; i++) {
        if (!step(run, run->is_up ? i + 1 : run->count - i))
            return false;
    }
    return !run->is_grouped || exec(run, "COMMIT");
}

int main(int argc, char **argv)
{
    floor_run run = {0};

    if (argc == 5) {
        run.is_up = strcmp(argv[2], "up") == 0;
        run.count = wb_bench_count(argv[3]);
        run.is_grouped = strcmp(argv[4], "grouped") == 0;
    }
    if (run.count == 0) {
        (void) fputs("usage: floor_sqlite FILE up|down COUNT each|grouped\n", stderr);
        return 2;
    }
    bool is_done = false;
    if (sqlite3_open(argv[1], &run.db) == SQLITE_OK)
        is_done = apply(&run);
    else
        (void) fprintf(stderr, "floor_sqlite: %s: %s\n", argv[1], sqlite3_errmsg(run.db));
    (void) sqlite3_close(run.db);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
