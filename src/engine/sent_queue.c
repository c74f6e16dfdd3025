#include "base/clock.h"
#include "engine/cluster_lock.h"
#include "engine/run_state.h"

#include <stdlib.h>

void wb_sent_push(wb_sent_queue *queue, const wb_sent *item)
{
    if (queue->count == queue->capacity) {
        size_t capacity = queue->capacity == 0 ? 64 : queue->capacity * 2;
        wb_sent *items = wb_alloc(capacity * sizeof(*items));
        for (size_t i = 0; i < queue->count; i++)
            items[i] = queue->items[(queue->first + i) % queue->capacity];
        free(queue->items);
        queue->items = items;
        queue->capacity = capacity;
        queue->first = 0;
    }
    queue->items[(queue->first + queue->count) % queue->capacity] = *item;
    queue->count++;
}

bool wb_sent_pop(wb_sent_queue *queue, wb_sent *ret_item)
{
    if (queue->count == 0)
        return false;
    *ret_item = queue->items[queue->first];
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
    return true;
}

bool wb_run_submit(wb_run *run, wb_str sql, const wb_sent *sent, wb_error *err)
{
    const wb_request request = {
        .sql = sql, .answer = wb_run_answered, .arg = run, .prompt = sent->kind == WB_SENT_COMMIT};
    wb_sent_push(&run->sent, sent);
    wb_run_wait(run); /* sending waits too, once the buffers are full */
    bool ok = wb_session_submit(run->context->session, &request, err);
    wb_watch_answer(run->watch);
    return ok;
}

bool wb_run_submit_other(wb_run *run, const char *sql, wb_error *err)
{
    return wb_run_submit(run, wb_str_from(sql), &(wb_sent){.kind = WB_SENT_OTHER}, err);
}

static wb_event step_event(const wb_run *run, wb_event_kind kind, uint32_t step)
{
    const wb_revision *revision = run->scripts[step].revision;
    return (wb_event){.kind = kind,
                      .direction = run->plan->down ? "down" : "up",
                      .revision = revision->id,
                      .message = revision->message,
                      .step = step + 1,
                      .steps = run->plan->steps.count};
}

void wb_run_wait(const wb_run *run)
{
    if (run->watch == NULL)
        return;
    uint32_t last = (uint32_t) run->plan->steps.count - 1;
    const wb_event step =
        step_event(run, WB_EVENT_PROGRESS, run->completed < last ? run->completed : last);
    wb_watch_wait(run->watch, &step);
}

bool wb_run_collect(wb_run *run, wb_error *err)
{
    wb_run_wait(run);
    bool ok = wb_session_collect(run->context->session, err);
    wb_watch_answer(run->watch);
    return ok;
}

bool wb_run_exec(wb_run *run, wb_str sql, wb_error *err)
{
    wb_run_wait(run);
    bool ok = wb_session_exec(run->context->session, sql, err);
    wb_watch_answer(run->watch);
    return ok;
}

void wb_run_emit_begin(wb_run *run, uint32_t step)
{
    if (step < run->begun || step >= run->plan->steps.count)
        return;
    run->begun = step + 1;
    run->step_begin_us = wb_clock_monotonic_us();
    wb_event event = step_event(run, WB_EVENT_STEP_BEGIN, step);
    wb_context_emit(run->context, &event);
}

void wb_run_tell_committed(wb_run *run, uint32_t steps)
{
    while (run->completed < steps) {
        wb_event event = step_event(run, WB_EVENT_STEP_END, run->completed);
        event.elapsed_us = run->elapsed_us[run->completed];
        if (!run->is_foreign[run->completed])
            wb_context_emit(run->context, &event);
        run->completed++;
    }
    wb_run_emit_begin(run, run->completed);
}

/* Notes a statement that ran alone; a long step says now and then how far it is. */
void wb_run_statement_done(wb_run *run, const wb_sent *sent)
{
    enum { EVERY_US = 500000 };
    if (sent->commits) {
        run->alone_done = sent->number;
        memcpy(run->alone_hash, sent->after, sizeof(run->alone_hash));
    }
    int64_t now_us = wb_clock_monotonic_us();
    if (now_us - run->reported_us < EVERY_US)
        return;
    run->reported_us = now_us;
    wb_event event = step_event(run, WB_EVENT_STATEMENT, sent->step);
    event.statement = sent->number;
    event.elapsed_us = now_us - run->step_begin_us;
    wb_context_emit(run->context, &event);
}

void wb_run_answered(void *arg, const wb_answer *answer)
{
    wb_run *run = arg;
    wb_sent sent;
    if (!wb_sent_pop(&run->sent, &sent))
        return;
    if (answer->error != NULL) {
        run->has_failed = true;
        run->failed = sent;
        run->failed_offset = answer->error_offset;
        wb_watch_answer(run->watch);
        if (sent.kind == WB_SENT_FENCE)
            wb_cluster_note_refusal(run->context->cluster, answer->error);
        return;
    }
    wb_run_wait(run); /* for the next */
    switch (sent.kind) {
    case WB_SENT_STATEMENT:
        wb_run_statement_done(run, &sent);
        break;
    case WB_SENT_LEDGER:
        run->row_missing = run->row_missing || answer->rows_affected != 1;
        run->alone_done = 0;
        run->elapsed_us[sent.step] = wb_clock_monotonic_us() - run->step_begin_us;
        if (run->layout != WB_LAYOUT_EACH)
            wb_run_emit_begin(run, sent.step + 1);
        break;
    case WB_SENT_COMMIT:
        run->is_recorded = true;
        run->ledger->exists = true; /* made in the first transaction, where it was not there */
        wb_run_tell_committed(run, sent.step);
        break;
    case WB_SENT_PART:
        run->alone_done = sent.number != 0 ? 0 : run->alone_done;
        break;
    case WB_SENT_LOCK:
    case WB_SENT_GUARD:
    case WB_SENT_FENCE:
    case WB_SENT_TABLES:
    case WB_SENT_OTHER:
        break;
    }
}
