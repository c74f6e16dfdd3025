#include "driver/mariadb/maria_connect.h"

#include "base/clock.h"
#include "driver/mariadb/maria_error.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

/* UPDATE counts the rows that it found, as on the other engines, and not only those that it
 * changed. */
static const unsigned long client_flags =
    CLIENT_MULTI_STATEMENTS | CLIENT_MULTI_RESULTS | CLIENT_FOUND_ROWS;

/* Before 3.4 the library checks the chain of the certificate as soon as it has an authority. From
 * then on it checks all or nothing. */
static bool can_verify_chain_alone(const wb_maria_library *library)
{
    const char *version = library->get_client_info();
    return strncmp(version, "3.", 2) == 0 && version[2] >= '0' && version[2] <= '3' &&
           version[3] == '.';
}

/* How the library names the options of a target. */
static const enum mysql_option library_options[WB_MARIA_OPTION_COUNT] = {
    [WB_MARIA_SSL_CA] = MYSQL_OPT_SSL_CA,         [WB_MARIA_SSL_CAPATH] = MYSQL_OPT_SSL_CAPATH,
    [WB_MARIA_SSL_CERT] = MYSQL_OPT_SSL_CERT,     [WB_MARIA_SSL_KEY] = MYSQL_OPT_SSL_KEY,
    [WB_MARIA_SSL_CIPHER] = MYSQL_OPT_SSL_CIPHER,
};

/* Any of these switches TLS on, and an authority switches verification on. */
static bool is_wanted(unsigned option, wb_maria_tls tls)
{
    if (option == WB_MARIA_SSL_CA || option == WB_MARIA_SSL_CAPATH)
        return tls >= WB_MARIA_TLS_VERIFY_CA;
    return tls != WB_MARIA_TLS_DISABLED;
}

static void set_tls(const wb_maria_library *library, MYSQL *handle, const wb_maria_target *target)
{
    my_bool on = 1;
    bool is_verified = target->tls == WB_MARIA_TLS_VERIFY_IDENTITY ||
                       (target->tls == WB_MARIA_TLS_VERIFY_CA && !can_verify_chain_alone(library));
    my_bool verify = is_verified ? 1 : 0;
    (void) library->options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    if (target->tls != WB_MARIA_TLS_DISABLED)
        (void) library->options(handle, MYSQL_OPT_SSL_ENFORCE, &on);
    for (unsigned i = 0; i < WB_MARIA_OPTION_COUNT; i++) {
        if (target->options[i] != NULL && is_wanted(i, target->tls))
            (void) library->options(handle, library_options[i], target->options[i]);
    }
}

/* A host that is named is reached by TCP, "localhost" too: the library would take it for the
 * default socket and drop the port without a word. */
static void set_transport(const wb_maria_library *library, MYSQL *handle,
                          const wb_maria_target *target)
{
    unsigned protocol = MYSQL_PROTOCOL_DEFAULT;
    if (target->socket != NULL)
        protocol = MYSQL_PROTOCOL_SOCKET;
    else if (target->host != NULL)
        protocol = MYSQL_PROTOCOL_TCP;
    (void) library->options(handle, MYSQL_OPT_PROTOCOL, &protocol);
}

/* "host:port" or the path of the socket, for messages. */
static const char *describe(const wb_maria_target *target, wb_buf *text)
{
    if (target->socket != NULL)
        wb_buf_puts(text, target->socket);
    else if (target->host == NULL)
        wb_buf_puts(text, "the default socket");
    else
        wb_buf_printf(text, "%s:%u", target->host, target->port != 0 ? target->port : MYSQL_PORT);
    return wb_buf_text(text);
}

static bool fail_connect(const wb_maria_library *library, MYSQL *handle,
                         const wb_maria_target *target, wb_error *err)
{
    WB_AUTO_BUF(place, 0);
    WB_AUTO_BUF(reason, 0);
    wb_maria_fail(library, handle, WB_MARIA_CONNECTING, err);
    if (err->status == WB_E_AUTH)
        return wb_hint(err, "Check the user, its host and the password, and the user's rights on "
                            "the database.");
    wb_buf_puts(&reason, err->message);
    (void) snprintf(err->message, sizeof(err->message), "can't connect to MariaDB at %s: %s",
                    describe(target, &place), wb_buf_text(&reason));
    if (err->native_code == 1049)
        return wb_hint(err, "Create the database, or correct its name in the URL.");
    if (err->native_code == 2026)
        return wb_hint(err, "Check ssl_mode, ssl_ca and the host's name against the server's "
                            "certificate.");
    return wb_hint(err, "Check that the server runs and that the host and the port are right.");
}

/* The library goes on without TLS where the server has none, even if told to enforce it. */
static bool check_tls(const wb_maria_library *library, MYSQL *handle, const wb_maria_target *target,
                      wb_error *err)
{
    WB_AUTO_BUF(place, 0);
    if (target->tls < WB_MARIA_TLS_REQUIRED || library->get_ssl_cipher(handle) != NULL)
        return true;
    wb_fail(err, WB_E_CONNECT, "the server at %s does not offer TLS, which the URL demands",
            describe(target, &place));
    return wb_hint(err, "Switch TLS on in the server, or use ssl_mode=PREFERRED.");
}

