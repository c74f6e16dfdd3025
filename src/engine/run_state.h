/* State of one run. Only the files that run plans include this: see runner.h. */
#ifndef WB_ENGINE_RUN_STATE_H
#define WB_ENGINE_RUN_STATE_H

#include "engine/ledger.h"
#include "engine/run_plan.h"
#include "engine/runner_lock.h"
#include "engine/sqlite_guard.h"
#include "engine/verify.h"
#include "engine/watch.h"

/* What a queued statement was, kept until its answer comes. */
typedef enum wb_sent_kind {
    WB_SENT_STATEMENT, /* of a revision file */
    WB_SENT_LEDGER,    /* the row of a step; must change exactly one */
    WB_SENT_COMMIT,    /* ends a transaction; the first `step` steps are then committed */
    WB_SENT_PART,      /* ends one within a step; `number`: the journal says it is done, 0: no */
    WB_SENT_LOCK,      /* behind a pooler: takes the runner's lock for one transaction */
    WB_SENT_GUARD,     /* behind a pooler: is the ledger still as it was read? */
    WB_SENT_FENCE,     /* what follows is only for the holder of a cluster's lock */
    WB_SENT_TABLES,    /* takes the locks of the step's tables */
    WB_SENT_OTHER
} wb_sent_kind;

typedef struct wb_sent {
    wb_sent_kind kind;
    bool is_alone;    /* a statement with an intent in the journal */
    bool commits;     /* alone, on MariaDB: it commits by itself, what was before it too */
    bool may_be_half; /* alone: its failure does not mean that nothing of it took effect */
    uint32_t step;
    unsigned number;
    wb_position at;
    size_t length;
    char before[WB_SHA256_HEX]; /* alone: hash of all statements before this one */
    char after[WB_SHA256_HEX];  /* alone: the same with this one */
} wb_sent;

/* A ring, as long as the most statements that were ever under way. */
typedef struct wb_sent_queue {
    wb_sent *items;
    size_t capacity;
    size_t first;
    size_t count;
} wb_sent_queue;

void wb_sent_push(wb_sent_queue *queue, const wb_sent *item);
bool wb_sent_pop(wb_sent_queue *queue, wb_sent *ret_item);

/* How the transactions of a run are laid out. */
typedef enum wb_layout {
    WB_LAYOUT_EACH,  /* each step its own: PostgreSQL, MariaDB */
    WB_LAYOUT_GROUP, /* savepoints in shared ones: SQLite */
    WB_LAYOUT_ALL    /* one for the whole run */
} wb_layout;

typedef struct wb_run {
    wb_context *context; /* its session is replaced when the connection was lost */
    const wb_run_options *options;
    wb_ledger *ledger;
    wb_arena *arena;
    const wb_plan *plan;
    wb_step_script *scripts; /* one for each step of the plan */
    bool *is_foreign;        /* one for each step: another runner has done it meanwhile */
    wb_layout layout;
    char id[WB_RUN_ID];
    wb_watch *watch; /* NULL where nothing is watched */
    wb_sqlite_guard guard;
    uint32_t looked_at;   /* steps that were completed when the ledger was read last */
    bool is_prelude_sent; /* what makes the ledger is queued, or was run */
    bool is_recorded;     /* the journal has the row that says the run has begun */

    /* What has been queued. */
    bool in_transaction;
    bool user_transaction; /* one that the file itself opened */
    bool changed_settings; /* the running step changed the session */
    uint32_t sending;      /* step whose statements are being queued, or were last */
    uint32_t queued;       /* steps whose rows in the ledger are queued, or were */
    unsigned executed;     /* last statement of it that was queued inside a transaction */
    int64_t next_position;
    int64_t group_begin_us;
    wb_buf journal;   /* rows waiting to be queued as one INSERT */
    wb_sha256 prefix; /* of the running step's statements so far, where it is split */

    /* What has been answered. */
    wb_sent_queue sent;
    uint32_t completed; /* steps that are committed */
    uint32_t begun;     /* steps that the caller was told of */
    int64_t step_begin_us;
    int64_t *elapsed_us; /* one for each step */
    int64_t reported_us;
    bool has_failed;
    wb_sent failed;       /* what failed */
    size_t failed_offset; /* byte in it; SIZE_MAX where not known */
    bool row_missing;     /* a ledger row was not there, or there twice */
    unsigned alone_done;  /* MariaDB: last statement that ran alone and has no "done" row yet */
    char alone_hash[WB_SHA256_HEX];
    wb_buf alone_text; /* of the statement that ran alone last */
    bool is_in_doubt;  /* the failed statement may have taken effect, wholly or in part */
} wb_run;

