/* How did a statement end that a run was cut off in?
 *
 * A statement that is not in a transaction with its own journal row can be in doubt after a crash:
 * the journal says that it was about to run, and nothing more. The database itself is asked then.
 * To be called under the runner's lock, so that no server session still works on the statement. */
#ifndef WB_ENGINE_VERIFY_H
#define WB_ENGINE_VERIFY_H

#include "engine/step_script.h"

typedef enum wb_verdict {
    WB_VERDICT_OPEN,  /* cannot be told: a person must look */
    WB_VERDICT_DONE,  /* it took effect, wholly */
    WB_VERDICT_UNDONE /* it took no effect, or none that running it again would double */
} wb_verdict;

/* The statement in doubt. */
typedef struct wb_doubt {
    const wb_ledger *ledger; /* its open steps are read */
    const wb_run_options *options;
    const wb_step_script *script; /* the step that it is part of */
    const wb_statement *statement;
    wb_arena *arena; /* of the texts of the verification */
} wb_doubt;

typedef struct wb_verification {
    wb_verdict verdict;
    const char *reason;  /* what was found, as a clause: "the index \"i\" exists and is valid" */
    const char *if_done; /* OPEN: how the database looks if it was done; a sentence, may be NULL */
    const char *if_undone; /* OPEN: the same if it was not */
    /* Statements to be run one by one, outside a transaction, which make the verdict true: what
     * an interrupted statement left behind is taken away (UNDONE) or brought to its end (DONE). */
    wb_text_list repairs;
} wb_verification;

/* Asks the database. False only where asking failed. */
bool wb_verify_statement(const wb_doubt *doubt, wb_verification *ret_verification, wb_error *err);

/* The engines' own parts of it, in verify_<engine>.c. */
bool wb_verify_postgres(const wb_doubt *doubt, wb_verification *ret_verification, wb_error *err);
bool wb_verify_mariadb(const wb_doubt *doubt, wb_verification *ret_verification, wb_error *err);

#endif
