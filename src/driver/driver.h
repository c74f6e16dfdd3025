/* What an engine must be able to do: one table of functions, one implementation a folder.
 *
 * Callers use the wb_session_... functions, never the pointers. The duties written here are what
 * tests/driver checks on every engine. A session belongs to one thread; only wb_session_cancel may
 * be called from another.
 *
 * Round trips are the unit of cost, so there are two ways to run a statement: wb_session_query
 * waits for its answer; wb_session_submit only queues it, and many queued statements share a round
 * trip. After a queued statement has failed, the server skips all that was queued behind it, up to
 * the failure's being collected: nothing that follows a failure is ever run.
 *
 * Statements queued outside a transaction are each committed by themselves, or, where the server
 * takes what shares a round trip as one, together at the collect. Whoever needs one of the two
 * queues BEGIN and COMMIT as well. */
#ifndef WB_DRIVER_DRIVER_H
#define WB_DRIVER_DRIVER_H

#include "base/fail.h"
#include "project/url.h"
#include "sql/dialect.h"

#include <stdatomic.h>

typedef struct wb_session wb_session;

/* What an engine, as it is here and now, can do. Or-ed. */
enum {
    WB_CAN_TRANSACTIONAL_DDL = 1 << 0, /* DDL is undone by ROLLBACK */
    WB_CAN_SCHEMAS = 1 << 1,           /* named schemas within a database */
    WB_CAN_SESSION_LOCK = 1 << 2,      /* wb_session_try_lock outlives transactions */
    WB_CAN_COPY = 1 << 3,              /* COPY ... FROM STDIN */
    WB_CAN_PIPELINE = 1 << 4           /* queued statements do share a round trip */
};

typedef enum wb_value_kind { WB_NULL, WB_INT, WB_TEXT } wb_value_kind;

typedef struct wb_value {
    wb_value_kind kind;
    int64_t number; /* WB_INT */
    wb_str text;    /* WB_TEXT; need only live until the call returns */
} wb_value;

static inline wb_value wb_value_null(void)
{
    return (wb_value){.kind = WB_NULL};
}
static inline wb_value wb_value_int(int64_t number)
{
    return (wb_value){.kind = WB_INT, .number = number};
}
static inline wb_value wb_value_text(const char *text) /* NULL gives a NULL value */
{
    return text == NULL ? wb_value_null() : (wb_value){.kind = WB_TEXT, .text = wb_str_from(text)};
}
static inline wb_value wb_value_str(wb_str text)
{
    return (wb_value){.kind = WB_TEXT, .text = text};
}

/* A row as text, valid only while its callback runs. */
typedef struct wb_row {
    const wb_str *cells; /* `ptr` is NULL for a NULL value; zero-terminated otherwise */
    const char *const *names;
    size_t count;
} wb_row;

bool wb_row_is_null(const wb_row *row, size_t column);
const char *wb_row_text(const wb_row *row, size_t column); /* "" for NULL */
int64_t wb_row_int(const wb_row *row, size_t column); /* 0 for NULL or text; t and true are 1 */

/* False with `err` filled stops the query and makes it fail with that error. That is a failure on
 * this side of the wire: what was queued behind the statement may have been run already, which
 * only a ROLLBACK undoes. Neither this nor wb_answer_fn may use the session. */
typedef bool wb_row_fn(void *arg, const wb_row *row, wb_error *err);

/* How a queued statement ended. */
typedef struct wb_answer {
    uint64_t rows_affected;
    const wb_error *error; /* NULL on success */
    size_t error_offset;   /* byte in the statement that the server points at; SIZE_MAX if none */
} wb_answer;
/* Called once for each statement that ran, in order, also for the one that failed, but not for
 * those skipped behind it. */
typedef void wb_answer_fn(void *arg, const wb_answer *answer);

