/* Waiting for something that another holds: in growing, jittered steps, with a word to the caller
 * now and then. */
#ifndef WB_ENGINE_WAITING_H
#define WB_ENGINE_WAITING_H

#include "engine/context.h"

typedef struct wb_waiting {
    const wb_context *context;
    int64_t begin_us;
    int64_t wait_ms;     /* < 0: no limit */
    int64_t reported_ms; /* since the begin; -1: never */
    uint32_t delay_ms;
} wb_waiting;

wb_waiting wb_waiting_begin(const wb_context *context, int64_t wait_ms);
bool wb_waiting_is_over(const wb_waiting *wait);
/* Is the caller about to be told who is waited for? */
bool wb_waiting_is_report_due(const wb_waiting *wait);
/* Sleeps for a moment, and tells the caller who is waited for: at first and every few seconds.
 * `holder` may be NULL. CANCELLED. */
bool wb_waiting_more(wb_waiting *wait, const char *holder, wb_error *err);
/* Fails with LOCK: another runner has the migration lock. */
bool wb_waiting_fail(const wb_waiting *wait, const char *holder, wb_error *err);
/* The same for a database file that another process keeps locked. */
bool wb_waiting_fail_file(const wb_waiting *wait, const char *holder, wb_error *err);

#endif
