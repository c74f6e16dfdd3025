/* The only places where the driver waits for the network.
 *
 * libpq runs in its non-blocking mode, and every wait looks at both directions: a client that only
 * writes while the server only writes back would hang as soon as both buffers are full. Waits are
 * cut into slices, so that a cancel, which only sets a flag, is seen soon. */
#include "base/clock.h"
#include "driver/postgres/pq_session.h"

#include <errno.h>
#include <poll.h>

enum {
    SLICE_MS = 50,
    CANCEL_AGAIN_US = 1000000,    /* a request that came between two statements had no effect */
    CANCEL_PATIENCE_US = 10000000 /* then the server is given up */
};

/* Waits for one slice. Sets whether something can be read; false where the socket is broken. */
static bool wait_slice(const wb_pq_session *session, bool for_writing, bool *ret_readable)
{
    struct pollfd socket = {.fd = session->pq->socket(session->conn),
                            .events = (short) (for_writing ? POLLIN | POLLOUT : POLLIN)};
    *ret_readable = false;
    if (socket.fd < 0)
        return false;
    int count = poll(&socket, 1, SLICE_MS);
    if (count < 0)
        return errno == EINTR;
    *ret_readable = (socket.revents & (POLLIN | POLLHUP | POLLERR)) != 0;
    return (socket.revents & POLLNVAL) == 0;
}

/* Deals with a cancel. False where the server does not react to it. */
static bool watch_cancel(wb_pq_session *session, wb_error *err)
{
    if (!atomic_load_explicit(&session->base.cancelled, memory_order_relaxed))
        return true;
    int64_t now_us = wb_clock_monotonic_us();
    if (session->cancel_noticed_us == 0)
        session->cancel_noticed_us = now_us;
    if (now_us - session->cancel_noticed_us > CANCEL_PATIENCE_US) {
        session->base.lost = true;
        wb_fail(err, WB_E_CANCELLED, "the work was cancelled, and the server does not answer");
        return wb_hint(err, "Whether the last statement was run is not known.");
    }
    if (session->cancel_sent_us == 0 || now_us - session->cancel_sent_us > CANCEL_AGAIN_US) {
        session->cancel_sent_us = now_us;
        wb_pq_cancel_send(session);
    }
    return true;
}

static bool read_input(wb_pq_session *session, wb_error *err)
{
    return session->pq->consume_input(session->conn) != 0 || wb_pq_fail_lost(session, err);
}

bool wb_pq_flush(wb_pq_session *session, wb_error *err)
{
    const wb_pq_library *pq = session->pq;
    for (;;) {
        int left = pq->flush(session->conn);
        if (left == 0)
            return true;
        /* After a failed write there may still be the server's reason to be read. */
        if (left < 0)
            return read_input(session, err) && wb_pq_fail_lost(session, err);
        bool is_readable = false;
        if (!wait_slice(session, true, &is_readable))
            return wb_pq_fail_lost(session, err);
        if (is_readable) {
            if (!read_input(session, err))
                return false;
            wb_pq_take_arrived(session);
        }
        if (!watch_cancel(session, err))
            return false;
    }
}

bool wb_pq_wait(wb_pq_session *session, wb_error *err)
{
    const wb_pq_library *pq = session->pq;
    if (session->has_sent)
        session->base.round_trips++;
    session->has_sent = false;
    for (;;) {
        int left = pq->flush(session->conn);
        if (left < 0)
            return read_input(session, err) && wb_pq_fail_lost(session, err);
        bool is_readable = false;
        if (!wait_slice(session, left > 0, &is_readable))
            return wb_pq_fail_lost(session, err);
        if (is_readable)
            return read_input(session, err);
        if (!watch_cancel(session, err))
            return false;
    }
}