typedef struct wb_request {
    wb_str sql;           /* one statement, no terminator; need only live until the call returns */
    const wb_value *args; /* for the placeholders, see wb_session_placeholder */
    size_t arg_count;
    wb_row_fn *row;       /* NULL: rows are dropped */
    wb_answer_fn *answer; /* NULL: only the error of collect */
    void *arg;            /* of both */
    bool prompt;          /* its answer is wanted as soon as the server has it, to show progress */
    /* The same text comes again and again: prepare it once. The text must then live as long as the
     * session. Not for behind a pooler that gives each transaction another server session. */
    bool keep;
} wb_request;

typedef struct wb_connect_options {
    unsigned timeout_ms;          /* for each host; 0: `connect_timeout` of the URL, or 10 s */
    const char *name;             /* shown by the server: "whimbrel upgrade" */
    bool read_only;               /* SQLite: do not create the file */
    const atomic_bool *cancelled; /* gives up connecting when it becomes true; may be NULL */
} wb_connect_options;

/* Who holds the runner's lock, as far as this user may see: texts are NULL and times -1 where not
 * known. Times are by the server's clock, up to now. */
typedef struct wb_lock_holder {
    bool is_held;
    int64_t id; /* of its session: pid, or number of the connection; 0 where not known */
    const char *user;
    const char *application;
    const char *client;    /* address that it is connected from */
    const char *state;     /* what the session does: "active", "idle in transaction", "query" */
    const char *wait;      /* what it waits for there: "Lock: relation" */
    const char *statement; /* its current one, else its last; as it was sent, secrets and all */
    int64_t connected_us;
    int64_t state_us; /* how long it has been in that state */
} wb_lock_holder;

typedef struct wb_driver {
    const char *name;
    wb_engine engine;
    wb_dialect_id dialect;

    /* Connects. Does not send anything to the server but what connecting needs. A SQLite file that
     * is not there is created by the first write, not by open. Errors: CONNECT, AUTH, CONFIG (a
     * parameter that the driver does not know), UNSUPPORTED (client library not installed). */
    bool (*open)(const wb_url *url, const wb_connect_options *options, wb_session **ret,
                 wb_error *err);
    /* Wraps a handle that the application owns (sqlite3 *, PGconn *, MYSQL *); close leaves it
     * open. */
    bool (*adopt)(void *native, wb_session **ret, wb_error *err);
    /* Ends the session: the server rolls back what was open. NULL is a no-op. */
    void (*close)(wb_session *session);
    /* Interrupts the statement that runs. `cancelled` of the session is already set, which makes
     * every later statement fail with CANCELLED. NULL where the waiting side watches `cancelled`
     * itself. May be called from any thread, any number of times. */
    void (*cancel)(wb_session *session);
    /* The interrupt was dealt with: none that is still on its way may hit a later statement. NULL
     * where none can be. */
    void (*uncancel)(wb_session *session);

    /* Queues a statement; may send, and may collect earlier answers so that neither side's buffers
     * grow without bound. False: an earlier queued statement, or this one, failed; the queue is
     * then empty as after a failed collect. */
    bool (*submit)(wb_session *session, const wb_request *request, wb_error *err);
    /* Sends what is queued and takes answers until all have come. On a failure the rest of the
     * queue is gone, unexecuted, and the session can be used again. A transaction that was open
     * must be rolled back, wholly or to a savepoint: PostgreSQL refuses all else, the others would
     * commit what had been done by then. */
    bool (*collect)(wb_session *session, wb_error *err);
    /* One statement, waited for; the queue is empty. Unlike a queued one it may be a statement that
     * refuses a transaction (VACUUM). NULL where submit and collect do the same. */
    bool (*query)(wb_session *session, const wb_request *request, wb_error *err);
    /* Is a transaction open, be it failed? The queue is empty. NULL where only the server knows. */
    bool (*in_transaction)(const wb_session *session);
    /* Compiles one statement, with all views and triggers that it would use, and runs nothing. The
     * queue is empty. NULL where the engine cannot. */
    bool (*check)(wb_session *session, wb_str sql, wb_error *err);
    /* Fails with READ_ONLY where the system tells, without anything being tried, that the database
     * cannot be written: the file, its folder, what it lies on. NULL where only the server knows.
     */
    bool (*demand_writable)(wb_session *session, wb_error *err);

    /* COPY ... FROM STDIN: after `begin` any number of `data`, then `end`, also after a `data` that
     * failed. With a `fault` that is not NULL the server undoes the copy, which succeeds with 0
     * rows; a transaction that is open has failed by it. NULL where the engine has none. The queue
     * is collected first. */
    bool (*copy_begin)(wb_session *session, wb_str sql, wb_error *err);
    bool (*copy_data)(wb_session *session, wb_str data, wb_error *err);
    bool (*copy_end)(wb_session *session, const char *fault, uint64_t *ret_rows, wb_error *err);

    /* Tries to take the runner's lock without waiting: PostgreSQL an advisory lock of the session,
     * MariaDB GET_LOCK, SQLite a lock on a file beside the database. Sets *ret_taken; *ret_holder,
     * in the arena, describes who has it otherwise (NULL where not known). NULL where the engine
     * has no such lock. */
    bool (*try_lock)(wb_session *session, const char *name, wb_arena *arena, bool *ret_taken,
                     const char **ret_holder, wb_error *err);
    /* Tells who holds that lock, without taking it. NULL where the engine has no such lock. */
    bool (*lock_holder)(wb_session *session, const char *name, wb_arena *arena,
                        wb_lock_holder *ret_holder, wb_error *err);
    /* Queues the release. */
    bool (*unlock)(wb_session *session, const char *name, wb_error *err);
    /* Adds the statement that takes the same lock for the open transaction only, without waiting;
     * where another has it, it fails with SQLSTATE 22012. NULL where the engine has none. */
    void (*transaction_lock)(const char *name, wb_buf *sql);
    /* How long a statement waits for the database file while another process locks it. NULL where
     * that is a setting of the server. */
    void (*set_file_wait)(wb_session *session, unsigned timeout_ms);
    /* Who locks the database file now, in the arena: "process 7 (app) is writing to the database
     * file"; NULL where nobody does or the system does not tell. NULL where there is no file. */
    const char *(*file_holder)(wb_session *session, wb_arena *arena);
} wb_driver;

