/* A project with a database of its own on the engine under test, and what a test does with it.
 *
 * The engine is the first argument of the test program: sqlite, postgres or mariadb. */
#ifndef WB_TESTS_RUN_WORLD_H
#define WB_TESTS_RUN_WORLD_H

#include "../support/test.h"
#include "api/workspace.h"

typedef struct world {
    wb_engine engine;
    char folder[64]; /* of the project */
    char database[32];
    char url[512];
    wb_arena *arena; /* results; cleared with the world */
    wb_workspace *workspace;
    wb_target *target;
    wb_session *session; /* a second connection, for looking and meddling */
    /* Set before the first call; "key" then value. */
    wb_override overrides[8];
    size_t override_count;
    wb_run_options options;
    wb_event_fn *event;
    void *event_arg;
    wb_plan_info plan; /* of the last run */
    wb_error err;      /* of the last failure */
} world;

/* Engine of this run of the program. */
extern wb_engine tested_engine;
bool is_sqlite(void);
bool is_postgres(void);
bool is_mariadb(void);

/* Reads the arguments; ends the program with 77, or with 1 where WB_REQUIRE asks for the engine. */
void world_main(int argc, char **argv);
int world_setup(void **state);
int world_teardown(void **state);

void world_set(world *it, const char *key, const char *value);
/* Writes migrations/<id>.sql. `up` and `down` are the sections' texts; a `down` of NULL is left
 * out. Lines count from 1: the up section's text begins at line 6. */
enum { UP_LINE = 6 };
void add_revision(world *it, const char *id, const char *revises, const char *up, const char *down);
void add_file(world *it, const char *name, const char *text);
/* Opens the workspace; done by the calls below where it is not open. */
void world_open(world *it);
void world_close(world *it);

/* Each opens what it needs and closes the workspace again, as one run of the program would. */
bool upgrade(world *it, const char *target);
bool downgrade(world *it, const char *target);
bool stamp(world *it, const char *target);
void assert_upgrade(world *it, const char *target);
void assert_fails(world *it, bool ok, wb_status status);

/* One more connection to the database; the caller closes it. */
wb_session *world_connect(world *it);
/* The first cell of a query on the second connection; -1 where there is no row. */
int64_t query_int(world *it, const char *sql);
void execute(world *it, const char *sql);
bool has_table(world *it, const char *name);
/* Rows of the ledger. */
int64_t applied_count(world *it);

#endif
