/* Cancelling: KILL QUERY through a second connection.
 *
 * The kill must not hit a statement that was not meant. So it is sent only while the server works
 * for the session, and as long as it is on its way, the session's thread cannot begin another
 * packet: both hold the mutex. A kill that comes between two statements of one packet is either
 * forgotten by the server, so it is repeated for a moment until the session has stopped; or it
 * makes the server leave the packet without a word, for which the session would wait for ever, so a
 * session that the server no longer works for is ended as a whole. */
#include "base/clock.h"
#include "driver/mariadb/maria_session.h"

#include <stdio.h>

/* A DDL that is killed while it opens a table with triggers leaves it unusable in the server's
 * cache
 * ("trigger has an error in its body"), until the table is changed or flushed. So what takes only a
 * moment is not killed. */
enum { GRACE_MS = 700 };
enum { KILL_TIMEOUT_S = 5, KILLS = 30, FIRST_WAIT_MS = 2, LONGEST_WAIT_MS = 50 };

/* Waits a little for the session's thread to be done. */
static bool has_stopped(const wb_maria_session *session, unsigned wait_ms)
{
    for (unsigned i = 0; i < wait_ms && atomic_load(&session->is_busy); i++)
        wb_clock_sleep_ms(1);
    return !atomic_load(&session->is_busy);
}

/* Is the server idle as to the session, while that waits for an answer? */
static bool is_forgotten(const wb_maria_library *library, MYSQL *handle, unsigned long id)
{
    char sql[160];
    int length = snprintf(sql, sizeof(sql),
                          "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = %lu"
                          " AND INFO IS NULL",
                          id);
    if (library->real_query(handle, sql, (unsigned long) length) != 0)
        return false;
    MYSQL_RES *result = library->use_result(handle);
    if (result == NULL)
        return false;
    bool is_idle = library->fetch_row(result) != NULL;
    while (library->fetch_row(result) != NULL)
        ;
    library->free_result(result);
    return is_idle;
}

/* Looks several times: between two packets every session is idle for a moment. */
static void end_forgotten(const wb_maria_session *session, MYSQL *handle)
{
    enum { LOOKS = 5, LOOK_MS = 100 };
    char sql[64];
    for (int i = 0; i < LOOKS; i++) {
        if (has_stopped(session, LOOK_MS) ||
            !is_forgotten(session->library, handle, session->thread_id))
            return;
    }
    int length = snprintf(sql, sizeof(sql), "KILL CONNECTION %lu", session->thread_id);
    (void) session->library->real_query(handle, sql, (unsigned long) length);
}

/* A failure leaves the statement running, and the caller may cancel again. */
static void kill_query(wb_maria_session *session)
{
    const wb_maria_library *library = session->library;
    wb_maria_target target = session->target;
    wb_error ignored;
    MYSQL *handle = NULL;
    char sql[64];
    if (target.timeout_s > KILL_TIMEOUT_S)
        target.timeout_s = KILL_TIMEOUT_S;
    target.wait_timeout_s = KILL_TIMEOUT_S;
    target.database = NULL; /* which may be gone by now */
    if (!wb_maria_connect(library, &target, NULL, &handle, &ignored))
        return;
    int length = snprintf(sql, sizeof(sql), "KILL QUERY %lu", session->thread_id);
    unsigned wait_ms = FIRST_WAIT_MS;
    for (int i = 0; i < KILLS && atomic_load(&session->is_busy); i++) {
        if (library->real_query(handle, sql, (unsigned long) length) != 0 ||
            has_stopped(session, wait_ms))
            break;
        wait_ms = wait_ms * 2 < LONGEST_WAIT_MS ? wait_ms * 2 : LONGEST_WAIT_MS;
    }
    if (atomic_load(&session->is_busy))
        end_forgotten(session, handle);
    library->close(handle);
}

void wb_maria_cancel(wb_session *base)
{
    wb_maria_session *session = wb_maria_of(base);
    (void) session->library->thread_init();
    (void) pthread_mutex_lock(&session->mutex);
    if (atomic_load(&session->is_busy) && atomic_load(&base->cancelled) &&
        !has_stopped(session, GRACE_MS))
        kill_query(session);
    (void) pthread_mutex_unlock(&session->mutex);
}

/* A cancel that comes now finds nothing to kill; one that is under way ends first. */
void wb_maria_uncancel(wb_session *base)
{
    wb_maria_session *session = wb_maria_of(base);
    (void) pthread_mutex_lock(&session->mutex);
    (void) pthread_mutex_unlock(&session->mutex);
}

bool wb_maria_begin_work(wb_maria_session *session)
{
    (void) pthread_mutex_lock(&session->mutex);
    bool is_cancelled = atomic_load(&session->base.cancelled);
    atomic_store(&session->is_busy, !is_cancelled);
    (void) pthread_mutex_unlock(&session->mutex);
    return !is_cancelled;
}

/* Says first that nothing is left to kill, then waits for a kill that is under way. */
void wb_maria_end_work(wb_maria_session *session)
{
    atomic_store(&session->is_busy, false);
    (void) pthread_mutex_lock(&session->mutex);
    (void) pthread_mutex_unlock(&session->mutex);
}
