/* What a run shows while it goes on: the events of the library as lines.
 *
 * In a pipe each step is one line at its end. On a terminal the running step has its line from
 * the start, and a thread keeps its time ticking. With --json every event is a line. */
#ifndef WB_CLI_PROGRESS_H
#define WB_CLI_PROGRESS_H

#include "cli/term.h"

#include <whimbrel/whimbrel.h>

#include <pthread.h>

/* The step that runs now, copied, since an event lives only as long as its callback. */
typedef struct wb_running_step {
    char direction[16];
    char revision[80];
    char message[256];
    size_t number;
    size_t of;
    unsigned statement;
    int64_t begun_us; /* monotonic */
} wb_running_step;

typedef struct wb_progress {
    wb_term *out;
    wb_term *err;
    bool is_quiet;
    bool is_json;
    bool has_ticker;
    pthread_t ticker;
    pthread_mutex_t mutex; /* guards what follows, and the two streams while the ticker lives */
    pthread_cond_t wake;
    bool is_over;
    bool is_running; /* `step` is what runs now */
    wb_running_step step;
    size_t ended;      /* number of the last step that ended */
    char doing[256];   /* what the running statement does; shown in the place of the message */
    int64_t noted_us;  /* when that was last told as a line of its own; monotonic */
    char waiting[256]; /* last reason told for waiting, to tell each once */
} wb_progress;

void wb_progress_open(wb_progress *progress, wb_term *out, wb_term *err, bool is_quiet,
                      bool is_json);
/* Ends the ticker. Nothing is written behind the back of the caller after it. */
void wb_progress_close(wb_progress *progress);
/* A wb_event_fn; `arg` is a wb_progress. */
void wb_progress_event(void *arg, const wb_event *event);
/* Ends the line of the step that failed, where it is known: a runner that sends several steps at
 * once has begun more than one. */
void wb_progress_fail(wb_progress *progress);

#endif
