#include "cli/progress.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "cli/error_out.h"
#include "cli/json_out.h"

#include <time.h>

enum {
    TICK_MS = 100,
    SHOWN_AFTER_US = 150 * 1000, /* shorter steps would only flicker */
    ELAPSED_WIDTH = 9
};

static int digits_of(size_t number)
{
    int digits = 1;
    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

/* "[ 3/12] up   b8a169f37b24  Create users table          12 ms". On a terminal the message is cut
 * so that the line fits; elsewhere nothing is lost. */
static void put_line(wb_term *out, const wb_running_step *step, const char *tail, wb_paint paint)
{
    WB_SCRATCH(arena);
    const char *head = wb_arena_printf(arena, "[%*zu/%zu] %-4s ", digits_of(step->of), step->number,
                                       step->of, wb_clean(arena, step->direction));
    const char *id = wb_clean(arena, step->revision);
    const char *message = wb_clean(arena, step->message);
    size_t used = strlen(head) + strlen(id) + 4 + ELAPSED_WIDTH + 1;
    size_t room = out->width > used ? out->width - used : 0;
    if (out->is_terminal)
        message = wb_cut(arena, message, room);
    size_t width = wb_utf8_width(wb_str_from(message));
    wb_put(out, "%s%s%s%s  %s%*s  %s%*s%s", head, wb_paint_begin(out, WB_PAINT_ID), id,
           wb_paint_begin(out, WB_PAINT_NONE), message, width < room ? (int) (room - width) : 0, "",
           wb_paint_begin(out, paint), ELAPSED_WIDTH, tail, wb_paint_begin(out, WB_PAINT_NONE));
}

static void put_running(wb_progress *progress, int64_t now_us)
{
    WB_SCRATCH(arena);
    wb_running_step shown = progress->step;
    const wb_running_step *step = &shown;
    if (progress->doing[0] != '\0')
        memcpy(shown.message, progress->doing, sizeof(shown.message));
    const char *tail = wb_duration_text(arena, now_us - step->begun_us);
    if (step->statement > 0)
        tail = wb_arena_printf(arena, "#%u %s", step->statement, tail);
    wb_put(progress->out, "\r\033[K");
    put_line(progress->out, step, tail, WB_PAINT_DIM);
    wb_term_flush(progress->out);
}

static void put_ended(wb_progress *progress, const wb_running_step *step, const char *tail,
                      wb_paint paint)
{
    if (progress->is_quiet || progress->is_json)
        return;
    if (progress->out->can_redraw)
        wb_put(progress->out, "\r\033[K");
    put_line(progress->out, step, tail, paint);
    wb_put(progress->out, "\n");
    wb_term_flush(progress->out);
}

static void *tick(void *arg)
{
    wb_progress *progress = arg;
    (void) pthread_mutex_lock(&progress->mutex);
    while (!progress->is_over) {
        struct timespec until;
        (void) clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += TICK_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000L;
        }
        (void) pthread_cond_timedwait(&progress->wake, &progress->mutex, &until);
        int64_t now_us = wb_clock_monotonic_us();
        if (progress->is_running && now_us - progress->step.begun_us > SHOWN_AFTER_US)
            put_running(progress, now_us);
    }
    (void) pthread_mutex_unlock(&progress->mutex);
    return NULL;
}

void wb_progress_open(wb_progress *progress, wb_term *out, wb_term *err, bool is_quiet,
                      bool is_json)
{
    *progress = (wb_progress){.out = out, .err = err, .is_quiet = is_quiet, .is_json = is_json};
    (void) pthread_mutex_init(&progress->mutex, NULL);
    (void) pthread_cond_init(&progress->wake, NULL);
    /* Without the ticker only the live line is missing, so a failure to start it is none. */
    progress->has_ticker = out->can_redraw && !is_quiet && !is_json &&
                           pthread_create(&progress->ticker, NULL, tick, progress) == 0;
}

void wb_progress_close(wb_progress *progress)
{
    (void) pthread_mutex_lock(&progress->mutex);
    progress->is_over = true;
    (void) pthread_cond_signal(&progress->wake);
    (void) pthread_mutex_unlock(&progress->mutex);
    if (progress->has_ticker)
        (void) pthread_join(progress->ticker, NULL);
    (void) pthread_cond_destroy(&progress->wake);
    (void) pthread_mutex_destroy(&progress->mutex);
}

