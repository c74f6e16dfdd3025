#include "engine/watch.h"

#include "base/clock.h"
#include "engine/blockers.h"
#include "engine/progress_query.h"

#include <stdlib.h>
#include <time.h>

enum {
    LOOK_EVERY_MS = 250,
    LOOK_AFTER_US = 500 * 1000, /* what is faster is not worth a connection */
    TELL_EVERY_US = 1000 * 1000,
    FRESH_US = 2 * 1000 * 1000, /* who was seen longer ago was in the way of something else */
    CONNECT_AGAIN_US = 10 * 1000 * 1000
};

struct wb_watch {
    const wb_context *context;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool is_over;
    uint64_t watched;   /* number of the session that waits */
    int64_t waiting_us; /* since when; 0: it does not */
    int64_t seen_us;    /* when `blockers` were in the way */
    char blockers[768];
    wb_event step;
    /* Only the thread's. */
    wb_session *session;
    int64_t tried_us; /* when connecting was tried last */
    int64_t told_us;
    char told[512];
};

/* ---- the thread ---- */

static bool connect_observer(wb_watch *watch)
{
    wb_error ignored;
    int64_t now_us = wb_clock_monotonic_us();
    if (watch->session != NULL && !watch->session->lost)
        return true;
    if (watch->tried_us != 0 && now_us - watch->tried_us < CONNECT_AGAIN_US)
        return false;
    watch->tried_us = now_us;
    wb_session_close(watch->session);
    watch->session = NULL;
    return wb_context_open(watch->context, "watch", &watch->session, &ignored);
}

/* What the session does; NULL where it just runs. Fills in who blocks it. */
static const char *look_at_session(wb_watch *watch, uint64_t id, wb_arena *arena, wb_buf *blockers)
{
    wb_error ignored;
    wb_blocker_list list = {0};
    const char *text = NULL;
    wb_dialect_id dialect = watch->context->dialect->id;
    if (!connect_observer(watch) ||
        !wb_blockers_of(watch->session, (int64_t) id, arena, &list, &ignored))
        return NULL;
    if (list.count > 0) {
        wb_blocker_list_text(&list, dialect, blockers);
        return wb_arena_printf(arena, "waiting for %s", wb_buf_text(blockers));
    }
    if (!wb_progress_query(watch->session, (int64_t) id, arena, &text, &ignored))
        return NULL;
    return text;
}

static void tell_progress(wb_watch *watch, const wb_event *step, const char *text)
{
    int64_t now_us = wb_clock_monotonic_us();
    if (strncmp(watch->told, text, sizeof(watch->told) - 1) == 0 ||
        (watch->told_us != 0 && now_us - watch->told_us < TELL_EVERY_US))
        return;
    watch->told_us = now_us;
    (void) snprintf(watch->told, sizeof(watch->told), "%s", text);
    wb_event event = *step;
    event.kind = WB_EVENT_PROGRESS;
    event.text = text;
    wb_context_emit(watch->context, &event);
}

/* Looks once, without the mutex; the wait may be over by then. */
static void look_once(wb_watch *watch, int64_t waiting_us, uint64_t id, const wb_event *step)
{
    WB_SCRATCH(arena);
    WB_AUTO_BUF(blockers, 0);
    const char *text = look_at_session(watch, id, arena, &blockers);
    (void) pthread_mutex_lock(&watch->mutex);
    if (blockers.len > 0) {
        (void) snprintf(watch->blockers, sizeof(watch->blockers), "%s", wb_buf_text(&blockers));
        watch->seen_us = wb_clock_monotonic_us();
    }
    bool is_waiting = watch->waiting_us == waiting_us;
    (void) pthread_mutex_unlock(&watch->mutex);
    if (is_waiting && text != NULL)
        tell_progress(watch, step, text);
}

static void sleep_a_moment(wb_watch *watch)
{
    int64_t until_us = wb_clock_monotonic_us() + INT64_C(1000) * LOOK_EVERY_MS;
    struct timespec until = {.tv_sec = (time_t) (until_us / 1000000),
                             .tv_nsec = (long) (until_us % 1000000) * 1000};
    (void) pthread_cond_timedwait(&watch->changed, &watch->mutex, &until);
}

static void *watch_over(void *arg)
{
    wb_watch *watch = arg;
    (void) pthread_mutex_lock(&watch->mutex);
    while (!watch->is_over) {
        sleep_a_moment(watch);
        int64_t waiting_us = watch->waiting_us;
        bool is_long =
            waiting_us != 0 && wb_clock_monotonic_us() - waiting_us > (int64_t) LOOK_AFTER_US;
        if (watch->is_over || !is_long)
            continue;
        const wb_event step = watch->step;
        uint64_t id = watch->watched;
        (void) pthread_mutex_unlock(&watch->mutex);
        look_once(watch, waiting_us, id, &step);
        (void) pthread_mutex_lock(&watch->mutex);
    }
    (void) pthread_mutex_unlock(&watch->mutex);
    wb_session_close(watch->session);
    return NULL;
}

/* ---- from outside ---- */

wb_watch *wb_watch_start(const wb_context *context)
{
    pthread_condattr_t attributes;
    bool is_remote = context->dialect->id != WB_SQLITE && context->connector.open != NULL;
    if (!is_remote || context->session->is_pooled)
        return NULL;
    wb_watch *watch = wb_calloc(1, sizeof(*watch));
    watch->context = context;
    (void) pthread_mutex_init(&watch->mutex, NULL);
    (void) pthread_condattr_init(&attributes);
    (void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void) pthread_cond_init(&watch->changed, &attributes);
    (void) pthread_condattr_destroy(&attributes);
    if (pthread_create(&watch->thread, NULL, watch_over, watch) == 0)
        return watch;
    (void) pthread_cond_destroy(&watch->changed);
    (void) pthread_mutex_destroy(&watch->mutex);
    free(watch);
    return NULL;
}

void wb_watch_stop(wb_watch *watch)
{
    if (watch == NULL)
        return;
    (void) pthread_mutex_lock(&watch->mutex);
    watch->is_over = true;
    (void) pthread_cond_signal(&watch->changed);
    (void) pthread_mutex_unlock(&watch->mutex);
    (void) pthread_join(watch->thread, NULL);
    (void) pthread_cond_destroy(&watch->changed);
    (void) pthread_mutex_destroy(&watch->mutex);
    free(watch);
}

void wb_watch_wait(wb_watch *watch, const wb_event *step)
{
    if (watch == NULL)
        return;
    int64_t now_us = wb_clock_monotonic_us();
    (void) pthread_mutex_lock(&watch->mutex);
    watch->watched = watch->context->session->backend_id;
    watch->waiting_us = now_us;
    watch->step = *step;
    (void) pthread_mutex_unlock(&watch->mutex);
}

void wb_watch_answer(wb_watch *watch)
{
    if (watch == NULL)
        return;
    (void) pthread_mutex_lock(&watch->mutex);
    watch->waiting_us = 0;
    (void) pthread_mutex_unlock(&watch->mutex);
}

const char *wb_watch_blockers(wb_watch *watch, wb_arena *arena)
{
    if (watch == NULL)
        return NULL;
    (void) pthread_mutex_lock(&watch->mutex);
    const char *text = watch->blockers[0] != '\0' ? wb_arena_strdup(arena, watch->blockers) : NULL;
    (void) pthread_mutex_unlock(&watch->mutex);
    return text;
}
