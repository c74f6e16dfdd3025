/* A slow link on one machine: a TCP proxy that holds every byte for a while in each direction, and
 * counts what passes.
 *
 *   delay_proxy --target HOST:PORT [--port PORT] [--delay-ms MS] [--connections N]
 *
 *   --port         the port of 127.0.0.1 to listen on; without it, or 0, a free one
 *   --delay-ms     one way, 10 without it: a round trip takes twice as long
 *   --connections  end after so many connections; without it only SIGTERM or SIGINT ends it
 *
 * The first line of output is {"port": N}. A line of counts follows when a connection ends
 * ("connection"), on SIGUSR1 ("so_far", with what is open included) and at the end ("total").
 *
 * One thread waits in epoll; a timer wakes it for the next byte that is due. Everything is bounded:
 * 64 connections, 1 MiB each way. What does not fit stays with its sender, as on a real link. */
#define _GNU_SOURCE
#include "../support/proxy_socket.h"
#include "delay_link.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_LINKS = 64,
    MAX_EVENTS = 64,
    MAX_DELAY_MS = 60000,
    NS_PER_MS = 1000000,
    NS_PER_S = 1000000000
};

typedef struct proxy_state {
    int epoll_fd;
    int listen_fd;
    int signal_fd;
    int timer_fd;
    wb_proxy_target target;
    int64_t delay_ns;
    unsigned max_connections; /* 0: no end */
    wb_link *links[MAX_LINKS];
    unsigned link_count;
    wb_link_counts ended; /* sums of the links that have ended */
    unsigned accepted;
    bool must_end;
} proxy_state;

typedef struct proxy_options {
    const char *target;
    long port;
    long delay_ms;
    long connections;
} proxy_options;

static bool fail(const char *what)
{
    (void) fputs("delay_proxy: ", stderr);
    perror(what);
    return false;
}

static int64_t now_ns(void)
{
    struct timespec time;

    (void) clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t) time.tv_sec * NS_PER_S + time.tv_nsec;
}

static void add_counts(wb_link_counts *sum, const wb_link_counts *counts)
{
    sum->connections += counts->connections;
    sum->round_trips += counts->round_trips;
    sum->bytes_up += counts->bytes_up;
    sum->bytes_down += counts->bytes_down;
}

static void print_counts(const char *kind, const wb_link_counts *counts)
{
    (void) printf("{\"kind\": \"%s\", \"connections\": %u, \"round_trips\": %llu, "
                  "\"bytes_up\": %llu, \"bytes_down\": %llu}\n",
                  kind, counts->connections, counts->round_trips, counts->bytes_up,
                  counts->bytes_down);
    (void) fflush(stdout);
}

static void print_sum(const proxy_state *proxy, const char *kind)
{
    wb_link_counts sum = proxy->ended;

    for (unsigned i = 0; i < proxy->link_count; i++)
        add_counts(&sum, &proxy->links[i]->counts);
    print_counts(kind, &sum);
}

static bool watch_fd(const proxy_state *proxy, const int *fd)
{
    /* An address in the proxy itself tells these from the ends of links. */
    union {
        const int *constant;
        int *pointer;
    } place = {.constant = fd};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = place.pointer};

    return epoll_ctl(proxy->epoll_fd, EPOLL_CTL_ADD, *fd, &event) == 0;
}

static bool start(proxy_state *proxy, const proxy_options *options)
{
    sigset_t signals;

    (void) sigemptyset(&signals);
    (void) sigaddset(&signals, SIGTERM);
    (void) sigaddset(&signals, SIGINT);
    (void) sigaddset(&signals, SIGUSR1);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0)
        return fail("pthread_sigmask");
    proxy->delay_ns = options->delay_ms * NS_PER_MS;
    proxy->max_connections = (unsigned) options->connections;
    proxy->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    proxy->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    proxy->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (proxy->epoll_fd < 0 || proxy->signal_fd < 0 || proxy->timer_fd < 0)
        return fail("epoll, signalfd or timerfd");
    if (!wb_proxy_resolve("delay_proxy", options->target, &proxy->target))
        return false;
    proxy->listen_fd = wb_proxy_listen("delay_proxy", (uint16_t) options->port, MAX_LINKS);
    if (proxy->listen_fd < 0)
        return false;
    if (!watch_fd(proxy, &proxy->listen_fd) || !watch_fd(proxy, &proxy->signal_fd) ||
        !watch_fd(proxy, &proxy->timer_fd))
        return fail("epoll_ctl");
    return true;
}

static bool takes_more(const proxy_state *proxy)
{
    return proxy->link_count < MAX_LINKS &&
           (proxy->max_connections == 0 || proxy->accepted < proxy->max_connections);
}

