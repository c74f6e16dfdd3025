/* Connecting: our own loop around libpq's, since libpq's knows neither a timeout nor a cancel when
 * it does not block. libpq goes on to the next host when one refuses; when one does not answer at
 * all, we begin again with the hosts behind it. */
#include "base/clock.h"
#include "driver/postgres/pq_session.h"

#include <errno.h>
#include <poll.h>

enum {
    CONNECT_TIMEOUT_MS = 10000,
    CONNECT_SLICE_MS = 50,
    OWN_KEYWORDS = 16 /* those that are not parameters of the URL, and the end */
};

/* Name and value for libpq, in two arrays of the same length. */
typedef struct keywords {
    const char **names;
    const char **values;
    size_t count;
} keywords;

static void add_keyword(keywords *list, const char *name, const char *value)
{
    if (value == NULL)
        return;
    list->names[list->count] = name;
    list->values[list->count++] = value;
}

/* What stands behind the first `skip` commas; NULL where there are fewer. */
static const char *behind_commas(const char *list, size_t skip)
{
    const char *rest = list;
    while (skip > 0 && rest != NULL) {
        rest = strchr(rest, ',');
        rest = rest != NULL ? rest + 1 : NULL;
        skip--;
    }
    return rest;
}

/* A server that has gone without a word is noticed within about a minute, not within hours. The URL
 * may say otherwise: of two values the last counts. */
static void add_keepalive(keywords *list)
{
    add_keyword(list, "keepalives", "1");
    add_keyword(list, "keepalives_idle", "15");
    add_keyword(list, "keepalives_interval", "5");
    add_keyword(list, "keepalives_count", "5");
    add_keyword(list, "tcp_user_timeout", "40000");
}

static keywords make_keywords(const wb_url *url, const wb_connect_options *options,
                              size_t skipped_hosts, wb_arena *arena)
{
    size_t most = url->parameters.count + OWN_KEYWORDS;
    keywords list = {
        .names = WB_NEW_ARRAY(arena, const char *, most),
        .values = WB_NEW_ARRAY(arena, const char *, most),
    };
    /* One port may be given for all hosts. */
    bool is_port_each = url->ports != NULL && strchr(url->ports, ',') != NULL;
    add_keyword(&list, "host", url->host == NULL ? NULL : behind_commas(url->host, skipped_hosts));
    add_keyword(&list, "port",
                is_port_each ? behind_commas(url->ports, skipped_hosts) : url->ports);
    add_keyword(&list, "user", url->user);
    add_keyword(&list, "password", url->password);
    add_keyword(&list, "dbname", url->database);
    add_keepalive(&list);
    for (size_t i = 0; i < url->parameters.count; i++) {
        const wb_url_parameter *given = &url->parameters.items[i];
        add_keyword(&list, given->name, given->value);
    }
    add_keyword(&list, "client_encoding", "UTF8"); /* the last of two counts */
    add_keyword(&list, "fallback_application_name",
                options->name != NULL ? options->name : "whimbrel");
    return list;
}

static bool check_parameters(const wb_pq_library *pq, const wb_url *url, wb_error *err)
{
    PQconninfoOption *known = pq->conndefaults();
    if (known == NULL)
        return wb_fail(err, WB_E_INTERNAL, "libpq does not say which parameters it knows");
    const char *unknown = NULL;
    for (size_t i = 0; i < url->parameters.count && unknown == NULL; i++) {
        const PQconninfoOption *option = known;
        while (option->keyword != NULL &&
               strcmp(option->keyword, url->parameters.items[i].name) != 0)
            option++;
        if (option->keyword == NULL)
            unknown = url->parameters.items[i].name;
    }
    pq->conninfo_free(known);
    if (unknown == NULL)
        return true;
    wb_fail(err, WB_E_CONFIG, "parameter '%s' of the URL is not known to libpq", unknown);
    return wb_hint(err, "Correct its name, or install a newer libpq.");
}

static unsigned timeout_of(const wb_url *url, const wb_connect_options *options)
{
    if (options->timeout_ms > 0)
        return options->timeout_ms;
    const char *given = wb_url_parameter_value(url, "connect_timeout");
    uint64_t seconds = 0;
    if (given != NULL && wb_str_to_u64(wb_str_from(given), &seconds) && seconds > 0 &&
        seconds < 1000000)
        return (unsigned) seconds * 1000;
    return CONNECT_TIMEOUT_MS;
}

