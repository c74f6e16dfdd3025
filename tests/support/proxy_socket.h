/* What the test proxies share: where they listen and what they pass on to. */
#ifndef WB_TESTS_SUPPORT_PROXY_SOCKET_H
#define WB_TESTS_SUPPORT_PROXY_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

typedef struct wb_proxy_target {
    struct sockaddr_storage address;
    socklen_t size;
} wb_proxy_target;

/* Reads HOST:PORT. Failures of both functions are said on standard error, after `program`. */
bool wb_proxy_resolve(const char *program, const char *text, wb_proxy_target *ret_target);

/* Listens on a port of 127.0.0.1, 0 for a free one, without blocking; prints {"port": N}. Returns
 * the descriptor, or -1. */
int wb_proxy_listen(const char *program, uint16_t port, int backlog);

#endif
