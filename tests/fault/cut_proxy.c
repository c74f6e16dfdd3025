/* A connection that breaks at a chosen byte: a TCP proxy that passes everything on, and ends one
 * connection where it is told to.
 *
 *   cut_proxy --target HOST:PORT [--connection K] [--up N | --down N] [--how rst|fin|hole]
 *
 *   --connection  which one, counted from 1; 1 without it
 *   --up          after N bytes from the client, which the server is given
 *   --down        after N bytes from the server, which the client is given; what comes then is
 *                 dropped, so the server has done what the client will not hear of
 *   --how         rst: as when a machine restarts. fin: as when it closes in order. hole: as when a
 *                 cable is pulled; both sides' packets are dropped and neither is told anything.
 *
 * The first line of output is {"port": N}. On SIGTERM a line for each connection says how many
 * bytes passed: {"connection": K, "up": N, "down": N, "cut": false}.
 *
 * Everything is passed on at once and in order, by one thread; at most 256 connections. */
#define _GNU_SOURCE
#include "../support/proxy_socket.h"

#include <errno.h>
#include <getopt.h>
#include <linux/filter.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { MAX_LINKS = 256, PIECE = 65536, FIXED_FDS = 2 };
enum { CLIENT, SERVER, SIDES };

typedef enum cut_how { CUT_RST, CUT_FIN, CUT_HOLE } cut_how;

typedef struct cut_link {
    int fds[SIDES];                   /* -1: closed */
    unsigned long long passed[SIDES]; /* bytes read from that side and given to the other */
    bool has_ended[SIDES];
    bool is_cut;
} cut_link;

typedef struct cut_options {
    const char *target;
    long connection;
    long long at[SIDES]; /* -1: not there */
    cut_how how;
} cut_options;

typedef struct cut_proxy {
    cut_options options;
    wb_proxy_target target;
    int listen_fd;
    int signal_fd;
    cut_link links[MAX_LINKS];
    unsigned count;
} cut_proxy;

static void close_side(cut_link *link, int side, bool reset)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    if (link->fds[side] < 0)
        return;
    if (reset)
        (void) setsockopt(link->fds[side], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    (void) close(link->fds[side]);
    link->fds[side] = -1;
}

static void close_link(cut_link *link, bool reset)
{
    close_side(link, CLIENT, reset);
    close_side(link, SERVER, reset);
}

/* The kernel drops what arrives at a socket whose filter takes nothing, also what it would answer
 * by itself: acknowledgements are not sent, so keepalives and timeouts see a dead peer. */
static void dig_hole(int fd)
{
    enum { TRIES = 1000 };
    int unsent = 1;
    /* What is not acknowledged yet would be sent again and again, as a sign of life. */
    for (int i = 0; i < TRIES && fd >= 0 && unsent > 0 && ioctl(fd, SIOCOUTQ, &unsent) == 0; i++)
        (void) usleep(1000);
    struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
    const struct sock_fprog program = {.len = 1, .filter = &nothing};

    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) != 0)
        perror("cut_proxy: SO_ATTACH_FILTER");
}

static void cut(const cut_proxy *proxy, cut_link *link)
{
    link->is_cut = true;
    if (proxy->options.how != CUT_HOLE) {
        close_link(link, proxy->options.how == CUT_RST);
        return;
    }
    dig_hole(link->fds[CLIENT]);
    dig_hole(link->fds[SERVER]);
}

static bool is_chosen(const cut_proxy *proxy, const cut_link *link)
{
    return (link - proxy->links) + 1 == proxy->options.connection;
}

/* How many bytes of this side may still pass. */
static size_t room_until_cut(const cut_proxy *proxy, const cut_link *link, int side)
{
    long long at = proxy->options.at[side];

    if (at < 0 || !is_chosen(proxy, link))
        return PIECE;
    unsigned long long room = (unsigned long long) at - link->passed[side];
    return room < PIECE ? (size_t) room : PIECE;
}

static bool send_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t) sent;
    }
    return true;
}

static void end_side(cut_link *link, int side)
{
    link->has_ended[side] = true;
    if (link->has_ended[!side])
        close_link(link, false);
    else
        (void) shutdown(link->fds[!side], SHUT_WR);
}

static void pass_on(const cut_proxy *proxy, cut_link *link, int side)
{
    char bytes[PIECE];
    size_t room = room_until_cut(proxy, link, side);

    if (room == 0) {
        cut(proxy, link);
        return;
    }
    ssize_t size = recv(link->fds[side], bytes, room, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size < 0) {
        close_link(link, true);
        return;
    }
    if (size == 0) {
        end_side(link, side);
        return;
    }
    if (!send_all(link->fds[!side], bytes, (size_t) size)) {
        close_link(link, true);
        return;
    }
    link->passed[side] += (size_t) size;
    /* What the client sent is cut off at once; what the server says only when it says more. */
    if (side == CLIENT && room_until_cut(proxy, link, side) == 0)
        cut(proxy, link);
}

