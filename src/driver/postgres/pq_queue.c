/* The queue, and the single statement, which is a round of one outside the pipeline.
 *
 * Queued statements go out without a Sync between them, and collect sends one at the end. After a
 * failure the server itself skips everything up to that Sync, also what follows a COMMIT that
 * failed, so nothing behind a failure is run, however much had been sent by then. */
#include "driver/postgres/pq_session.h"

enum {
    FLUSH_EVERY = 32, /* statements; the server begins with them while more are queued */
    MOST_PENDING = 1000,
    MOST_PENDING_BYTES = 1024 * 1024
};

static bool is_queueing(const wb_pq_session *session)
{
    return session->pq->pipeline_status(session->conn) != PQ_PIPELINE_OFF;
}

/* Ends a round with its first failure, or with success. */
static bool close_round(wb_pq_session *session, wb_error *err)
{
    wb_pq_pending_clear(session);
    session->unflushed = 0;
    if (!session->base.lost && is_queueing(session))
        (void) session->pq->exit_pipeline_mode(session->conn);
    if (!session->has_failed)
        return true;
    session->has_failed = false;
    session->base.error_offset = session->failure_offset;
    *err = session->failure;
    return false;
}

/* The connection is lost, as `err` says: the oldest that is pending has failed by that, and what
 * became of the others is not known. */
static bool give_up(wb_pq_session *session, wb_error *err)
{
    if (!session->has_failed) {
        session->failure = *err;
        wb_pq_fail_head(session, SIZE_MAX);
    }
    return close_round(session, err);
}

/* Everything is sent: takes all answers. */
static bool finish_round(wb_pq_session *session, wb_error *err)
{
    wb_error fault;
    bool ok = wb_pq_take_until(session, 0, 0, &fault) && wb_pq_drain(session, &fault);
    if (ok)
        return close_round(session, err);
    *err = fault;
    return give_up(session, err);
}

bool wb_pq_collect(wb_session *base, wb_error *err)
{
    wb_pq_session *session = wb_pq_of(base);
    if (base->lost || !is_queueing(session))
        return true;
    if (session->pq->pipeline_sync(session->conn) == 0) {
        wb_pq_fail_lost(session, err);
        return give_up(session, err);
    }
    session->has_sent = true;
    return finish_round(session, err);
}

/* The statement can't be sent, as `err` says. What was queued before it comes first. */
static bool refuse_request(wb_pq_session *session, const wb_request *request, wb_error *err)
{
    const wb_error fault = *err;
    if (session->base.lost)
        return give_up(session, err);
    if (!wb_pq_collect(&session->base, err))
        return false;
    *err = fault;
    session->base.error_offset = SIZE_MAX;
    const wb_answer answer = {.error = err, .error_offset = SIZE_MAX};
    if (request->answer != NULL)
        request->answer(request->arg, &answer);
    return false;
}

/* Lets the server answer what it has, and takes what has come so far. */
static bool exchange(wb_pq_session *session, wb_error *err)
{
    session->unflushed = 0;
    if (session->pq->send_flush_request(session->conn) == 0)
        return wb_pq_fail_lost(session, err);
    if (!wb_pq_flush(session, err))
        return false;
    if (session->pq->consume_input(session->conn) == 0)
        return wb_pq_fail_lost(session, err);
    wb_pq_take_arrived(session);
    bool is_full =
        session->pending_count > MOST_PENDING || session->pending_bytes > MOST_PENDING_BYTES;
    return !is_full || wb_pq_take_until(session, MOST_PENDING / 2, MOST_PENDING_BYTES / 2, err);
}

bool wb_pq_submit(wb_session *base, const wb_request *request, wb_error *err)
{
    wb_pq_session *session = wb_pq_of(base);
    /* The protocol has no place for COPY in a pipeline. */
    if (wb_str_is_nocase(wb_pq_first_word(request->sql), "copy"))
        return wb_pq_collect(base, err) && wb_pq_query(base, request, err);
    if (!is_queueing(session)) {
        session->has_failed = false;
        (void) session->pq->enter_pipeline_mode(session->conn);
    }
    if (!wb_pq_send(session, request, true, err))
        return refuse_request(session, request, err);
    if (request->prompt && session->pq->send_flush_request(session->conn) == 0)
        return refuse_request(session, request, err);
    bool is_due =
        ++session->unflushed >= FLUSH_EVERY || session->pending_bytes > MOST_PENDING_BYTES;
    if (is_due && !exchange(session, err))
        return give_up(session, err);
    return session->has_failed ? wb_pq_collect(base, err) : true;
}

bool wb_pq_query(wb_session *base, const wb_request *request, wb_error *err)
{
    wb_pq_session *session = wb_pq_of(base);
    session->has_failed = false;
    if (!wb_pq_send(session, request, false, err))
        return refuse_request(session, request, err);
    return finish_round(session, err);
}
