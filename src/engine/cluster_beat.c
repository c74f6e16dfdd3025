/* The heartbeat of a cluster's lock: a thread with a connection of its own. */
#include "base/clock.h"
#include "engine/cluster_lock.h"

#include <time.h>

bool wb_cluster_beat_connect(wb_cluster_lock *lock, wb_error *err)
{
    if (lock->session != NULL && lock->session->lost) {
        wb_session_close(lock->session);
        lock->session = NULL;
    }
    if (lock->session != NULL)
        return true;
    if (!wb_context_open(lock->context, "heartbeat", &lock->session, err))
        return wb_while(err, "connecting for the heartbeat of the migration lock");
    return wb_session_exec(lock->session, WB_STR("SET SESSION autocommit = 1"), err);
}

static void keep_beats(void *arg, const wb_answer *answer)
{
    if (answer->error == NULL)
        *(uint64_t *) arg = answer->rows_affected;
}

/* False where the lock is gone. Whatever else keeps the beat from being written may pass, and
 * whether it does is for the others to judge. */
static bool beat_once(wb_cluster_lock *lock, bool *ret_written)
{
    wb_error ignored;
    uint64_t rows = 0;
    wb_request request = {.sql = wb_str_from(lock->beat), .answer = keep_beats, .arg = &rows};
    *ret_written = wb_cluster_beat_connect(lock, &ignored) &&
                   wb_session_submit(lock->session, &request, &ignored) &&
                   wb_session_collect(lock->session, &ignored);
    return !*ret_written || rows == 1;
}

/* Waits for the next beat; false where there is to be none. */
static bool wait_for_beat(wb_cluster_lock *lock)
{
    struct timespec until;
    (void) clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WB_BEAT_EVERY_MS / 1000;
    int waited = 0;
    (void) pthread_mutex_lock(&lock->mutex);
    while (!lock->is_over && waited == 0)
        waited = pthread_cond_timedwait(&lock->wake, &lock->mutex, &until);
    bool goes_on = !lock->is_over;
    (void) pthread_mutex_unlock(&lock->mutex);
    return goes_on;
}

static void *run_beat(void *arg)
{
    wb_cluster_lock *lock = arg;
    int64_t written_us = wb_clock_monotonic_us();
    bool is_warned = false;
    while (wait_for_beat(lock)) {
        bool is_written = false;
        if (!beat_once(lock, &is_written)) {
            atomic_store(&lock->is_lost, true);
            if (lock->context->connector.cancel != NULL)
                lock->context->connector.cancel(lock->context->connector.arg);
            break;
        }
        int64_t now_us = wb_clock_monotonic_us();
        if (is_written) {
            written_us = now_us;
        } else if (!is_warned && now_us - written_us > (int64_t) WB_BEAT_TTL_MS * 1000) {
            is_warned = true;
            wb_context_warn(lock->context, "the heartbeat of the migration lock cannot be "
                                           "written: another runner may take the lock over");
        }
    }
    return NULL;
}

/* The monotonic clock, so that setting the clock neither hastens nor delays a beat. */
static void make_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    (void) pthread_condattr_init(&attributes);
    (void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void) pthread_cond_init(condition, &attributes);
    (void) pthread_condattr_destroy(&attributes);
}

bool wb_cluster_beat_start(wb_cluster_lock *lock, wb_error *err)
{
    (void) pthread_mutex_init(&lock->mutex, NULL);
    make_condition(&lock->wake);
    lock->is_over = false;
    int code = pthread_create(&lock->thread, NULL, run_beat, lock);
    lock->has_thread = code == 0;
    return lock->has_thread ||
           wb_fail_errno(err, code, "the heartbeat of the migration lock cannot be started");
}

void wb_cluster_beat_stop(wb_cluster_lock *lock)
{
    if (!lock->has_thread)
        return;
    (void) pthread_mutex_lock(&lock->mutex);
    lock->is_over = true;
    (void) pthread_cond_signal(&lock->wake);
    (void) pthread_mutex_unlock(&lock->mutex);
    (void) pthread_join(lock->thread, NULL);
    lock->has_thread = false;
    (void) pthread_cond_destroy(&lock->wake);
    (void) pthread_mutex_destroy(&lock->mutex);
}