/* First member of each driver's own session. */
struct wb_session {
    const wb_driver *driver;
    const wb_dialect *dialect;
    unsigned can;     /* WB_CAN_... of this server */
    unsigned version; /* as one number: 150004, 101119, 3040001 */
    char version_text[64];
    /* The server's number of this session, as it was told when connecting; 0 where there is none.
     * Behind a pooler it is not that of the session that answers. */
    uint64_t backend_id;
    uint64_t round_trips; /* so far, after connecting: waits for the server */
    bool lost;            /* the connection is gone */
    /* Set by who finds out: a pooler may give the next transaction another session of the server,
     * so nothing is kept from one to the next. */
    bool is_pooled;
    size_t error_offset;   /* byte in the statement that failed last; SIZE_MAX if not known */
    atomic_bool cancelled; /* set by wb_session_cancel, reset by wb_session_uncancel */
    /* Called with each notice or warning of the server, while a statement is waited for; NULL drops
     * them. Set it after opening. */
    void (*notice)(void *arg, const char *text);
    void *notice_arg;
};

extern const wb_driver wb_driver_sqlite;
extern const wb_driver wb_driver_postgres; /* where built with it */
extern const wb_driver wb_driver_mariadb;  /* where built with it */

/* The driver of an engine. UNSUPPORTED where this build has none. */
bool wb_driver_find(wb_engine engine, const wb_driver **ret_driver, wb_error *err);
/* The drivers of this build, NULL at the end. */
const wb_driver *const *wb_drivers(void);

bool wb_session_open(const wb_url *url, const wb_connect_options *options, wb_session **ret,
                     wb_error *err);
/* Wraps a handle that the application owns: sqlite3 *, PGconn * or MYSQL *. No statement of the
 * application may be running on it. */
bool wb_session_adopt(wb_engine engine, void *native, wb_session **ret, wb_error *err);
/* Ends the session; the server rolls back what was open. NULL is a no-op. */
void wb_session_close(wb_session *session);
/* Makes the running and every later statement fail with CANCELLED, until wb_session_uncancel. May
 * be called from any thread, any number of times, as long as the session is open. */