/* Queues a statement of the run. `sent` says what it is. */
bool wb_run_submit(wb_run *run, wb_str sql, const wb_sent *sent, wb_error *err);
/* Takes the answers of all that is queued. */
bool wb_run_collect(wb_run *run, wb_error *err);
/* Runs a statement and waits for it; the queue is empty. */
bool wb_run_exec(wb_run *run, wb_str sql, wb_error *err);
/* Tells who watches that the run waits for the server from now on, until wb_watch_answer. */
void wb_run_wait(const wb_run *run);
/* The callback of queued statements; `arg` is the run. */
void wb_run_answered(void *arg, const wb_answer *answer);
/* A statement of a file has been run. */
void wb_run_statement_done(wb_run *run, const wb_sent *sent);
/* Tells that a step begins, once. */
void wb_run_emit_begin(wb_run *run, uint32_t step);
/* Tells that the first `steps` steps are committed. */
void wb_run_tell_committed(wb_run *run, uint32_t steps);

/* Queues a statement of our own. */
bool wb_run_submit_other(wb_run *run, const char *sql, wb_error *err);

/* step_run.c: queues or runs one step of the plan. */
bool wb_run_step(wb_run *run, uint32_t step, wb_error *err);

/* step_resume.c: passes over what an earlier run did, and settles what it left in doubt. `open` is
 * NULL where no earlier run was cut off in the step. */
bool wb_run_take_statement(wb_run *run, const wb_statement *statement, wb_open_step *open,
                           wb_splitter *splitter, wb_error *err);
/* The section has been read to its end: is all that an earlier run did still in it? */
bool wb_run_check_end(const wb_run *run, const wb_open_step *open, wb_error *err);
/* Runs what makes a verdict true, one by one. */
bool wb_run_repair(const wb_run *run, const wb_verification *found, wb_error *err);

/* statement_run.c: runs one statement as its policy says. */
bool wb_run_statement(wb_run *run, const wb_statement *statement, wb_splitter *splitter,
                      wb_error *err);
/* Opens the transaction of the layout, where none is open. */
bool wb_run_open_transaction(wb_run *run, wb_error *err);
/* Ends the open transaction; the first `steps` steps are then committed. */
bool wb_run_commit(wb_run *run, uint32_t steps, wb_error *err);
/* Ends a transaction that holds a part of a step; `done` is the statement that a journal row in it
 * says is done, 0 where none does. */
bool wb_run_commit_part(wb_run *run, unsigned done, wb_error *err);
/* Hash of the step's statements so far, with `statement` too where it is not NULL. A resumed run
 * compares it, so that statements that are done cannot be edited without notice. */
void wb_run_hash(const wb_run *run, const wb_statement *statement, char ret_hex[WB_SHA256_HEX]);
/* Adds a row about the running step to those that wait. */
void wb_run_add_journal(wb_run *run, const wb_journal_row *row);
/* On a cluster: queues what goes before every write to the ledger in the same transaction. */
bool wb_run_submit_fence(wb_run *run, wb_error *err);
/* Queues the journal rows that wait. */
bool wb_run_submit_journal(wb_run *run, wb_error *err);

/* tables_first.c: queues the locks of the step's tables, where that is worth it. */
bool wb_run_lock_tables(wb_run *run, wb_error *err);
/* The same for the table of one statement that runs alone, in a transaction of its own. */
bool wb_run_try_table(wb_run *run, const wb_statement *statement, wb_error *err);

/* pooled_transaction.c: what begins a transaction behind a pooler, where nothing of the session
 * lasts longer: the runner's lock, the look at the ledger, the settings. */
bool wb_run_submit_pooled(wb_run *run, wb_error *err);

/* runner.c: the row that says that the run has begun, and the ledger's tables. */
bool wb_run_submit_prelude(wb_run *run, wb_error *err);
/* Reads the ledger again, and finds how far the plan is by now: another runner, or a server that
 * took over, may know better. `is_ours`: what is found done behind the last step that was known to
 * be is this run's own work, of which the answer was lost. */
bool wb_run_look_again(wb_run *run, bool is_ours, wb_error *err);

/* What was tried so far to get over failures. */
typedef struct wb_recovery {
    unsigned retries;    /* since a step was completed */
    unsigned reconnects; /* since a step was completed */
    uint32_t completed;
    wb_waiting lock; /* behind a pooler: for the runner's lock */
    bool is_waiting;
} wb_recovery;
/* recovery.c: settles the failure and, where another try can mend it, puts the run where it can go
 * on with step `completed`. False: the run has failed, as `err` says. */
bool wb_run_recover(wb_run *run, wb_recovery *recovery, wb_error *err);

/* session_settings.c: queues the settings of a run; `restore` first undoes what a file changed. */
bool wb_settings_submit(const wb_run *run, bool restore, wb_error *err);
/* PostgreSQL: adds the statement that sets them for one transaction. */
void wb_settings_add_local(const wb_run *run, wb_buf *sql);

/* failure.c, in this order after a failure. Ends the transaction, keeps the steps before the
 * failed one, and journals which of its statements are done. Then `sending` is the failed step. */
void wb_run_settle(wb_run *run);
/* Fills in where the failed statement stands in its file, and what was kept. */
void wb_run_explain(const wb_run *run, wb_error *err);
/* Journals the error and the end of the run. */
void wb_run_record_failure(wb_run *run, const wb_error *err);
/* Is the run to leave the journal "clean": no step but those of other runs half done? */
bool wb_run_is_clean(const wb_run *run);

#endif
