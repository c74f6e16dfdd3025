/* A project on a SQLite file in memory-backed storage, where it can be had, that a fault is tried
 * on: thousands of times, so everything is made once and the file is put back for each. */
#ifndef WB_TESTS_FAULT_NTH_WORLD_H
#define WB_TESTS_FAULT_NTH_WORLD_H

#include "../support/test.h"
#include "api/workspace.h"

typedef enum nth_chain {
    CHAIN_MIXED,  /* SQLite: transaction:false, VACUUM, a transaction of the file's own, pragmas */
    CHAIN_PLAIN,  /* SQLite: what can be one transaction for the whole run */
    CHAIN_SERVER, /* PostgreSQL's control flow */
    CHAIN_COUNT
} nth_chain;

typedef struct nth_world nth_world;
struct nth_world {
    nth_chain chain;
    char folder[64];
    char file[96];
    char url[128];
    const char *transaction; /* of the runs */
    wb_arena *arena;
    wb_workspace *workspace; /* of the call that runs */
    wb_str start;            /* the file's bytes before a run; empty where there is none */
    char *expected;          /* the snapshot behind an undisturbed run */
    bool goes_down;          /* what is run: downgrade to base, else upgrade */
    wb_event_fn *event;
    void (*begin)(nth_world *it); /* called in front of each run; may be NULL */
};

/* Makes the project; `goes_down` begins with all applied. `begin` may be NULL. */
void nth_world_make(nth_world *it, nth_chain chain, bool goes_down, void (*begin)(nth_world *));
void nth_world_free(nth_world *it);
/* Puts the file back as it was before the run. */
void nth_put_back(const nth_world *it);
/* Runs the command once, as the program would: opens, runs, closes. */
bool nth_run(nth_world *it, wb_error *err);
/* Fails the test where a plain run does not lead to what an undisturbed one leads to: rows, schema,
 * ledger, no step open, nothing beside the file. `what` is told then. */
void nth_assert_converges(nth_world *it, const char *what);
/* Names in a folder, sorted, each on a line; in the arena. */
const char *nth_list(wb_arena *arena, const char *folder);
/* Descriptors that are open. */
unsigned nth_open_files(void);

#endif