static MYSQL *make_handle(const wb_maria_library *library, const wb_maria_target *target)
{
    MYSQL *handle = library->init(NULL);
    if (handle == NULL)
        return NULL;
    unsigned off = 0;
    (void) library->options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &target->timeout_s);
    if (target->wait_timeout_s != 0) {
        (void) library->options(handle, MYSQL_OPT_READ_TIMEOUT, &target->wait_timeout_s);
        (void) library->options(handle, MYSQL_OPT_WRITE_TIMEOUT, &target->wait_timeout_s);
    }
    (void) library->options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    /* A server could otherwise ask for any file of this machine. */
    (void) library->options(handle, MYSQL_OPT_LOCAL_INFILE, &off);
    (void) library->options4(handle, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", target->name);
    set_transport(library, handle, target);
    set_tls(library, handle, target);
    return handle;
}

/* A server that has gone without a word is noticed within about a minute, not within hours. On a
 * local socket these do nothing. */
static void set_keepalive(const wb_maria_library *library, MYSQL *handle)
{
    static const struct {
        int level;
        int option;
        int value;
    } options[] = {
        {SOL_SOCKET, SO_KEEPALIVE, 1},          {IPPROTO_TCP, TCP_KEEPIDLE, 15},
        {IPPROTO_TCP, TCP_KEEPINTVL, 5},        {IPPROTO_TCP, TCP_KEEPCNT, 5},
        {IPPROTO_TCP, TCP_USER_TIMEOUT, 40000},
    };
    int fd = (int) library->get_socket(handle);
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        (void) setsockopt(fd, options[i].level, options[i].option, &options[i].value,
                          sizeof(options[i].value));
}

static bool connect_now(const wb_maria_library *library, const wb_maria_target *target,
                        MYSQL **ret_handle, wb_error *err)
{
    MYSQL *handle = make_handle(library, target);
    if (handle == NULL)
        return wb_fail(err, WB_E_INTERNAL, "the MariaDB client library has no memory");
    const char *host = target->socket == NULL ? target->host : NULL;
    if (library->real_connect(handle, host, target->user, target->password, target->database,
                              target->port, target->socket, client_flags) == NULL)
        (void) fail_connect(library, handle, target, err);
    else if (check_tls(library, handle, target, err)) {
        set_keepalive(library, handle);
        *ret_handle = handle;
        return true;
    }
    library->close(handle);
    return false;
}

/* The library's connect cannot be interrupted. Where the caller wants to be able to give up, a
 * thread does it, and whoever comes last, the thread or the caller, frees the job. */
typedef struct job {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    const wb_maria_library *library;
    wb_maria_target target;
    MYSQL *handle;
    wb_error error;
    bool is_connected;
    bool is_done;
    bool is_abandoned;
} job;

static job *new_job(const wb_maria_library *library, const wb_maria_target *target)
{
    pthread_condattr_t attributes;
    job *work = wb_calloc(1, sizeof(*work));
    work->library = library;
    wb_maria_target_copy(target, &work->target);
    (void) pthread_mutex_init(&work->mutex, NULL);
    (void) pthread_condattr_init(&attributes);
    (void) pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void) pthread_cond_init(&work->changed, &attributes);
    (void) pthread_condattr_destroy(&attributes);
    return work;
}

static void free_job(job *work)
{
    wb_maria_target_clear(&work->target);
    (void) pthread_cond_destroy(&work->changed);
    (void) pthread_mutex_destroy(&work->mutex);
    free(work);
}

static void *run_job(void *arg)
{
    job *work = arg;
    (void) work->library->thread_init();
    bool is_connected = connect_now(work->library, &work->target, &work->handle, &work->error);
    (void) pthread_mutex_lock(&work->mutex);
    work->is_connected = is_connected;
    work->is_done = true;
    bool is_abandoned = work->is_abandoned;
    (void) pthread_cond_signal(&work->changed);
    (void) pthread_mutex_unlock(&work->mutex);
    const wb_maria_library *library = work->library;
    if (is_abandoned) {
        if (is_connected)
            library->close(work->handle);
        free_job(work);
    }
    library->thread_end();
    return NULL;
}

enum { LOOK_EVERY_MS = 20 };

/* Waits until the job is done, or `cancelled`; then it is the thread's. */
static bool wait_for_job(job *work, const atomic_bool *cancelled)
{
    (void) pthread_mutex_lock(&work->mutex);
    while (!work->is_done && !atomic_load(cancelled)) {
        int64_t until_us = wb_clock_monotonic_us() + INT64_C(1000) * LOOK_EVERY_MS;
        struct timespec until = {.tv_sec = (time_t) (until_us / 1000000),
                                 .tv_nsec = (long) (until_us % 1000000) * 1000};
        (void) pthread_cond_timedwait(&work->changed, &work->mutex, &until);
    }
    bool is_done = work->is_done;
    work->is_abandoned = !is_done;
    (void) pthread_mutex_unlock(&work->mutex);
    return is_done;
}

bool wb_maria_connect(const wb_maria_library *library, const wb_maria_target *target,
                      const atomic_bool *cancelled, MYSQL **ret_handle, wb_error *err)
{
    pthread_t thread;
    if (cancelled == NULL)
        return connect_now(library, target, ret_handle, err);
    if (atomic_load(cancelled))
        return wb_fail(err, WB_E_CANCELLED, "the work was cancelled");
    job *work = new_job(library, target);
    if (pthread_create(&thread, NULL, run_job, work) != 0) {
        free_job(work);
        return connect_now(library, target, ret_handle, err);
    }
    if (!wait_for_job(work, cancelled)) {
        (void) pthread_detach(thread);
        return wb_fail(err, WB_E_CANCELLED, "the work was cancelled");
    }
    (void) pthread_join(thread, NULL);
    bool is_connected = work->is_connected;
    if (is_connected)
        *ret_handle = work->handle;
    else
        *err = work->error;
    free_job(work);
    return is_connected;
}
