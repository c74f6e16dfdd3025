/* The PostgreSQL driver's own session; only files of this folder include this. */
#ifndef WB_DRIVER_POSTGRES_PQ_SESSION_H
#define WB_DRIVER_POSTGRES_PQ_SESSION_H

#include "base/map.h"
#include "driver/driver.h"
#include "driver/postgres/pq_library.h"

/* A text that comes again and again, and the statement that it is prepared as. */
typedef struct wb_pq_kept {
    char name[40];
    bool is_prepared;    /* or is being prepared by what is queued */
    unsigned generation; /* the statement exists only in this generation, see wb_pq_session */
} wb_pq_kept;

/* One answer that is awaited. */
typedef struct wb_pq_pending {
    char *sql; /* own copy: libpq wants it terminated, and an error points into it */
    wb_row_fn *row;
    wb_answer_fn *answer;
    void *arg;
    wb_pq_kept *kept; /* NULL where the statement is not kept */
    bool is_prepare;  /* answers the preparation of `kept`; `answer` is only for its failure */
    bool is_started;  /* its rows were asked for one by one */
    size_t bytes;     /* about as many were sent */
    uint64_t rows_affected;
} wb_pq_pending;

typedef struct wb_pq_canceller wb_pq_canceller;

typedef struct wb_pq_session {
    wb_session base;
    const wb_pq_library *pq;
    PGconn *conn;
    bool is_owned;
    bool was_nonblocking; /* of an adopted connection */

    /* What was sent and not answered yet, oldest first: a ring. */
    wb_pq_pending *pending;
    size_t pending_first;
    size_t pending_count;
    size_t pending_capacity;
    size_t pending_bytes;
    unsigned unflushed; /* statements since the server was last asked to send answers at once */
    bool has_sent;      /* something that no wait was counted for yet */
    size_t copy_bytes;  /* of COPY data since the last flush */

    /* The first failure of what is pending. */
    bool has_failed;
    wb_error failure;
    size_t failure_offset;

    wb_map *kept; /* text -> wb_pq_kept */
    unsigned kept_count;
    char kept_prefix[9]; /* a pooler may let sessions share one of the server's */
    unsigned generation; /* raised when the server forgets its prepared statements */
    wb_arena *arena;     /* of `kept` */

    wb_buf values;              /* texts of the arguments that are being sent */
    wb_pq_canceller *canceller; /* the request to cancel that is on its way */
    int64_t cancel_noticed_us;  /* when `cancelled` was first seen by a wait; 0: not yet */
    int64_t cancel_sent_us;     /* when the server was last asked to cancel */
} wb_pq_session;

static inline wb_pq_session *wb_pq_of(wb_session *session)
{
    return (wb_pq_session *) session;
}

/* pq_connect.c */

/* Connects; the caller finishes the connection. */
bool wb_pq_connect(const wb_pq_library *pq, const wb_url *url, const wb_connect_options *options,
                   PGconn **ret_conn, wb_error *err);

/* pq_error.c */

/* Fills the error from a result that says FATAL_ERROR. `sql` is the statement; sets the byte in it
 * that the server points at, SIZE_MAX where it does not. */
bool wb_pq_fail_result(wb_pq_session *session, const PGresult *result, const char *sql,
                       size_t *ret_offset, wb_error *err);
/* The connection is gone: marks the session so, and says why. */
bool wb_pq_fail_lost(wb_pq_session *session, wb_error *err);
/* Fills the error from what libpq says about a connection that could not be made. */
bool wb_pq_fail_connect(const wb_pq_library *pq, const PGconn *conn, wb_error *err);

/* pq_wait.c */

/* Sends all that libpq holds back, and takes in what arrives meanwhile, so that neither side waits
 * for the other. Does not wait for answers. */
bool wb_pq_flush(wb_pq_session *session, wb_error *err);
/* Sends all and waits until something arrives; deals with a cancel while it waits. */
bool wb_pq_wait(wb_pq_session *session, wb_error *err);

/* pq_cancel.c */

/* Asks the server to cancel, by a thread, since the network may be what hangs. No-op while an
 * earlier request is on its way. */
void wb_pq_cancel_send(wb_pq_session *session);
/* Waits until no request is on its way. To be called where the server has just answered. */
void wb_pq_cancel_settle(wb_pq_session *session);
/* Lets a request that is on its way go on alone. */
void wb_pq_cancel_abandon(wb_pq_session *session);

/* pq_send.c */

/* The first word of a statement, behind white space and comments. */
wb_str wb_pq_first_word(wb_str sql);
/* Sends a statement, outside or inside a pipeline, and adds it to what is pending. False where it
 * was refused without being sent, or the connection is lost. */
bool wb_pq_send(wb_pq_session *session, const wb_request *request, bool in_pipeline, wb_error *err);

/* pq_receive.c */

wb_pq_pending *wb_pq_pending_add(wb_pq_session *session);
wb_pq_pending *wb_pq_pending_head(const wb_pq_session *session);
/* Forgets all that is pending. */
void wb_pq_pending_clear(wb_pq_session *session);
/* Takes the answers that have arrived, without waiting, up to the first failure. */
void wb_pq_take_arrived(wb_pq_session *session);
/* Waits for answers until at most `count` statements and `bytes` are pending, or one has failed.
 * False where the connection is lost. */
bool wb_pq_take_until(wb_pq_session *session, size_t count, size_t bytes, wb_error *err);
/* The oldest that is pending, if any, has failed with what is in `failure`: answers it. */
void wb_pq_fail_head(wb_pq_session *session, size_t offset);
/* Takes what the server still sends for the last round, up to its end; all of it is dropped but a
 * failure, if it is the first. False where the connection is lost. */
bool wb_pq_drain(wb_pq_session *session, wb_error *err);

/* pq_queue.c */

bool wb_pq_submit(wb_session *session, const wb_request *request, wb_error *err);
bool wb_pq_collect(wb_session *session, wb_error *err);
bool wb_pq_query(wb_session *session, const wb_request *request, wb_error *err);

/* pq_copy.c */

bool wb_pq_copy_begin(wb_session *session, wb_str sql, wb_error *err);
bool wb_pq_copy_data(wb_session *session, wb_str data, wb_error *err);
bool wb_pq_copy_end(wb_session *session, const char *fault, uint64_t *ret_rows, wb_error *err);

/* pq_lock.c */

bool wb_pq_lock_holder(wb_session *session, const char *name, wb_arena *arena,
                       wb_lock_holder *ret_holder, wb_error *err);
bool wb_pq_try_lock(wb_session *session, const char *name, wb_arena *arena, bool *ret_taken,
                    const char **ret_holder, wb_error *err);
bool wb_pq_unlock(wb_session *session, const char *name, wb_error *err);
void wb_pq_transaction_lock(const char *name, wb_buf *sql);

#endif
