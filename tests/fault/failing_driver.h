/* A driver that fails at the n-th call of a kind, and is SQLite's in all else.
 *
 * The program finds it instead of its own (wb_driver_find is wrapped), so everything above is what
 * users run. Asked for SQLite it is SQLite. Asked for PostgreSQL it works as a server does on a
 * file of SQLite: statements are queued, nothing behind a failure is run, a failed transaction
 * takes nothing but ROLLBACK, a session that is lost is rolled back and can be made again. The
 * ledger's statements are then SQLite's (wb_ledger_query_text is wrapped), and settings do nothing.
 */
#ifndef WB_TESTS_FAULT_FAILING_DRIVER_H
#define WB_TESTS_FAULT_FAILING_DRIVER_H

#include "driver/driver.h"

typedef enum fault_call {
    CALL_STATEMENT, /* one that is run, be it submitted or queried */
    CALL_SUBMIT,    /* what was queued before is run, this statement fails */
    CALL_COLLECT,   /* of a queue that is not empty: the answers of all are at stake */
    CALL_TRY_LOCK,
    CALL_UNLOCK,
    CALL_IN_TRANSACTION,
    CALL_OPEN
} fault_call;

typedef struct fault_kind {
    const char *name;
    fault_call call;
    wb_status status; /* LOST: the connection is gone; CANCELLED: the caller cancels */
    bool is_after;    /* the call has had its effect by then */
    bool is_server;   /* only where the driver works as a server */
    bool is_lasting;  /* all further calls fail, too */
} fault_kind;

/* What is to happen in the next run, and what has. */
typedef struct fault_plan {
    const fault_kind *kind; /* NULL: nothing */
    unsigned nth;           /* 1-based */
    unsigned seen;          /* calls of the kind so far */
    bool is_hit;
    bool was_running; /* the run's steps had begun when it was */
    bool is_running;  /* kept by the test */
    void (*cancel)(void *arg);
    void *cancel_arg;
    const char *file; /* the database of sessions that are opened as PostgreSQL's */
} fault_plan;

extern fault_plan the_fault;

#endif