void wb_session_cancel(wb_session *session);
/* Makes the session usable again after a cancel, to roll back and to record what happened. */
void wb_session_uncancel(wb_session *session);

/* One statement, waited for. Rows go to `row`, which may be NULL. Collects the queue first. */
bool wb_session_query(wb_session *session, wb_str sql, const wb_value *args, size_t arg_count,
                      wb_row_fn *row, void *arg, wb_error *err);
/* One statement without arguments and rows. */
bool wb_session_exec(wb_session *session, wb_str sql, wb_error *err);
bool wb_session_execf(wb_session *session, wb_error *err, const char *format, ...) WB_PRINTF(3, 4);
/* Compiles one statement, with all that it uses, and runs nothing. UNSUPPORTED where the engine
 * cannot. Collects the queue first. */
bool wb_session_check(wb_session *session, wb_str sql, wb_error *err);
bool wb_session_submit(wb_session *session, const wb_request *request, wb_error *err);
/* Queues a statement without arguments, rows and answer. */
bool wb_session_submit_sql(wb_session *session, wb_str sql, wb_error *err);
bool wb_session_collect(wb_session *session, wb_error *err);

/* Begin, savepoint and release are queued, so they cost no round trip of their own; commit,
 * rollback and rollback_to are waited for. */
bool wb_session_begin(wb_session *session, wb_error *err);
/* SQLite: takes the write lock at once; as wb_session_begin elsewhere. */
bool wb_session_begin_write(wb_session *session, wb_error *err);
bool wb_session_commit(wb_session *session, wb_error *err);
/* Rolls back. Queued statements are collected before, their failure is ignored. Fine also where no
 * transaction is open. */
bool wb_session_rollback(wb_session *session, wb_error *err);
bool wb_session_savepoint(wb_session *session, const char *name, wb_error *err);
bool wb_session_release(wb_session *session, const char *name, wb_error *err);
/* Undoes what came after the savepoint, which stays; works in a failed transaction. Queued
 * statements are collected before, their failure is ignored. */
bool wb_session_rollback_to(wb_session *session, const char *name, wb_error *err);

bool wb_session_copy_begin(wb_session *session, wb_str sql, wb_error *err);
bool wb_session_copy_data(wb_session *session, wb_str data, wb_error *err);
bool wb_session_copy_end(wb_session *session, const char *fault, uint64_t *ret_rows, wb_error *err);
bool wb_session_try_lock(wb_session *session, const char *name, wb_arena *arena, bool *ret_taken,
                         const char **ret_holder, wb_error *err);
bool wb_session_lock_holder(wb_session *session, const char *name, wb_arena *arena,
                            wb_lock_holder *ret_holder, wb_error *err);
bool wb_session_unlock(wb_session *session, const char *name, wb_error *err);
/* Fails with READ_ONLY, the reason and what to do, where it is known before anything is tried that
 * the database cannot be written. */
bool wb_session_demand_writable(wb_session *session, wb_error *err);
/* How long a statement waits for a database file that another process locks; nothing elsewhere. */
void wb_session_set_file_wait(wb_session *session, unsigned timeout_ms);
/* Who locks the database file now; NULL where that is nobody, is not known, or there is no file. */
const char *wb_session_file_holder(wb_session *session, wb_arena *arena);
/* UNSUPPORTED where the engine has no such lock. */
bool wb_session_transaction_lock(const wb_session *session, const char *name, wb_buf *sql,
                                 wb_error *err);

/* Adds the placeholder of argument `number`, 1-based: "$1" or "?". */
void wb_session_placeholder(const wb_session *session, unsigned number, wb_buf *sql);

/* NOLINTBEGIN(bugprone-macro-parentheses): `name` is declared here */
#define WB_AUTO_SESSION(name) __attribute__((cleanup(wb_session_cleanup))) wb_session *name = NULL
/* NOLINTEND(bugprone-macro-parentheses) */
void wb_session_cleanup(wb_session **session);

#endif
