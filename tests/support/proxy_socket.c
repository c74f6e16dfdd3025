#define _GNU_SOURCE
#include "proxy_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool wb_proxy_resolve(const char *program, const char *text, wb_proxy_target *ret_target)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    const char *colon = strrchr(text, ':');
    struct addrinfo *found = NULL;
    char host[256];

    if (colon == NULL || (size_t) (colon - text) >= sizeof(host)) {
        (void) fprintf(stderr, "%s: \"%s\" is not HOST:PORT\n", program, text);
        return false;
    }
    memcpy(host, text, (size_t) (colon - text));
    host[colon - text] = '\0';
    int error = getaddrinfo(host, colon + 1, &hints, &found);
    if (error != 0) {
        (void) fprintf(stderr, "%s: %s: %s\n", program, text, gai_strerror(error));
        return false;
    }
    memcpy(&ret_target->address, found->ai_addr, found->ai_addrlen);
    ret_target->size = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

int wb_proxy_listen(const char *program, uint16_t port, int backlog)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    const int yes = 1;

    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        (void) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (fd < 0 || bind(fd, (struct sockaddr *) &address, size) != 0 || listen(fd, backlog) != 0 ||
        getsockname(fd, (struct sockaddr *) &address, &size) != 0) {
        (void) fprintf(stderr, "%s: ", program);
        perror("listen on 127.0.0.1");
        if (fd >= 0)
            (void) close(fd);
        return -1;
    }
    (void) printf("{\"port\": %u}\n", (unsigned) ntohs(address.sin_port));
    (void) fflush(stdout);
    return fd;
}
