/* Watching a statement that takes long: a second session asks the server how far it is and who is
 * in its way, and tells the caller. Where no second session can be had, nothing is watched; nothing
 * depends on it. */
#ifndef WB_ENGINE_WATCH_H
#define WB_ENGINE_WATCH_H

#include "engine/context.h"

typedef struct wb_watch wb_watch;

/* Starts the thread that watches. It connects only when something takes long. NULL where there is
 * nothing to watch. The context must live until wb_watch_stop. */
wb_watch *wb_watch_start(const wb_context *context);
/* NULL is a no-op. */
void wb_watch_stop(wb_watch *watch);
/* The run's own session, which is watched, begins to wait for the server. `step` is what is told
 * along; its texts must live until the next call. NULL is a no-op. */
void wb_watch_wait(wb_watch *watch, const wb_event *step);
/* It has stopped waiting, or has got an answer. */
void wb_watch_answer(wb_watch *watch);
/* Who was in the way until a moment ago; in the arena. NULL where nobody was, or nobody looked. */
const char *wb_watch_blockers(wb_watch *watch, wb_arena *arena);

#endif
