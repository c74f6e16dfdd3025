/* Is the holder of a cluster's lock dead?
 *
 * Judged only by what the observer has seen itself: the same beat, in answers that came one after
 * another, for as long as a living holder never is silent. The clocks of two machines are never
 * compared. Time in which nothing could be seen does not count: a long DDL stops a whole cluster,
 * the holder's heartbeat too, and an observer that slept knows nothing about the time before. */
#ifndef WB_ENGINE_BEAT_WATCH_H
#define WB_ENGINE_BEAT_WATCH_H

#include "base/str.h"

enum {
    WB_BEAT_TTL_MS = 15000,  /* a holder that is silent for so long is dead */
    WB_BEAT_EVERY_MS = 3000, /* how often a living one gives a sign */
    /* An answer that took longer, or came later behind the one before, begins the watch anew. */
    WB_BEAT_BLIND_MS = 2000
};

typedef struct wb_beat_watch {
    bool is_watching;
    int64_t token;
    int64_t beat;
    int64_t since_us; /* when this beat was first seen */
    int64_t last_us;  /* when it was seen last */
} wb_beat_watch;

/* Takes what an answer says; both times are of the observer's monotonic clock. True where the
 * holder is dead. */
bool wb_beat_watch_see(wb_beat_watch *watch, int64_t token, int64_t beat, int64_t asked_us,
                       int64_t answered_us);
/* No answer came: the watch begins anew. */
void wb_beat_watch_lose(wb_beat_watch *watch);

#endif
