/* The MariaDB and MySQL driver: opening, adopting and closing. Statements are gathered by
 * maria_queue.c, joined by maria_packet.c and run by maria_run.c. */
#include "driver/mariadb/maria_session.h"

#include <stdio.h>
#include <stdlib.h>

/* MariaDB from 10 on greets old replicas with "5.5.5-10.11.19-MariaDB". */
static unsigned parse_version(const char *text)
{
    static const wb_str disguise = WB_STR("5.5.5-");
    wb_str rest = wb_str_from(text);
    unsigned number = 0;
    if (wb_str_has_prefix(rest, disguise))
        rest = wb_str_from_offset(rest, disguise.len);
    for (int part = 0; part < 3; part++) {
        unsigned value = 0;
        while (rest.len > 0 && wb_is_digit(rest.ptr[0]) && value < 1000) {
            value = value * 10 + (unsigned) (rest.ptr[0] - '0');
            rest = wb_str_from_offset(rest, 1);
        }
        number = number * 100 + value;
        if (rest.len > 0 && rest.ptr[0] == '.')
            rest = wb_str_from_offset(rest, 1);
    }
    return number;
}

static wb_maria_session *new_session(const wb_maria_library *library)
{
    wb_maria_session *session = wb_calloc(1, sizeof(*session));
    session->base = (wb_session){
        .driver = &wb_driver_mariadb,
        .dialect = wb_dialect_of(WB_MARIADB),
        .can = WB_CAN_SESSION_LOCK,
        .error_offset = SIZE_MAX,
    };
    session->library = library;
    wb_maria_packet_init(&session->packet);
    (void) pthread_mutex_init(&session->mutex, NULL);
    return session;
}

static void maria_close(wb_session *base)
{
    wb_maria_session *session = wb_maria_of(base);
    if (session->is_owned && session->handle != NULL)
        session->library->close(session->handle);
    wb_maria_packet_clear(&session->packet);
    wb_maria_target_clear(&session->target);
    (void) pthread_mutex_destroy(&session->mutex);
    free(session->cells);
    free(session->names);
    free(session);
}

/* Takes over a connected handle. */
static void use_handle(wb_maria_session *session, MYSQL *handle)
{
    const char *version = session->library->get_server_info(handle);
    session->handle = handle;
    session->thread_id = session->library->thread_id(handle);
    session->base.backend_id = session->thread_id;
    session->can_share = (handle->client_flag & CLIENT_MULTI_STATEMENTS) != 0;
    session->base.can |= session->can_share ? WB_CAN_PIPELINE : 0U;
    session->base.version = parse_version(version);
    (void) snprintf(session->base.version_text, sizeof(session->base.version_text), "%s", version);
}

static bool maria_open(const wb_url *url, const wb_connect_options *options, wb_session **ret,
                       wb_error *err)
{
    const wb_maria_library *library = NULL;
    MYSQL *handle = NULL;
    if (!wb_maria_library_load(&library, err))
        return false;
    wb_maria_session *session = new_session(library);
    session->is_owned = true;
    if (!wb_maria_target_from_url(url, options, &session->target, err) ||
        !wb_maria_connect(library, &session->target, options->cancelled, &handle, err)) {
        maria_close(&session->base);
        return false;
    }
    use_handle(session, handle);
    *ret = &session->base;
    return true;
}

/* The application chose how its connection reads texts; ours are UTF-8. */
static bool check_charset(const wb_maria_library *library, MYSQL *handle, wb_error *err)
{
    const char *name = library->character_set_name(handle);
    if (wb_str_has_prefix(wb_str_from(name), WB_STR("utf8")))
        return true;
    wb_fail(err, WB_E_CONFIG, "the connection's character set is \"%s\"", name);
    return wb_hint(err, "Call mysql_set_character_set(handle, \"utf8mb4\") before.");
}

static bool maria_adopt(void *native, wb_session **ret, wb_error *err)
{
    const wb_maria_library *library = NULL;
    MYSQL *handle = native;
    if (!wb_maria_library_load(&library, err) || !check_charset(library, handle, err))
        return false;
    wb_maria_session *session = new_session(library);
    wb_maria_target_from_handle(handle, &session->target);
    use_handle(session, handle);
    *ret = &session->base;
    return true;
}

/* An error has no status, and one without autocommit may have opened a transaction; then the
 * answer that costs a ROLLBACK is given. */
static bool maria_in_transaction(const wb_session *base)
{
    const wb_maria_session *session = (const wb_maria_session *) base;
    unsigned status = wb_maria_server_status(session);
    return session->is_status_old || (status & SERVER_STATUS_IN_TRANS) != 0 ||
           (status & SERVER_STATUS_AUTOCOMMIT) == 0;
}

const wb_driver wb_driver_mariadb = {
    .name = "mariadb",
    .engine = WB_ENGINE_MARIADB,
    .dialect = WB_MARIADB,
    .open = maria_open,
    .adopt = maria_adopt,
    .close = maria_close,
    .cancel = wb_maria_cancel,
    .uncancel = wb_maria_uncancel,
    .submit = wb_maria_submit,
    .collect = wb_maria_collect,
    .in_transaction = maria_in_transaction,
    .try_lock = wb_maria_try_lock,
    .lock_holder = wb_maria_lock_holder,
    .unlock = wb_maria_unlock,
};
