/* The floor of PostgreSQL: the statements of the chain straight through libpq, each revision a
 * transaction of its own with one row of history, and nothing else.
 *
 *   floor_postgres URL up|down COUNT pipeline|each
 *
 * "pipeline" sends revisions ahead of their results, so a slow link costs a few round trips in all;
 * a failure skips the rest of its own revision only, which is why a real tool needs a guard as
 * well. "each" sends one revision at a time as one message and waits: the most that a tool without
 * a pipeline can do.
 *
 * In the pipeline the connection does not block: results are read whenever there are any, or both
 * sides would wait for the other to read once the buffers between them are full. */
#include "bench_chain.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Revisions sent ahead of their results. A window that is the whole run would measure how much
     * memory libpq can fill. */
    WINDOW = 512,
    SQL_MAX = 1024
};

typedef struct floor_run {
    PGconn *connection;
    const char *url;
    bool is_up;
    bool is_pipelined;
    unsigned count;
    unsigned sent;  /* revisions */
    unsigned ended; /* revisions whose results have come */
} floor_run;

static bool fail(const floor_run *run)
{
    (void) fprintf(stderr, "floor_postgres: %s", PQerrorMessage(run->connection));
    return false;
}

static unsigned number_of(const floor_run *run, unsigned place)
{
    return run->is_up ? place + 1 : run->count - place;
}

static void history_statement(const floor_run *run, unsigned number,
                              char text[WB_BENCH_STATEMENT_MAX])
{
    char version[WB_BENCH_VERSION_MAX];

    wb_bench_version(version, number);
    (void) snprintf(text, WB_BENCH_STATEMENT_MAX,
                    run->is_up ? "INSERT INTO bench_history VALUES ('%s')"
                               : "DELETE FROM bench_history WHERE version = '%s'",
                    version);
}

static bool exec(const floor_run *run, const char *sql)
{
    PGresult *result = PQexec(run->connection, sql);
    ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || fail(run);
}

static bool run_each(floor_run *run)
{
    char sql[SQL_MAX];
    char statement[WB_BENCH_STATEMENT_MAX];

    for (unsigned place = 0; place < run->count; place++) {
        unsigned number = number_of(run, place);
        size_t length = 0;
        /* Several statements in one message are one transaction. */
        for (unsigned i = 0; i < WB_BENCH_STATEMENTS; i++) {
            wb_bench_statement(statement, run->is_up, number, i);
            length += (size_t) snprintf(sql + length, sizeof(sql) - length, "%s;", statement);
        }
        history_statement(run, number, statement);
        (void) snprintf(sql + length, sizeof(sql) - length, "%s", statement);
        if (!exec(run, sql))
            return false;
    }
    return true;
}

static bool queue(const floor_run *run, const char *sql)
{
    return PQsendQueryParams(run->connection, sql, 0, NULL, NULL, NULL, NULL, 0) == 1 || fail(run);
}

/* Between two syncs the server keeps one implicit transaction only for statements that need none
 * of their own, so BEGIN and COMMIT are said. */
static bool send_revision(floor_run *run)
{
    char statement[WB_BENCH_STATEMENT_MAX];
    unsigned number = number_of(run, run->sent);

    if (!queue(run, "BEGIN"))
        return false;
    for (unsigned i = 0; i < WB_BENCH_STATEMENTS; i++) {
        wb_bench_statement(statement, run->is_up, number, i);
        if (!queue(run, statement))
            return false;
    }
    history_statement(run, number, statement);
    if (!queue(run, statement) || !queue(run, "COMMIT"))
        return false;
    run->sent++;
    return PQpipelineSync(run->connection) == 1 || fail(run);
}

/* Takes all results that are here already. */
static bool take_results(floor_run *run)
{
    if (PQconsumeInput(run->connection) == 0)
        return fail(run);
    while (run->ended < run->sent && PQisBusy(run->connection) == 0) {
        PGresult *result = PQgetResult(run->connection);
        ExecStatusType status = PQresultStatus(result); /* PGRES_FATAL_ERROR for NULL */
        bool is_end_of_statement = result == NULL;
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC)
            run->ended++;
        else if (!is_end_of_statement && status != PGRES_COMMAND_OK)
            return fail(run);
    }
    return true;
}

static bool wait_for_socket(const floor_run *run, bool wants_write)
{
    struct pollfd fd = {.fd = PQsocket(run->connection), .events = POLLIN};

    if (wants_write)
        fd.events |= POLLOUT;
    if (poll(&fd, 1, -1) >= 0 || errno == EINTR)
        return true;
    perror("floor_postgres: poll");
    return false;
}

static bool run_pipelined(floor_run *run)
{
    if (PQsetnonblocking(run->connection, 1) != 0 || PQenterPipelineMode(run->connection) != 1)
        return fail(run);
    while (run->ended < run->count) {
        while (run->sent < run->count && run->sent - run->ended < WINDOW) {
            if (!send_revision(run))
                return false;
        }
        int left = PQflush(run->connection);
        if (left < 0)
            return fail(run);
        if (!wait_for_socket(run, left == 1) || !take_results(run))
            return false;
    }
    return true;
}

static bool apply(floor_run *run)
{
    run->connection = PQconnectdb(run->url);
    if (PQstatus(run->connection) != CONNECTION_OK)
        return fail(run);
    if (!exec(run, "SET client_min_messages = warning;"
                   "CREATE TABLE IF NOT EXISTS bench_history (version text PRIMARY KEY)"))
        return false;
    return run->is_pipelined ? run_pipelined(run) : run_each(run);
}

int main(int argc, char **argv)
{
    floor_run run = {0};

    if (argc == 5) {
        run.url = argv[1];
        run.is_up = strcmp(argv[2], "up") == 0;
        run.count = wb_bench_count(argv[3]);
        run.is_pipelined = strcmp(argv[4], "pipeline") == 0;
    }
    if (run.count == 0) {
        (void) fputs("usage: floor_postgres URL up|down COUNT pipeline|each\n", stderr);
        return 2;
    }
    bool is_done = apply(&run);
    PQfinish(run.connection);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
