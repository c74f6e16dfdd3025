/* The runner's lock on a Galera cluster, where GET_LOCK excludes only the sessions of one node.
 *
 * The lock is a row that names its holder and has a token, which grows each time the lock is taken.
 * Two nodes may both take it, but only one of them can commit that: the cluster refuses the other.
 * A lock that is not bound to a session must be kept alive: a second connection of the holder, in a
 * thread of its own, changes the row's heartbeat now and then. Whoever sees no change for
 * WB_BEAT_TTL_MS takes the lock over (beat_watch.h).
 *
 * A holder that is only slow, not dead, may wake up after that. So every transaction that writes to
 * the ledger or the journal also writes the lock's row, by a statement that fails where the token
 * is not the holder's own: the fence. It stops what is queued behind it, and where the token was
 * changed on another node at the same time, the cluster refuses the commit. A statement that
 * commits by itself, a DDL, stands behind the commit of its intent, in the same message. */
#ifndef WB_ENGINE_CLUSTER_LOCK_H
#define WB_ENGINE_CLUSTER_LOCK_H

#include "engine/beat_watch.h"
#include "engine/ledger.h"

/* Not held. Lives as long as the arena. */
wb_cluster_lock *wb_cluster_lock_new(wb_arena *arena);
/* Tries to take the lock, making its table where it is missing; a lock that is held already stays
 * so. Sets *ret_taken; *ret_holder, in the arena, says who has it otherwise. To be called again
 * and again, since only so a dead holder is noticed. Tells of a take-over as a warning. */
bool wb_cluster_try_lock(const wb_ledger *ledger, wb_arena *arena, bool *ret_taken,
                         const char **ret_holder, wb_error *err);
/* Ends the heartbeat and gives the lock back, where it is held; all is committed by then. May be
 * called any number of times. */
void wb_cluster_lock_end(const wb_context *context);

/* The statement that must go before every write to the ledger, in the same transaction; NULL where
 * no such lock is held. */
const char *wb_cluster_fence(const wb_context *context);
/* Queues it; nothing where no such lock is held. */
bool wb_cluster_submit_fence(const wb_context *context, wb_error *err);
/* The fence was answered with this error: it may say that the lock is lost. */
void wb_cluster_note_refusal(wb_cluster_lock *lock, const wb_error *error);
/* Where the lock was lost, puts that in the place of an error that is only its consequence. */
void wb_cluster_explain_loss(const wb_context *context, wb_error *err);

/* What the row says, for people. */
typedef struct wb_cluster_holder {
    const char *text; /* NULL where the lock is free */
    int64_t token;
    int64_t beat;
    int64_t held_us;     /* -1 where not known */
    int64_t beat_age_us; /* the same */
} wb_cluster_holder;
/* Reads the row; free where the table does not exist. */
bool wb_cluster_read_holder(const wb_ledger *ledger, wb_arena *arena, wb_cluster_holder *ret_holder,
                            wb_error *err);

/* ---- shared by cluster_lock.c and cluster_beat.c ---- */

struct wb_cluster_lock {
    const wb_context *context;
    wb_beat_watch watch; /* of another holder, before the lock is taken */
    wb_session *session; /* of the heartbeat; the thread's own while there is one */
    const char *fence;   /* these three with the token filled in */
    const char *beat;
    const char *release;
    bool is_held;        /* taken and not given back */
    atomic_bool is_lost; /* somebody else has it now */

    bool has_thread;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool is_over; /* the thread is to end; guarded by the mutex */
};

/* Opens the heartbeat's connection where it is not open. */
bool wb_cluster_beat_connect(wb_cluster_lock *lock, wb_error *err);
/* Begins the heartbeat of a lock that was just taken. */
bool wb_cluster_beat_start(wb_cluster_lock *lock, wb_error *err);
/* Ends the heartbeat. The connection stays open. */
void wb_cluster_beat_stop(wb_cluster_lock *lock);

#endif