typedef enum connect_end {
    CONNECT_DONE,
    CONNECT_REFUSED,
    CONNECT_SILENT,
    CONNECT_CANCELLED
} connect_end;

/* Waits for one slice, at most. */
static void wait_for_socket(const wb_pq_library *pq, const PGconn *conn, bool for_writing,
                            bool *ret_is_ready)
{
    struct pollfd socket = {.fd = pq->socket(conn), .events = for_writing ? POLLOUT : POLLIN};
    int count = poll(&socket, 1, CONNECT_SLICE_MS);
    *ret_is_ready = count > 0 || (count < 0 && errno != EINTR);
}

static connect_end drive(const wb_pq_library *pq, PGconn *conn, unsigned timeout_ms,
                         const atomic_bool *cancelled)
{
    PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
    const char *host = pq->host(conn);
    int64_t end_us = wb_clock_monotonic_us() + (int64_t) timeout_ms * 1000;
    while (wanted != PGRES_POLLING_OK && wanted != PGRES_POLLING_FAILED) {
        if (cancelled != NULL && atomic_load(cancelled))
            return CONNECT_CANCELLED;
        if (wb_clock_monotonic_us() > end_us)
            return CONNECT_SILENT;
        bool is_ready = false;
        wait_for_socket(pq, conn, wanted == PGRES_POLLING_WRITING, &is_ready);
        if (!is_ready)
            continue;
        wanted = pq->connect_poll(conn);
        if (pq->host(conn) != host) { /* libpq went on to the next: a time of its own */
            host = pq->host(conn);
            end_us = wb_clock_monotonic_us() + (int64_t) timeout_ms * 1000;
        }
    }
    return wanted == PGRES_POLLING_OK ? CONNECT_DONE : CONNECT_REFUSED;
}

/* Number of hosts, from `first` on, up to and including the one that is being tried. */
static size_t hosts_tried(const wb_url *url, size_t first, const char *host)
{
    wb_str rest = wb_str_from(url->host == NULL ? NULL : behind_commas(url->host, first));
    wb_str name = {0};
    size_t tried = 0;
    while (wb_str_split(&rest, ',', &name)) {
        tried++;
        if (wb_str_is(name, host))
            return tried;
    }
    return 1;
}

static bool fail_silent(const wb_pq_library *pq, const PGconn *conn, unsigned timeout_ms,
                        wb_error *err)
{
    wb_fail(err, WB_E_CONNECT, "the database server at '%s', port %s, did not answer within %u ms",
            pq->host(conn), pq->port(conn), timeout_ms);
    return wb_hint(err, "Check the address and the network, or wait longer with "
                        "?connect_timeout=<seconds> in the URL.");
}

bool wb_pq_connect(const wb_pq_library *pq, const wb_url *url, const wb_connect_options *options,
                   PGconn **ret_conn, wb_error *err)
{
    if (!check_parameters(pq, url, err))
        return false;
    WB_SCRATCH(scratch);
    unsigned timeout_ms = timeout_of(url, options);
    size_t skipped = 0;
    for (;;) {
        keywords list = make_keywords(url, options, skipped, scratch);
        PGconn *conn = pq->connect_start(list.names, list.values, 0);
        if (conn == NULL)
            return wb_fail(err, WB_E_INTERNAL, "libpq has no memory for a connection");
        (void) pq->set_error_verbosity(conn, PQERRORS_VERBOSE); /* for the SQLSTATE */
        connect_end end = CONNECT_REFUSED;
        if (pq->status(conn) != CONNECTION_BAD)
            end = drive(pq, conn, timeout_ms, options->cancelled);
        if (end == CONNECT_DONE) {
            *ret_conn = conn;
            return true;
        }
        if (end == CONNECT_REFUSED)
            wb_pq_fail_connect(pq, conn, err);
        else if (end == CONNECT_SILENT)
            fail_silent(pq, conn, timeout_ms, err);
        else
            wb_fail(err, WB_E_CANCELLED, "connecting was cancelled");
        skipped += hosts_tried(url, skipped, pq->host(conn));
        pq->finish(conn);
        bool has_next = url->host != NULL && behind_commas(url->host, skipped) != NULL;
        if (end != CONNECT_SILENT || !has_next)
            return false;
    }
}
