/* The floor of a start with nothing to do on SQLite: open, one query, close.
 *
 *   floor_noop_sqlite FILE QUERY */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;

    if (argc != 3) {
        (void) fputs("usage: floor_noop_sqlite FILE QUERY\n", stderr);
        return 2;
    }
    int code = sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, argv[2], NULL, NULL, NULL);
    if (code != SQLITE_OK)
        (void) fprintf(stderr, "floor_noop_sqlite: %s\n", sqlite3_errmsg(db));
    (void) sqlite3_close(db);
    return code == SQLITE_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