static void accept_link(cut_proxy *proxy)
{
    const int yes = 1;
    int fd = accept4(proxy->listen_fd, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0)
        return;
    if (proxy->count == MAX_LINKS) {
        (void) close(fd);
        return;
    }
    cut_link *link = &proxy->links[proxy->count++];
    *link = (cut_link){
        .fds = {fd, socket(proxy->target.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0)}};
    (void) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    (void) setsockopt(link->fds[SERVER], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    if (connect(link->fds[SERVER], (const struct sockaddr *) &proxy->target.address,
                proxy->target.size) != 0)
        close_link(link, true);
}

/* What is watched: the listener, the signals, and each side that may still say something. */
static nfds_t watched(const cut_proxy *proxy, struct pollfd *polls, unsigned *owners)
{
    nfds_t count = FIXED_FDS;

    polls[0] = (struct pollfd){.fd = proxy->listen_fd, .events = POLLIN};
    polls[1] = (struct pollfd){.fd = proxy->signal_fd, .events = POLLIN};
    for (unsigned i = 0; i < proxy->count; i++) {
        const cut_link *link = &proxy->links[i];
        for (unsigned side = 0; side < SIDES; side++) {
            if (link->fds[side] < 0 || link->has_ended[side] || link->is_cut)
                continue;
            owners[count] = i * SIDES + side;
            polls[count++] = (struct pollfd){.fd = link->fds[side], .events = POLLIN};
        }
    }
    return count;
}

static void serve(cut_proxy *proxy)
{
    static struct pollfd polls[FIXED_FDS + MAX_LINKS * SIDES];
    static unsigned owners[FIXED_FDS + MAX_LINKS * SIDES];

    for (;;) {
        nfds_t count = watched(proxy, polls, owners);
        if (poll(polls, count, -1) < 0)
            continue;
        if (polls[1].revents != 0)
            return;
        for (nfds_t i = FIXED_FDS; i < count; i++) {
            cut_link *link = &proxy->links[owners[i] / SIDES];
            int side = (int) (owners[i] % SIDES);
            if (polls[i].revents != 0 && link->fds[side] >= 0 && !link->is_cut)
                pass_on(proxy, link, side);
        }
        if (polls[0].revents != 0)
            accept_link(proxy);
    }
}

static void print_counts(const cut_proxy *proxy)
{
    for (unsigned i = 0; i < proxy->count; i++) {
        const cut_link *link = &proxy->links[i];
        (void) printf("{\"connection\": %u, \"up\": %llu, \"down\": %llu, \"cut\": %s}\n", i + 1,
                      link->passed[CLIENT], link->passed[SERVER], link->is_cut ? "true" : "false");
    }
}

static bool start(cut_proxy *proxy)
{
    sigset_t signals;

    (void) sigemptyset(&signals);
    (void) sigaddset(&signals, SIGTERM);
    (void) sigaddset(&signals, SIGINT);
    (void) sigprocmask(SIG_BLOCK, &signals, NULL);
    proxy->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
    if (proxy->signal_fd < 0 ||
        !wb_proxy_resolve("cut_proxy", proxy->options.target, &proxy->target))
        return false;
    proxy->listen_fd = wb_proxy_listen("cut_proxy", 0, MAX_LINKS);
    return proxy->listen_fd >= 0;
}

static bool read_how(const char *text, cut_how *ret_how)
{
    static const char *const names[] = {"rst", "fin", "hole"};

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(text, names[i]) == 0) {
            *ret_how = (cut_how) i;
            return true;
        }
    }
    return false;
}

static bool read_options(int argc, char **argv, cut_options *options)
{
    static const struct option names[] = {
        {"target", required_argument, NULL, 't'}, {"connection", required_argument, NULL, 'c'},
        {"up", required_argument, NULL, 'u'},     {"down", required_argument, NULL, 'd'},
        {"how", required_argument, NULL, 'h'},    {NULL, 0, NULL, 0}};
    bool is_good = true;
    int option;

    *options = (cut_options){.connection = 1, .at = {-1, -1}};
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    while (is_good && (option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (option == 't')
            options->target = optarg;
        else if (option == 'c')
            options->connection = strtol(optarg, NULL, 10);
        else if (option == 'u')
            options->at[CLIENT] = strtoll(optarg, NULL, 10);
        else if (option == 'd')
            options->at[SERVER] = strtoll(optarg, NULL, 10);
        else
            is_good = option == 'h' && read_how(optarg, &options->how);
    }
    return is_good && options->target != NULL && optind == argc;
}

int main(int argc, char **argv)
{
    static cut_proxy proxy = {.listen_fd = -1, .signal_fd = -1};

    if (!read_options(argc, argv, &proxy.options)) {
        (void) fputs("usage: cut_proxy --target HOST:PORT [--connection K] [--up N | --down N] "
                     "[--how rst|fin|hole]\n",
                     stderr);
        return 2;
    }
    if (!start(&proxy))
        return EXIT_FAILURE;
    serve(&proxy);
    print_counts(&proxy);
    return EXIT_SUCCESS;
}