static void accept_links(proxy_state *proxy)
{
    while (takes_more(proxy)) {
        int fd = accept4(proxy->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        wb_link *link =
            wb_link_new(proxy->epoll_fd, fd, (const struct sockaddr *) &proxy->target.address,
                        proxy->target.size, proxy->delay_ns, now_ns());
        if (link == NULL) {
            (void) fail("no connection to the target");
            continue;
        }
        proxy->links[proxy->link_count++] = link;
        proxy->accepted++;
    }
}

static void read_signals(proxy_state *proxy)
{
    struct signalfd_siginfo info;

    while (read(proxy->signal_fd, &info, sizeof(info)) == (ssize_t) sizeof(info)) {
        if (info.ssi_signo == SIGUSR1)
            print_sum(proxy, "so_far");
        else
            proxy->must_end = true;
    }
}

/* With 64 links at most, looking at all of them is cheaper than keeping lists of which to look at.
 */
static void pump_links(proxy_state *proxy, int64_t now)
{
    for (unsigned i = 0; i < proxy->link_count;) {
        wb_link *link = proxy->links[i];
        wb_link_pump(link, proxy->epoll_fd, now);
        if (!wb_link_is_done(link)) {
            i++;
            continue;
        }
        print_counts("connection", &link->counts);
        add_counts(&proxy->ended, &link->counts);
        wb_link_free(link);
        proxy->links[i] = proxy->links[--proxy->link_count];
    }
}

/* `now` is the time that the links were pumped at: what became due since then is still to be woken
 * up for. */
static bool set_timer(const proxy_state *proxy, int64_t now)
{
    int64_t next = INT64_MAX;
    struct itimerspec when = {0}; /* all zero: off */

    for (unsigned i = 0; i < proxy->link_count; i++) {
        int64_t due = wb_link_next_due(proxy->links[i], now);
        if (due < next)
            next = due;
    }
    if (next != INT64_MAX) {
        when.it_value.tv_sec = (time_t) (next / NS_PER_S);
        when.it_value.tv_nsec = (long) (next - when.it_value.tv_sec * NS_PER_S);
    }
    return timerfd_settime(proxy->timer_fd, TFD_TIMER_ABSTIME, &when, NULL) == 0 ||
           fail("timerfd_settime");
}

static bool serve(proxy_state *proxy)
{
    struct epoll_event events[MAX_EVENTS];
    uint64_t expirations;

    while (!proxy->must_end) {
        if (proxy->max_connections > 0 && proxy->ended.connections == proxy->max_connections)
            return true;
        int count = epoll_wait(proxy->epoll_fd, events, MAX_EVENTS, -1);
        if (count < 0 && errno != EINTR)
            return fail("epoll_wait");
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == &proxy->signal_fd)
                read_signals(proxy);
            else if (events[i].data.ptr == &proxy->timer_fd)
                (void) !read(proxy->timer_fd, &expirations, sizeof(expirations));
            else if (events[i].data.ptr == &proxy->listen_fd)
                accept_links(proxy);
        }
        int64_t now = now_ns();
        pump_links(proxy, now);
        if (!set_timer(proxy, now))
            return false;
    }
    return true;
}

static void stop(proxy_state *proxy)
{
    const int fds[] = {proxy->listen_fd, proxy->signal_fd, proxy->timer_fd, proxy->epoll_fd};

    for (unsigned i = 0; i < proxy->link_count; i++)
        wb_link_free(proxy->links[i]);
    for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
        if (fds[i] >= 0)
            (void) close(fds[i]);
    }
}

static bool read_number(const char *text, long max, long *ret_number)
{
    char *end = NULL;

    errno = 0;
    *ret_number = strtol(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *ret_number >= 0 && *ret_number <= max;
}

static bool read_options(int argc, char **argv, proxy_options *options)
{
    static const struct option names[] = {{"target", required_argument, NULL, 't'},
                                          {"port", required_argument, NULL, 'p'},
                                          {"delay-ms", required_argument, NULL, 'd'},
                                          {"connections", required_argument, NULL, 'c'},
                                          {NULL, 0, NULL, 0}};
    bool is_good = true;
    int option;

    *options = (proxy_options){.delay_ms = 10};
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    while (is_good && (option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (option == 't')
            options->target = optarg;
        else if (option == 'p')
            is_good = read_number(optarg, UINT16_MAX, &options->port);
        else if (option == 'd')
            is_good = read_number(optarg, MAX_DELAY_MS, &options->delay_ms);
        else
            is_good = option == 'c' && read_number(optarg, INT32_MAX, &options->connections);
    }
    return is_good && options->target != NULL && optind == argc;
}

int main(int argc, char **argv)
{
    proxy_state proxy = {.epoll_fd = -1, .listen_fd = -1, .signal_fd = -1, .timer_fd = -1};
    proxy_options options;

    if (!read_options(argc, argv, &options)) {
        (void) fputs("usage: delay_proxy --target HOST:PORT [--port PORT] [--delay-ms MS] "
                     "[--connections N]\n",
                     stderr);
        return 2;
    }
    bool is_done = start(&proxy, &options) && serve(&proxy);
    if (is_done)
        print_sum(&proxy, "total");
    stop(&proxy);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
