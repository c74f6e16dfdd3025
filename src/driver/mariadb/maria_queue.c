/* Queueing: statements gather in a packet until it is full, one comes that can't join, or the
 * answers are asked for. */
#include "driver/mariadb/maria_session.h"

/* Below this no server refuses a packet; above it is worth asking, once. */
enum { ASK_BYTES = 900 * 1000 };
/* What the protocol puts around a text. */
enum { PACKET_OVERHEAD = 16 };

static bool keep_number(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    *(uint64_t *) arg = (uint64_t) wb_row_int(row, 0);
    return true;
}

/* Asks the server for its limit, once. The queue is empty. */
static bool ask_limit(wb_maria_session *session, wb_error *err)
{
    const wb_request ask = {.sql = WB_STR("SELECT @@max_allowed_packet"),
                            .row = keep_number,
                            .arg = &session->max_packet_bytes};
    const wb_maria_traits traits = {.is_read = true};
    return session->max_packet_bytes != 0 ||
           (wb_maria_packet_add(&session->packet, &ask, &traits, true, err) &&
            wb_maria_run_packet(session, err));
}

/* A packet over the limit would make the server hang up without a reason. */
static bool check_size(const wb_maria_session *session, wb_error *err)
{
    size_t size = session->packet.text.len;
    if (session->max_packet_bytes == 0 || size + PACKET_OVERHEAD <= session->max_packet_bytes)
        return true;
    wb_fail(err, WB_E_QUERY, "a statement of %zu bytes is larger than the server's limit", size);
    wb_detail(err, "The server's max_allowed_packet is %llu bytes.",
              (unsigned long long) session->max_packet_bytes);
    return wb_hint(err, "Raise max_allowed_packet on the server, or split the statement.");
}

static bool has_backslash_escapes(const wb_maria_session *session)
{
    return (wb_maria_server_status(session) & SERVER_STATUS_NO_BACKSLASH_ESCAPES) == 0;
}

/* Adds to the packet, which is sent when it is full. */
static bool add(wb_maria_session *session, const wb_request *request, const wb_maria_traits *traits,
                bool backslash_escapes, wb_error *err)
{
    bool was_empty = session->packet.entries.count == 0;
    if (!wb_maria_packet_add(&session->packet, request, traits, backslash_escapes, err))
        return false;
    if (was_empty && !check_size(session, err)) {
        wb_maria_packet_reset(&session->packet);
        return false;
    }
    return true;
}

/* The statement could not be queued, which is a failure in its place: what was queued before it is
 * run, and a failure there is the one that counts. */
static bool refuse(wb_maria_session *session, const wb_request *request, wb_error *err)
{
    wb_error earlier;
    if (!wb_maria_run_packet(session, &earlier)) {
        *err = earlier;
        return false;
    }
    session->base.error_offset = SIZE_MAX;
    const wb_answer ending = {.error = err, .error_offset = SIZE_MAX};
    if (request->answer != NULL)
        request->answer(request->arg, &ending);
    return false;
}

bool wb_maria_submit(wb_session *base, const wb_request *request, wb_error *err)
{
    wb_maria_session *session = wb_maria_of(base);
    if (session->is_in_packet)
        return wb_fail(err, WB_E_USAGE, "the session is used by a function that takes its rows");
    bool backslash_escapes = has_backslash_escapes(session);
    wb_maria_traits traits = wb_maria_traits_of(request->sql, backslash_escapes);
    traits.can_share = traits.can_share && session->can_share;
    size_t size = wb_maria_packet_estimate(request);
    if (!wb_maria_packet_has_room(&session->packet, &traits, size)) {
        if (!wb_maria_run_packet(session, err))
            return false;
        /* What was just run may have changed how texts are read. */
        backslash_escapes = has_backslash_escapes(session);
    }
    if (size >= ASK_BYTES && !ask_limit(session, err))
        return false;
    if (!add(session, request, &traits, backslash_escapes, err))
        return refuse(session, request, err);
    return !wb_maria_packet_is_full(&session->packet) || wb_maria_run_packet(session, err);
}

bool wb_maria_collect(wb_session *base, wb_error *err)
{
    return wb_maria_run_packet(wb_maria_of(base), err);
}
