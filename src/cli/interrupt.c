#include "cli/interrupt.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

static const int taken[] = {SIGINT, SIGTERM, SIGHUP};

/* Cancels; false where there is nothing left to wait for. */
static bool cancel(wb_interrupt *interrupt)
{
    static const char note[] =
        "\ninterrupted: stopping and recording what is done; once more ends at once\n";
    (void) pthread_mutex_lock(&interrupt->mutex);
    bool wait = interrupt->is_paused;
    if (!wait && interrupt->workspace != NULL && !interrupt->is_cancelled) {
        interrupt->is_cancelled = true;
        wait = true;
        if (!interrupt->is_silent)
            (void) !write(STDERR_FILENO, note, sizeof(note) - 1);
        wb_cancel(interrupt->workspace);
    } else if (!wait && interrupt->is_over && !interrupt->is_cancelled) {
        interrupt->is_cancelled = true; /* the work is done: what is left is to say so */
        wait = true;
    }
    (void) pthread_mutex_unlock(&interrupt->mutex);
    return wait;
}

/* A cancel that reaches the server between two statements stops neither, so it is sent until the
 * call has ended. */
static void cancel_again(wb_interrupt *interrupt)
{
    (void) pthread_mutex_lock(&interrupt->mutex);
    if (interrupt->workspace != NULL)
        wb_cancel(interrupt->workspace);
    (void) pthread_mutex_unlock(&interrupt->mutex);
}

static void *take_signals(void *arg)
{
    static const struct timespec period = {.tv_nsec = 250000000};
    wb_interrupt *interrupt = arg;
    for (;;) {
        /* Only this thread sets the flag. */
        int number = interrupt->is_cancelled ? sigtimedwait(&interrupt->signals, NULL, &period)
                                             : sigwaitinfo(&interrupt->signals, NULL);
        if (number > 0 && !cancel(interrupt))
            _exit(WB_EXIT_INTERRUPTED);
        if (number < 0 && errno == EAGAIN)
            cancel_again(interrupt);
    }
    return NULL;
}

bool wb_interrupt_start(wb_interrupt *interrupt, bool is_silent, wb_error *err)
{
    *interrupt = (wb_interrupt){.is_silent = is_silent};
    (void) sigemptyset(&interrupt->signals);
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        struct sigaction now;
        if (sigaction(taken[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            (void) sigaddset(&interrupt->signals, taken[i]);
    }
    /* A reader who goes away shows as EPIPE, so that a run is never cut off by its output. */
    (void) sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    (void) pthread_mutex_init(&interrupt->mutex, NULL);
    (void) pthread_sigmask(SIG_BLOCK, &interrupt->signals, &interrupt->inherited);
    int reason = pthread_create(&interrupt->thread, NULL, take_signals, interrupt);
    return reason == 0 || wb_fail_errno(err, reason, "cannot start a thread for signals");
}

void wb_interrupt_stop(wb_interrupt *interrupt)
{
    (void) pthread_cancel(interrupt->thread); /* waiting for a signal is where it is taken */
    (void) pthread_join(interrupt->thread, NULL);
    (void) pthread_mutex_destroy(&interrupt->mutex);
}

void wb_interrupt_watch(wb_interrupt *interrupt, wb_workspace *workspace)
{
    (void) pthread_mutex_lock(&interrupt->mutex);
    interrupt->is_over = interrupt->is_over || (interrupt->workspace != NULL && workspace == NULL);
    interrupt->workspace = workspace;
    (void) pthread_mutex_unlock(&interrupt->mutex);
}

void wb_interrupt_pause(wb_interrupt *interrupt, bool is_paused)
{
    (void) pthread_mutex_lock(&interrupt->mutex);
    interrupt->is_paused = is_paused;
    (void) pthread_mutex_unlock(&interrupt->mutex);
}
