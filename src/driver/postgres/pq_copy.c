/* COPY ... FROM STDIN. While it is open nothing is pending: its one answer comes at the end. */
#include "driver/postgres/pq_session.h"

#include <stdlib.h>

enum { COPY_PIECE = 256 * 1024, COPY_FLUSH_BYTES = 64 * 1024 };

/* Takes results up to the end of the round; keeps the first failure and the number of rows. */
static bool take_copy_results(wb_pq_session *session, const char *sql, bool *ret_is_open,
                              uint64_t *ret_rows, wb_error *err)
{
    const wb_pq_library *pq = session->pq;
    for (;;) {
        while (pq->is_busy(session->conn) != 0) {
            if (!wb_pq_wait(session, err))
                return false;
        }
        PGresult *result = pq->get_result(session->conn);
        if (result == NULL)
            break;
        ExecStatusType status = pq->result_status(result);
        *ret_is_open = status == PGRES_COPY_IN;
        if (status == PGRES_COMMAND_OK)
            (void) wb_str_to_u64(wb_str_from(pq->cmd_tuples(result)), ret_rows);
        if (status == PGRES_FATAL_ERROR && !session->has_failed) {
            session->has_failed = true;
            wb_pq_fail_result(session, result, sql, &session->failure_offset, &session->failure);
        }
        pq->clear(result);
        if (*ret_is_open)
            break;
        if (session->base.lost)
            break;
    }
    wb_pq_cancel_settle(session);
    if (!session->has_failed)
        return true;
    session->base.error_offset = session->failure_offset;
    *err = session->failure;
    return false;
}

bool wb_pq_copy_begin(wb_session *base, wb_str sql, wb_error *err)
{
    wb_pq_session *session = wb_pq_of(base);
    session->has_failed = false;
    session->copy_bytes = 0;
    if (!wb_pq_send(session, &(wb_request){.sql = sql}, false, err)) {
        wb_pq_pending_clear(session);
        base->error_offset = SIZE_MAX;
        return false;
    }
    WB_SCRATCH(scratch);
    const char *text = wb_str_dup(scratch, sql);
    wb_pq_pending_clear(session);
    bool is_open = false;
    uint64_t rows = 0;
    if (!take_copy_results(session, text, &is_open, &rows, err) || is_open)
        return is_open;
    base->error_offset = SIZE_MAX;
    return wb_fail(err, WB_E_USAGE, "the statement is not COPY ... FROM STDIN");
}

bool wb_pq_copy_data(wb_session *base, wb_str data, wb_error *err)
{
    wb_pq_session *session = wb_pq_of(base);
    if (base->lost)
        return wb_pq_fail_lost(session, err);
    if (atomic_load(&base->cancelled))
        return wb_fail(err, WB_E_CANCELLED, "the work was cancelled");
    while (data.len > 0) {
        wb_str piece = wb_str_sub(data, 0, data.len < COPY_PIECE ? data.len : COPY_PIECE);
        int taken = session->pq->put_copy_data(session->conn, piece.ptr, (int) piece.len);
        if (taken < 0)
            return wb_pq_fail_lost(session, err);
        if (taken > 0) {
            data = wb_str_from_offset(data, piece.len);
            session->copy_bytes += piece.len;
        }
        if (taken == 0 || session->copy_bytes >= COPY_FLUSH_BYTES) {
            session->copy_bytes = 0;
            if (!wb_pq_flush(session, err))
                return false;
        }
    }
    return true;
}

bool wb_pq_copy_end(wb_session *base, const char *fault, uint64_t *ret_rows, wb_error *err)
{
    wb_pq_session *session = wb_pq_of(base);
    if (base->lost)
        return wb_pq_fail_lost(session, err);
    int ended = 0;
    while ((ended = session->pq->put_copy_end(session->conn, fault)) == 0) {
        if (!wb_pq_flush(session, err))
            return false;
    }
    if (ended < 0)
        return wb_pq_fail_lost(session, err);
    session->has_sent = true;
    session->has_failed = false;
    bool is_open = false;
    uint64_t rows = 0;
    wb_error undone;
    if (!take_copy_results(session, NULL, &is_open, &rows, &undone)) {
        bool was_wanted = fault != NULL && !base->lost;
        if (!was_wanted)
            *err = undone;
        *ret_rows = was_wanted ? 0 : *ret_rows;
        return was_wanted;
    }
    *ret_rows = rows;
    return true;
}
