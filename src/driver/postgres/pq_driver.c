/* The PostgreSQL driver: a session's beginning and end. */
#include "base/random.h"
#include "driver/postgres/pq_session.h"

#include <stdio.h>
#include <stdlib.h>

/* Gives notices and warnings to whoever asked for them; without this libpq prints them. */
static void receive_notice(void *arg, const PGresult *result)
{
    const wb_pq_session *session = arg;
    const char *text = session->pq->result_error_field(result, PG_DIAG_MESSAGE_PRIMARY);
    if (session->base.notice != NULL && text != NULL)
        session->base.notice(session->base.notice_arg, text);
}

static wb_pq_session *pq_session_new(const wb_pq_library *pq, PGconn *conn, bool is_owned)
{
    wb_pq_session *session = wb_calloc(1, sizeof(*session));
    session->base = (wb_session){
        .driver = &wb_driver_postgres,
        .dialect = wb_dialect_of(WB_POSTGRES),
        .can = WB_CAN_TRANSACTIONAL_DDL | WB_CAN_SCHEMAS | WB_CAN_SESSION_LOCK | WB_CAN_COPY |
               WB_CAN_PIPELINE,
        .version = (unsigned) pq->server_version(conn),
        .backend_id = (uint64_t) (unsigned) pq->backend_pid(conn),
        .error_offset = SIZE_MAX,
    };
    const char *version = pq->parameter_status(conn, "server_version");
    (void) snprintf(session->base.version_text, sizeof(session->base.version_text), "%s",
                    version != NULL ? version : "");
    session->pq = pq;
    session->conn = conn;
    session->is_owned = is_owned;
    session->was_nonblocking = pq->is_nonblocking(conn) != 0;
    session->kept = wb_map_new();
    session->arena = wb_arena_new();
    wb_buf_init(&session->values, 0);
    wb_random_hex(session->kept_prefix, sizeof(session->kept_prefix) - 1);
    (void) pq->set_nonblocking(conn, 1);
    if (is_owned)
        (void) pq->set_notice_receiver(conn, receive_notice, session);
    return session;
}

static bool pq_open(const wb_url *url, const wb_connect_options *options, wb_session **ret,
                    wb_error *err)
{
    const wb_pq_library *pq = NULL;
    PGconn *conn = NULL;
    if (!wb_pq_library_load(&pq, err) || !wb_pq_connect(pq, url, options, &conn, err))
        return false;
    *ret = &pq_session_new(pq, conn, true)->base;
    return true;
}

static bool pq_adopt(void *native, wb_session **ret, wb_error *err)
{
    const wb_pq_library *pq = NULL;
    if (!wb_pq_library_load(&pq, err))
        return false;
    PGconn *conn = native;
    if (pq->status(conn) != CONNECTION_OK)
        return wb_fail(err, WB_E_LOST, "the connection to be used is not open");
    if (pq->pipeline_status(conn) != PQ_PIPELINE_OFF ||
        pq->transaction_status(conn) == PQTRANS_ACTIVE) {
        wb_fail(err, WB_E_USAGE, "the connection to be used has a statement under way");
        return wb_hint(err, "Take all its results, and leave the pipeline mode, before.");
    }
    const char *encoding = pq->parameter_status(conn, "client_encoding");
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        wb_fail(err, WB_E_CONFIG, "the connection to be used has the client encoding '%s'",
                encoding != NULL ? encoding : "");
        return wb_hint(err, "Open it with client_encoding=UTF8.");
    }
    *ret = &pq_session_new(pq, conn, false)->base;
    return true;
}

static void pq_close(wb_session *base)
{
    wb_pq_session *session = wb_pq_of(base);
    if (session->is_owned) {
        wb_pq_cancel_abandon(session);
        session->pq->finish(session->conn);
    } else {
        wb_error ignored;
        (void) wb_pq_collect(base, &ignored);
        wb_pq_cancel_abandon(session);
        (void) session->pq->set_nonblocking(session->conn, session->was_nonblocking ? 1 : 0);
    }
    wb_pq_pending_clear(session);
    free(session->pending);
    wb_map_free(session->kept);
    wb_arena_free(session->arena);
    wb_buf_clear(&session->values);
    free(session);
}

static void pq_uncancel(wb_session *base)
{
    wb_pq_session *session = wb_pq_of(base);
    wb_pq_cancel_settle(session);
    session->cancel_noticed_us = 0;
    session->cancel_sent_us = 0;
}

static bool pq_in_transaction(const wb_session *base)
{
    const wb_pq_session *session = (const wb_pq_session *) base;
    return session->pq->transaction_status(session->conn) != PQTRANS_IDLE;
}

const wb_driver wb_driver_postgres = {
    .name = "postgres",
    .engine = WB_ENGINE_POSTGRES,
    .dialect = WB_POSTGRES,
    .open = pq_open,
    .adopt = pq_adopt,
    .close = pq_close,
    .uncancel = pq_uncancel, /* every wait watches `cancelled`, so there is no `cancel` */
    .submit = wb_pq_submit,
    .collect = wb_pq_collect,
    .query = wb_pq_query,
    .in_transaction = pq_in_transaction,
    .copy_begin = wb_pq_copy_begin,
    .copy_data = wb_pq_copy_data,
    .copy_end = wb_pq_copy_end,
    .try_lock = wb_pq_try_lock,
    .lock_holder = wb_pq_lock_holder,
    .unlock = wb_pq_unlock,
    .transaction_lock = wb_pq_transaction_lock,
};
