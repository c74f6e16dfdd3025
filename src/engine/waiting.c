#include "engine/waiting.h"

#include "base/clock.h"
#include "base/random.h"

enum { FIRST_DELAY_MS = 5, LONGEST_DELAY_MS = 250, REPORT_EVERY_MS = 5000 };

wb_waiting wb_waiting_begin(const wb_context *context, int64_t wait_ms)
{
    return (wb_waiting){.context = context,
                        .begin_us = wb_clock_monotonic_us(),
                        .wait_ms = wait_ms,
                        .reported_ms = -1,
                        .delay_ms = FIRST_DELAY_MS};
}

static int64_t waited_ms(const wb_waiting *wait)
{
    return (wb_clock_monotonic_us() - wait->begin_us) / 1000;
}

bool wb_waiting_is_over(const wb_waiting *wait)
{
    return wait->wait_ms >= 0 && waited_ms(wait) >= wait->wait_ms;
}

bool wb_waiting_is_report_due(const wb_waiting *wait)
{
    return wait->reported_ms < 0 || waited_ms(wait) - wait->reported_ms >= REPORT_EVERY_MS;
}

bool wb_waiting_more(wb_waiting *wait, const char *holder, wb_error *err)
{
    int64_t waited = waited_ms(wait);
    if (wb_waiting_is_report_due(wait)) {
        wait->reported_ms = waited;
        wb_context_emit(
            wait->context,
            &(wb_event){.kind = WB_EVENT_LOCK_WAIT, .text = holder, .elapsed_us = waited * 1000});
    }
    int64_t delay = wait->delay_ms / 2 + wb_random_below(wait->delay_ms);
    if (wait->wait_ms >= 0 && delay > wait->wait_ms - waited)
        delay = wait->wait_ms - waited;
    wait->delay_ms = wait->delay_ms * 2 > LONGEST_DELAY_MS ? LONGEST_DELAY_MS : wait->delay_ms * 2;
    return wb_context_sleep_ms(wait->context, delay, err);
}

bool wb_waiting_fail(const wb_waiting *wait, const char *holder, wb_error *err)
{
    wb_fail(err, WB_E_LOCK, "another runner holds the migration lock%s%s",
            holder != NULL ? ": " : "", holder != NULL ? holder : "");
    wb_detail(err, "Waited %.1f s for it.", (double) waited_ms(wait) / 1000);
    return wb_hint(err, "Run again when it has ended, or wait longer with --lock-timeout.");
}

bool wb_waiting_fail_file(const wb_waiting *wait, const char *holder, wb_error *err)
{
    wb_fail(err, WB_E_LOCK, "the database file is locked: %s", holder);
    wb_detail(err, "Waited %.1f s for it.", (double) waited_ms(wait) / 1000);
    return wb_hint(err, "Run again when it has ended, or wait longer with --lock-timeout.");
}
