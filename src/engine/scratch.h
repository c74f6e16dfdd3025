/* A throw-away database on the server of a target, for finding out what statements do. MariaDB.
 *
 * Two sessions: the keeper makes the database, holds a lock of its name for as long as it lives,
 * looks at it and drops it; the player runs statements of revisions in it and may be left in any
 * state by them. What a killed run leaves behind is known by its name and its comment, and is
 * dropped by the next use once nobody holds its lock. Whether a statement may be run here at all is
 * for wb_maria_guard_look to say. */
#ifndef WB_ENGINE_SCRATCH_H
#define WB_ENGINE_SCRATCH_H

#include "engine/ledger.h"

#include <pthread.h>

#define WB_SCRATCH_PREFIX "whimbrel_scratch_"
enum { WB_SCRATCH_NAME = 34 }; /* the prefix, 16 hex digits and a zero */

typedef struct wb_scratch {
    const wb_ledger *ledger;
    char name[WB_SCRATCH_NAME];
    wb_session *keeper;
    wb_session *player;
    bool exists; /* the database may be there */
    /* Passes a cancel of the run on to the player. */
    bool is_watched;
    bool is_ending;
    pthread_t watcher;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
} wb_scratch;

/* Sweeps, and makes a database with the character set and the sql_mode of the ledger's. The
 * scratch database must be closed, also after a failure. */
bool wb_scratch_open(wb_scratch *scratch, const wb_ledger *ledger, wb_error *err);
/* Drops the database and ends both sessions, also after a cancel. What cannot be dropped is warned
 * of; the next use sweeps it. */
void wb_scratch_close(wb_scratch *scratch);
/* Queues the settings that a run begins with on the player; `restore` first undoes what a file has
 * changed. */
bool wb_scratch_submit_settings(const wb_scratch *scratch, bool restore, wb_error *err);

#endif
