/* One connection through the proxy: a client, the server it was joined to, a line each way, and
 * what has passed. */
#ifndef WB_BENCH_DELAY_LINK_H
#define WB_BENCH_DELAY_LINK_H

#include "delay_line.h"

#include <sys/socket.h>

enum { WB_LINK_CLIENT, WB_LINK_SERVER, WB_LINK_SIDES };

typedef struct wb_link_counts {
    unsigned connections;
    unsigned long long round_trips;
    unsigned long long bytes_up;   /* client to server */
    unsigned long long bytes_down; /* server to client */
} wb_link_counts;

/* Where the round trip is that is being followed. */
typedef enum wb_link_phase {
    WB_LINK_IDLE,    /* the client is to speak */
    WB_LINK_ASKED,   /* its bytes are on the way to the server */
    WB_LINK_HEARD,   /* the server has them */
    WB_LINK_ANSWERED /* bytes of the server are on the way to the client */
} wb_link_phase;

typedef struct wb_link wb_link;

typedef struct wb_link_end {
    int fd;
    wb_link *link;            /* the one it belongs to; lets an event find it */
    wb_delay_line inbox;      /* what was read from this side, for the other */
    unsigned long long given; /* bytes that were written to this side */
    bool has_ended;           /* nothing more comes from this side */
    bool is_told_the_end;     /* this side was told that nothing more comes to it */
    uint32_t interest;        /* what epoll watches for */
} wb_link_end;

struct wb_link {
    wb_link_end ends[WB_LINK_SIDES];
    wb_link_counts counts;
    int64_t ready_ns; /* before this, a real link would still shake hands */
    int64_t delay_ns; /* one way */
    wb_link_phase phase;
    unsigned long long followed; /* the byte that is followed, 1-based, in its direction */
    bool is_broken;
};

/* Joins `client_fd`, which is taken over in any case, to a new connection to `target`. Both ends
 * are watched by `epoll_fd`, with the wb_link_end as the event's pointer. NULL where that fails. */
wb_link *wb_link_new(int epoll_fd, int client_fd, const struct sockaddr *target,
                     socklen_t target_size, int64_t delay_ns, int64_t now_ns);
void wb_link_free(wb_link *link);

/* Moves what can be moved: reads, writes what is due, tells a side of the other's end, and watches
 * for what is to come. */
void wb_link_pump(wb_link *link, int epoll_fd, int64_t now_ns);
/* Has everything passed, or did a side break off? */
bool wb_link_is_done(const wb_link *link);
/* When the next byte is due; INT64_MAX for never. Bytes that wait for a slow reader are not
 * counted: epoll tells when it reads again. */
int64_t wb_link_next_due(const wb_link *link, int64_t now_ns);

#endif
