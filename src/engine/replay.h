/* Plays what was done to a database once more, on a scratch database: the applied revisions in the
 * order of the ledger, then a step's own section up to a statement. What the guard refuses stops
 * the replay; nothing is run instead of it. */
#ifndef WB_ENGINE_REPLAY_H
#define WB_ENGINE_REPLAY_H

#include "engine/maria_guard.h"
#include "engine/scratch.h"
#include "engine/verify.h"

typedef struct wb_replay {
    const wb_doubt *doubt;
    wb_scratch *scratch;
    wb_maria_guard guard;
    int64_t end_us; /* gives up then */
    /* Why it cannot go on, a clause; NULL while it can. */
    const char *obstacle;
    /* The statement in doubt, once all before it is done. */
    wb_str text;
    wb_lexer_mode mode;
    /* Queued and not answered. */
    WB_LIST(const char *) sent;
    size_t answered;
    bool is_changed;       /* the section that is played changed the session */
    bool is_mode_doubtful; /* how the server reads a text has to be asked again */
} wb_replay;

/* Can the chain below the step be replayed at all? Asks the ledger; NULL where it can. */
bool wb_replay_check(const wb_doubt *doubt, const char **ret_obstacle, wb_error *err);
/* Asks the server for the names that the guard needs. */
bool wb_replay_begin(wb_replay *replay, const wb_doubt *doubt, wb_scratch *scratch, wb_error *err);
/* Plays all that comes before the statement in doubt. An obstacle is no failure: false only on a
 * cancel and a lost connection. */
bool wb_replay_before(wb_replay *replay, wb_error *err);
/* Plays the statement in doubt. */
bool wb_replay_statement(wb_replay *replay, wb_error *err);

#endif
