/* The floor of a start with nothing to do on PostgreSQL: connect, one query, disconnect.
 *
 *   floor_noop_postgres URL QUERY */
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void) fputs("usage: floor_noop_postgres URL QUERY\n", stderr);
        return 2;
    }
    PGconn *connection = PQconnectdb(argv[1]);
    bool is_done = false;
    if (PQstatus(connection) == CONNECTION_OK) {
        PGresult *result = PQexec(connection, argv[2]);
        is_done = PQresultStatus(result) == PGRES_TUPLES_OK;
        PQclear(result);
    }
    if (!is_done)
        (void) fprintf(stderr, "floor_noop_postgres: %s", PQerrorMessage(connection));
    PQfinish(connection);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
