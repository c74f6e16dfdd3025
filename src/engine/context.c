#include "engine/context.h"

#include "base/clock.h"

#include <stdio.h>

void wb_context_emit(const wb_context *context, wb_event *event)
{
    if (context->event == NULL)
        return;
    event->target = context->target;
    event->command = context->command;
    if (context->events != NULL)
        (void) pthread_mutex_lock(context->events);
    context->event(context->event_arg, event);
    if (context->events != NULL)
        (void) pthread_mutex_unlock(context->events);
}

bool wb_context_open(const wb_context *context, const char *role, wb_session **ret_session,
                     wb_error *err)
{
    if (context->connector.open == NULL)
        return wb_fail(err, WB_E_UNSUPPORTED, "a second connection cannot be made");
    return context->connector.open(context->connector.arg, role, ret_session, err);
}

bool wb_context_reopen(wb_context *context, wb_error *err)
{
    if (context->connector.reopen == NULL)
        return wb_fail(err, WB_E_UNSUPPORTED, "the connection cannot be made again");
    return context->connector.reopen(context->connector.arg, &context->session, err);
}

void wb_context_warn(const wb_context *context, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    (void) vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    wb_context_emit(context, &(wb_event){.kind = WB_EVENT_WARNING, .text = text});
}

bool wb_context_proceed(const wb_context *context, wb_error *err)
{
    if (context->cancelled == NULL || !atomic_load(context->cancelled))
        return true;
    return wb_fail(err, WB_E_CANCELLED, "cancelled");
}

bool wb_context_sleep_ms(const wb_context *context, int64_t duration_ms, wb_error *err)
{
    enum { PIECE_MS = 50 };
    int64_t end_us = wb_clock_monotonic_us() + duration_ms * 1000;
    for (;;) {
        if (!wb_context_proceed(context, err))
            return false;
        int64_t left_ms = (end_us - wb_clock_monotonic_us() + 999) / 1000;
        if (left_ms <= 0)
            return true;
        wb_clock_sleep_ms((unsigned) (left_ms < PIECE_MS ? left_ms : PIECE_MS));
    }
}
