/* State of one run. Only runner.c, step_run.c, sent_queue.c and failure.c include this. */
#ifndef WB_ENGINE_RUN_STATE_H
#define WB_ENGINE_RUN_STATE_H

#include "engine/ledger.h"
#include "engine/run_plan.h"
#include "engine/sqlite_guard.h"
#include "engine/step_script.h"

/* What a queued statement was, kept until its answer comes. */
typedef enum wb_sent_kind {
    WB_SENT_STATEMENT, /* of a revision file */
    WB_SENT_LEDGER,    /* the row of a step; must change exactly one */
    WB_SENT_COMMIT,    /* ends a transaction; the first `step` steps are then committed */
    WB_SENT_OTHER
} wb_sent_kind;

typedef struct wb_sent {
    wb_sent_kind kind;
    bool is_alone; /* a statement with an intent in the journal */
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
    const wb_context *context;
    const wb_run_options *options;
    wb_ledger *ledger;
    wb_arena *arena;
    const wb_plan *plan;
    wb_step_script *scripts; /* one for each step of the plan */
    wb_layout layout;
    char id[WB_RUN_ID];
    wb_sqlite_guard guard;

    /* What has been queued. */
    bool in_transaction;
    bool user_transaction; /* one that the file itself opened */
    bool changed_settings; /* the running step changed the session */
    uint32_t sending;      /* step whose statements are being queued */
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
    unsigned alone_done;  /* last statement of the running step that ran alone */
    char alone_hash[WB_SHA256_HEX];
} wb_run;

/* Queues a statement of the run. `sent` says what it is. */
bool wb_run_submit(wb_run *run, wb_str sql, const wb_sent *sent, wb_error *err);
/* Takes the answers of all that is queued. */
bool wb_run_collect(wb_run *run, wb_error *err);
/* The callback of queued statements; `arg` is the run. */
void wb_run_answered(void *arg, const wb_answer *answer);
/* A statement of a file has been run. */
void wb_run_statement_done(wb_run *run, const wb_sent *sent);
/* Tells that a step begins, once. */
void wb_run_emit_begin(wb_run *run, uint32_t step);
/* Tells that the first `steps` steps are committed. */
void wb_run_tell_committed(wb_run *run, uint32_t steps);

/* step_run.c: queues or runs one step of the plan. */
bool wb_run_step(wb_run *run, uint32_t step, wb_error *err);
/* Ends the open transaction; the first `steps` steps are then committed. */
bool wb_run_commit(wb_run *run, uint32_t steps, wb_error *err);
/* Opens the transaction of the layout, where none is open. */
bool wb_run_open_transaction(wb_run *run, wb_error *err);
/* Queues the journal rows that wait. */
bool wb_run_submit_journal(wb_run *run, wb_error *err);

/* session_settings.c: queues the settings of a run; `restore` first undoes what a file changed. */
bool wb_settings_submit(const wb_run *run, bool restore, wb_error *err);

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
