/* Ctrl-C and its like: one thread takes all signals, so that no code runs inside a handler.
 *
 * The first signal cancels the workspace: the running statement is stopped, what was done is
 * recorded, and the call ends with CANCELLED. The second one ends the program at once. */
#ifndef WB_CLI_INTERRUPT_H
#define WB_CLI_INTERRUPT_H

#include "base/fail.h"

#include <whimbrel/whimbrel.h>

#include <pthread.h>
#include <signal.h>

enum { WB_EXIT_INTERRUPTED = 130 };

typedef struct wb_interrupt {
    pthread_t thread;
    bool is_silent;
    pthread_mutex_t mutex;   /* guards what follows */
    wb_workspace *workspace; /* to be cancelled; NULL where nothing is open */
    bool is_over;            /* the workspace was closed: the work is done, or has failed */
    bool is_paused;          /* another program has the terminal; signals are its own */
    bool is_cancelled;
    sigset_t signals;   /* those taken; ignored ones (nohup) stay ignored */
    sigset_t inherited; /* the mask to give to other programs */
} wb_interrupt;

/* Blocks the signals in this and all later threads, and starts the thread that takes them. It says
 * so on the standard error when it cancels, unless `is_silent`. */
bool wb_interrupt_start(wb_interrupt *interrupt, bool is_silent, wb_error *err);
void wb_interrupt_stop(wb_interrupt *interrupt);
/* What the next signal cancels; NULL before the workspace is closed. */
void wb_interrupt_watch(wb_interrupt *interrupt, wb_workspace *workspace);
void wb_interrupt_pause(wb_interrupt *interrupt, bool is_paused);

#endif
