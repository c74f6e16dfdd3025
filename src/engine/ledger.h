/* The tables that Whimbrel keeps in the target.
 *
 *   whimbrel_history   one row for each applied revision
 *   whimbrel_journal   append-only: runs, statements of steps that are not one transaction, errors
 *   whimbrel_lock      on a Galera cluster only: who may write to the other two
 *
 * Row 1 of the journal holds the version of both tables. They are made by the first run that
 * writes. Their names are always qualified, since a revision may change the search path.
 *
 * Journal events: ledger (row 1) - begin, end (of a run; end has message "clean" where it leaves no
 * step half done, else "open") - intent N (statement N is about to run; all before it are done) -
 * done N - undone N - finish (the step is complete) - error. */
#ifndef WB_ENGINE_LEDGER_H
#define WB_ENGINE_LEDGER_H

#include "engine/context.h"
#include "engine/ledger_sql.h"

enum { WB_RUN_ID = 17 };

typedef struct wb_ledger_row {
    const char *revision;
    const char *raw_checksum;
    int64_t position;
    /* Below only when read in full. */
    const char *slug;
    const char *checksum;
    int64_t applied_at_us;
    int64_t duration_ms;
    const char *applied_by;
    const char *host;
    const char *tool_version;
    const char *batch;
    bool stamped;
} wb_ledger_row;

/* A step that is not one transaction and was begun but not finished. */
typedef struct wb_open_step {
    const char *revision;
    wb_direction direction;
    unsigned done;        /* statements up to this number are done */
    unsigned unknown;     /* number of the statement whose outcome is unknown; 0: none */
    unsigned line;        /* of the statement that the newest row is about; 0 where not known */
    const char *checksum; /* of all statements that are done */
    const char *own_hash; /* of the statement whose outcome is unknown; NULL where not recorded */
    const char *at;
    const char *run;
} wb_open_step;

typedef struct wb_ledger {
    const wb_context *context;
    bool exists;
    unsigned version;
    const char *schema; /* where the tables are, or will be; NULL on SQLite */
    bool schema_exists;
    bool read_only; /* the server is a replica or set read-only */
    bool is_linux;  /* PostgreSQL: the server runs on Linux */
    bool is_pooled; /* PostgreSQL: a pooler gives each transaction another server session */
    bool nonstandard_strings; /* PostgreSQL: standard_conforming_strings is off */
    const char *sql_mode;     /* MariaDB; NULL elsewhere */
    const char *database;     /* MariaDB: current database; NULL where none */
    const char *history;      /* quoted and qualified */
    const char *journal;
    const char *lock;                  /* the same, of the lock's table on a cluster */
    bool is_cluster;                   /* MariaDB Galera */
    const char *texts[WB_QUERY_COUNT]; /* ready to be sent */
    WB_LIST(wb_ledger_row) rows;       /* by position */
    WB_LIST(wb_open_step) open_steps;  /* only after wb_ledger_read_open_steps */
    int64_t next_position;
} wb_ledger;

/* How much is read of the ledger; each costs one round trip. */
typedef enum wb_ledger_detail {
    WB_LEDGER_GLANCE, /* which revisions are applied: enough to see that nothing is to be done */
    WB_LEDGER_STATE,  /* also what writing needs: schema, settings, whether the server is read-only
                       */
    WB_LEDGER_FULL    /* every column of the history, and nothing of what writing needs */
} wb_ledger_detail;
/* Reads the ledger. Tables that are not there are no error. */
bool wb_ledger_read(const wb_context *context, wb_ledger_detail detail, wb_ledger **ret_ledger,
                    wb_error *err);
/* A ledger with names and texts only, for a script that is written without a database. */
wb_ledger *wb_ledger_offline(const wb_context *context);
/* Reads which steps are half done. */
bool wb_ledger_read_open_steps(wb_ledger *ledger, wb_error *err);
/* The half-done step of a revision; NULL where there is none. */
wb_open_step *wb_ledger_open_step(const wb_ledger *ledger, const char *revision,
                                  wb_direction direction);
/* Flags of the applied revisions by the graph's index. Rows that the files do not know are put
 * into `ret_missing`, which may be NULL. */
void wb_ledger_applied(const wb_ledger *ledger, wb_arena *arena, wb_applied *ret_applied,
                       wb_text_list *ret_missing);

/* Queues the making of the tables where they do not exist. The caller has the lock and has
 * opened a transaction. */
bool wb_ledger_submit_create(wb_ledger *ledger, const char *run, wb_error *err);

/* What the row of a revision says. */
typedef struct wb_applied_row {
    const wb_revision *revision;
    const char *checksum;
    const char *raw_checksum;
    int64_t duration_ms; /* what went before this transaction; < 0 for a stamped row */
    int64_t position;
    const char *run;
    bool stamped;
} wb_applied_row;
bool wb_ledger_submit_applied(const wb_ledger *ledger, const wb_applied_row *row,
                              wb_answer_fn *answer, void *arg, wb_error *err);
bool wb_ledger_submit_removed(const wb_ledger *ledger, const char *revision, wb_answer_fn *answer,
                              void *arg, wb_error *err);

/* A row of the journal. Zero and NULL fields are written as NULL. */
typedef struct wb_journal_row {
    const char *event;
    const char *revision;
    const char *direction;
    unsigned statement;
    unsigned line;
    const char *checksum;
    const char *sqlstate;
    const char *message;
    const char *command;
} wb_journal_row;
/* Adds the row to `sql`, which becomes one INSERT for several rows; empty at first. */
void wb_journal_add(const wb_ledger *ledger, const char *run, const wb_journal_row *row,
                    wb_buf *sql);
/* Writes one row and waits. */
bool wb_journal_write(const wb_ledger *ledger, const char *run, const wb_journal_row *row,
                      wb_error *err);

/* The newest run as the journal tells it. */
typedef struct wb_last_run {
    bool known;
    const char *run;
    const char *command;
    int64_t at_us;
    bool failed; /* it ended with an error, or never came to its end */
    const char *error;
    const char *revision;
    unsigned statement;
    unsigned line;
} wb_last_run;
bool wb_ledger_last_run(const wb_ledger *ledger, wb_arena *arena, wb_last_run *ret_run,
                        wb_error *err);

#endif
