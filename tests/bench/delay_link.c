/* What is a round trip? Over TCP only bytes can be seen, so one byte is followed at a time: the
 * first that the client sends, until the server has it; then the first that the server sends after
 * that, until the client has it. This is one round trip, and only then does the next begin. So a
 * client that waits for each answer is counted exactly, and one that sends ahead costs as many
 * round trips as it really lasted, however its messages and the answers mix. A farewell that
 * nobody answers costs none. */
#define _GNU_SOURCE
#include "delay_link.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A TCP handshake is one round trip and the first bytes travel behind it: three one-way delays. The
 * kernel makes the handshake with us at once, so the first bytes wait longer instead. */
enum { HANDSHAKE_DELAYS = 3 };

static bool is_temporary(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR || error == ENOTCONN;
}

static bool watch(wb_link_end *end, int epoll_fd, int operation, uint32_t interest)
{
    struct epoll_event event = {.events = interest, .data.ptr = end};

    end->interest = interest;
    return epoll_ctl(epoll_fd, operation, end->fd, &event) == 0;
}

static int connect_to(const struct sockaddr *target, socklen_t target_size)
{
    int fd = socket(target->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (connect(fd, target, target_size) == 0 || errno == EINPROGRESS)
        return fd;
    (void) close(fd);
    return -1;
}

static bool open_ends(wb_link *link, int epoll_fd)
{
    const int yes = 1;

    for (int side = 0; side < WB_LINK_SIDES; side++) {
        wb_link_end *end = &link->ends[side];
        end->link = link;
        if (end->fd < 0 || !wb_delay_line_init(&end->inbox))
            return false;
        if (setsockopt(end->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) != 0)
            return false;
        if (!watch(end, epoll_fd, EPOLL_CTL_ADD, EPOLLIN))
            return false;
    }
    return true;
}

wb_link *wb_link_new(int epoll_fd, int client_fd, const struct sockaddr *target,
                     socklen_t target_size, int64_t delay_ns, int64_t now_ns)
{
    wb_link *link = calloc(1, sizeof(*link));

    if (link == NULL) {
        (void) close(client_fd);
        return NULL;
    }
    link->ends[WB_LINK_CLIENT].fd = client_fd;
    link->ends[WB_LINK_SERVER].fd = connect_to(target, target_size);
    link->counts.connections = 1;
    link->delay_ns = delay_ns;
    link->ready_ns = now_ns + HANDSHAKE_DELAYS * delay_ns;
    if (open_ends(link, epoll_fd))
        return link;
    wb_link_free(link);
    return NULL;
}

void wb_link_free(wb_link *link)
{
    if (link == NULL)
        return;
    for (int side = 0; side < WB_LINK_SIDES; side++) {
        if (link->ends[side].fd >= 0)
            (void) close(link->ends[side].fd);
        wb_delay_line_clear(&link->ends[side].inbox);
    }
    free(link);
}

/* Bytes were read from a side, which had sent `before` bytes until then. */
static void follow_read(wb_link *link, int side, unsigned long long before)
{
    if (side == WB_LINK_CLIENT && link->phase == WB_LINK_IDLE)
        link->phase = WB_LINK_ASKED;
    else if (side == WB_LINK_SERVER && link->phase == WB_LINK_HEARD)
        link->phase = WB_LINK_ANSWERED;
    else
        return;
    link->followed = before + 1;
}

/* A side has now been given `total` bytes. */
static void follow_written(wb_link *link, int side, unsigned long long total)
{
    if (total < link->followed)
        return;
    if (side == WB_LINK_SERVER && link->phase == WB_LINK_ASKED) {
        link->phase = WB_LINK_HEARD;
    } else if (side == WB_LINK_CLIENT && link->phase == WB_LINK_ANSWERED) {
        link->phase = WB_LINK_IDLE;
        link->counts.round_trips++;
    }
}

static void read_side(wb_link *link, int side, int64_t now_ns)
{
    wb_link_end *end = &link->ends[side];
    size_t room = 0;
    char *bytes = wb_delay_line_room(&end->inbox, &room);

    while (room > 0 && !end->has_ended) {
        ssize_t size = recv(end->fd, bytes, room, MSG_DONTWAIT);
        if (size < 0) {
            link->is_broken = link->is_broken || !is_temporary(errno);
            return;
        }
        if (size == 0) {
            end->has_ended = true;
            return;
        }
        int64_t due_ns = now_ns + link->delay_ns;
        if (side == WB_LINK_CLIENT && due_ns < link->ready_ns)
            due_ns = link->ready_ns;
        wb_delay_line_put(&end->inbox, (size_t) size, due_ns);
        unsigned long long *total =
            side == WB_LINK_CLIENT ? &link->counts.bytes_up : &link->counts.bytes_down;
        follow_read(link, side, *total);
        *total += (size_t) size;
        bytes = wb_delay_line_room(&end->inbox, &room);
    }
}

static void write_side(wb_link *link, int side, int64_t now_ns)
{
    wb_link_end *end = &link->ends[side];
    wb_delay_line *line = &link->ends[!side].inbox;
    size_t due = 0;
    const char *bytes = wb_delay_line_due(line, now_ns, &due);

    while (due > 0) {
        ssize_t size = send(end->fd, bytes, due, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (size < 0) {
            link->is_broken = link->is_broken || !is_temporary(errno);
            return;
        }
        wb_delay_line_take(line, (size_t) size);
        end->given += (size_t) size;
        follow_written(link, side, end->given);
        bytes = wb_delay_line_due(line, now_ns, &due);
    }
    if (link->ends[!side].has_ended && line->length == 0 && !end->is_told_the_end) {
        (void) shutdown(end->fd, SHUT_WR);
        end->is_told_the_end = true;
    }
}

static void update_interest(wb_link *link, int side, int epoll_fd, int64_t now_ns)
{
    wb_link_end *end = &link->ends[side];
    uint32_t interest = 0;
    size_t size = 0;

    (void) wb_delay_line_room(&end->inbox, &size);
    if (size > 0 && !end->has_ended)
        interest |= EPOLLIN;
    (void) wb_delay_line_due(&link->ends[!side].inbox, now_ns, &size);
    if (size > 0)
        interest |= EPOLLOUT;
    if (interest != end->interest && !watch(end, epoll_fd, EPOLL_CTL_MOD, interest))
        link->is_broken = true;
}

void wb_link_pump(wb_link *link, int epoll_fd, int64_t now_ns)
{
    for (int side = 0; side < WB_LINK_SIDES; side++)
        read_side(link, side, now_ns);
    for (int side = 0; side < WB_LINK_SIDES; side++)
        write_side(link, side, now_ns);
    for (int side = 0; side < WB_LINK_SIDES; side++)
        update_interest(link, side, epoll_fd, now_ns);
}

bool wb_link_is_done(const wb_link *link)
{
    return link->is_broken || (link->ends[WB_LINK_CLIENT].is_told_the_end &&
                               link->ends[WB_LINK_SERVER].is_told_the_end);
}

int64_t wb_link_next_due(const wb_link *link, int64_t now_ns)
{
    int64_t next_ns = INT64_MAX;

    for (int side = 0; side < WB_LINK_SIDES; side++) {
        int64_t due_ns = wb_delay_line_next_due(&link->ends[side].inbox);
        if (due_ns > now_ns && due_ns < next_ns)
            next_ns = due_ns;
    }
    return next_ns;
}
