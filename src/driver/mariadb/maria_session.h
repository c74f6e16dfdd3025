/* The MariaDB driver's own session; only files of this folder include this. */
#ifndef WB_DRIVER_MARIADB_MARIA_SESSION_H
#define WB_DRIVER_MARIADB_MARIA_SESSION_H

#include "driver/driver.h"
#include "driver/mariadb/maria_connect.h"
#include "driver/mariadb/maria_packet.h"

#include <pthread.h>

typedef struct wb_maria_session {
    wb_session base;
    const wb_maria_library *library;
    MYSQL *handle;
    bool is_owned;
    bool can_share;     /* the connection takes several statements in a packet */
    bool is_in_packet;  /* results are being taken: the session must not be used */
    bool is_status_old; /* the last answer was an error, which has no status */
    wb_maria_packet packet;
    uint64_t max_packet_bytes; /* what the server takes; 0 until it was asked */
    wb_str *cells;             /* of the row that is handed out */
    const char **names;
    size_t cell_capacity;
    /* For cancelling, by whatever thread. */
    wb_maria_target target;
    unsigned long thread_id;
    pthread_mutex_t mutex; /* held while a packet begins, and while a kill is under way */
    atomic_bool is_busy;   /* the server works for us */
} wb_maria_session;

static inline wb_maria_session *wb_maria_of(wb_session *session)
{
    return (wb_maria_session *) session;
}

/* The driver's functions of the same names. */
bool wb_maria_submit(wb_session *base, const wb_request *request, wb_error *err);
bool wb_maria_collect(wb_session *base, wb_error *err);
void wb_maria_cancel(wb_session *base);
void wb_maria_uncancel(wb_session *base);
bool wb_maria_lock_holder(wb_session *base, const char *name, wb_arena *arena,
                          wb_lock_holder *ret_holder, wb_error *err);
bool wb_maria_try_lock(wb_session *base, const char *name, wb_arena *arena, bool *ret_taken,
                       const char **ret_holder, wb_error *err);
bool wb_maria_unlock(wb_session *base, const char *name, wb_error *err);

/* Sends the packet that was gathered and takes its results. The packet is empty afterwards. */
bool wb_maria_run_packet(wb_maria_session *session, wb_error *err);

/* Before and after a packet: marks the server as working. False where the session was cancelled. */
bool wb_maria_begin_work(wb_maria_session *session);
void wb_maria_end_work(wb_maria_session *session);

/* What the server said last about this session; or-ed SERVER_STATUS_... */
unsigned wb_maria_server_status(const wb_maria_session *session);

#endif