static void read_step(wb_running_step *step, const wb_event *event)
{
    *step = (wb_running_step){
        .number = event->step, .of = event->steps, .begun_us = wb_clock_monotonic_us()};
    (void) snprintf(step->direction, sizeof(step->direction), "%s",
                    event->direction != NULL ? event->direction : "");
    (void) snprintf(step->revision, sizeof(step->revision), "%s",
                    event->revision != NULL ? event->revision : "");
    (void) snprintf(step->message, sizeof(step->message), "%s",
                    event->message != NULL ? event->message : "");
}

/* Steps may begin before earlier ones have ended, since a runner sends several at once; so the end
 * is told from the event, not from what runs now. */
static void end_step(wb_progress *progress, const wb_event *event)
{
    WB_SCRATCH(arena);
    wb_running_step step;
    read_step(&step, event);
    progress->ended = event->step;
    if (step.number == progress->step.number)
        progress->is_running = false;
    put_ended(progress, &step, wb_duration_text(arena, event->elapsed_us), WB_PAINT_GOOD);
}

/* A line on the standard error, above the running step. */
static void put_note(wb_progress *progress, const wb_event *event, const char *word)
{
    WB_SCRATCH(arena);
    const char *text = event->text != NULL ? event->text : "";
    if (event->kind != WB_EVENT_WARNING) {
        if (strncmp(progress->waiting, text, sizeof(progress->waiting) - 1) == 0)
            return;
        (void) snprintf(progress->waiting, sizeof(progress->waiting), "%s", text);
    }
    if (progress->is_running && progress->has_ticker) {
        wb_put(progress->out, "\r\033[K");
        wb_term_flush(progress->out);
    }
    if (event->kind == WB_EVENT_WARNING)
        wb_warning_print(progress->err, text, false);
    else if (!progress->is_quiet)
        wb_put(progress->err, "%s: %s\n", word, wb_clean(arena, text));
    wb_term_flush(progress->err);
}

/* On a terminal the running line shows it. Elsewhere it is a line of its own now and then, so that
 * a log tells that the program is alive and whom it waits for. */
static void put_doing(wb_progress *progress, const wb_event *event)
{
    enum { NOTE_EVERY_US = 10 * 1000 * 1000 };
    WB_SCRATCH(arena);
    int64_t now_us = wb_clock_monotonic_us();
    const char *text = wb_clean(arena, event->text != NULL ? event->text : "");
    (void) snprintf(progress->doing, sizeof(progress->doing), "%s", text);
    bool is_due = progress->noted_us == 0 || now_us - progress->noted_us > NOTE_EVERY_US;
    if (progress->has_ticker || progress->is_quiet || !is_due)
        return;
    progress->noted_us = now_us;
    wb_put(progress->err, "working: %s\n", text);
    wb_term_flush(progress->err);
}

static void show(wb_progress *progress, const wb_event *event)
{
    switch (event->kind) {
    case WB_EVENT_RUN_BEGIN:
    case WB_EVENT_RUN_END:
        progress->is_running = false;
        progress->ended = 0;
        break;
    case WB_EVENT_STEP_BEGIN:
        read_step(&progress->step, event);
        progress->doing[0] = '\0';
        progress->is_running = true;
        break;
    case WB_EVENT_STATEMENT:
        progress->doing[0] = '\0';
        progress->step.statement = event->statement;
        break;
    case WB_EVENT_STEP_END:
        end_step(progress, event);
        break;
    case WB_EVENT_PROGRESS:
        put_doing(progress, event);
        break;
    case WB_EVENT_LOCK_WAIT:
    case WB_EVENT_CONNECT_WAIT:
        put_note(progress, event, "waiting");
        break;
    case WB_EVENT_RETRY:
        put_note(progress, event, "trying again");
        break;
    case WB_EVENT_WARNING:
        put_note(progress, event, "warning");
        break;
    }
}

void wb_progress_event(void *arg, const wb_event *event)
{
    wb_progress *progress = arg;
    (void) pthread_mutex_lock(&progress->mutex);
    if (progress->is_json) {
        wb_json_print(progress->out, wb_json_event(event));
        wb_term_flush(progress->out);
    } else {
        show(progress, event);
    }
    (void) pthread_mutex_unlock(&progress->mutex);
}

void wb_progress_fail(wb_progress *progress)
{
    (void) pthread_mutex_lock(&progress->mutex);
    if (progress->is_running && progress->step.number == progress->ended + 1)
        put_ended(progress, &progress->step, "failed", WB_PAINT_BAD);
    else if (progress->is_running && progress->has_ticker)
        wb_put(progress->out, "\r\033[K");
    progress->is_running = false;
    (void) pthread_mutex_unlock(&progress->mutex);
}
