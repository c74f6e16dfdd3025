/* A connection through the delay proxy, between two real sockets but at a clock of the test's own:
 * nothing here sleeps. */
#define _GNU_SOURCE
#include "../support/test.h"
#include "delay_link.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { PATIENCE_MS = 5000 };
#define DELAY     ((int64_t) 1000)
#define HANDSHAKE (3 * DELAY)

typedef struct fixture {
    int epoll_fd;
    int listen_fd;
    int client_fd; /* the client's own socket */
    int server_fd; /* the server's own socket */
    wb_link *link;
} fixture;

static struct sockaddr_in start_listening(int *ret_fd)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);

    *ret_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(*ret_fd >= 0);
    assert_int_equal(bind(*ret_fd, (struct sockaddr *) &address, size), 0);
    assert_int_equal(listen(*ret_fd, 2), 0);
    assert_int_equal(getsockname(*ret_fd, (struct sockaddr *) &address, &size), 0);
    return address;
}

/* Both sides of the link are accepted by one listener: first the client comes, then the link. */
static int open_link(void **state)
{
    fixture *fix = calloc(1, sizeof(*fix));
    struct sockaddr_in address = start_listening(&fix->listen_fd);

    fix->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    fix->client_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fix->client_fd, (struct sockaddr *) &address, sizeof(address)), 0);
    int accepted = accept4(fix->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    assert_true(accepted >= 0);
    fix->link = wb_link_new(fix->epoll_fd, accepted, (struct sockaddr *) &address, sizeof(address),
                            DELAY, 0);
    assert_non_null(fix->link);
    fix->server_fd = accept4(fix->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    assert_true(fix->server_fd >= 0);
    *state = fix;
    return 0;
}

static int close_link(void **state)
{
    fixture *fix = *state;

    wb_link_free(fix->link);
    (void) close(fix->client_fd);
    (void) close(fix->server_fd);
    (void) close(fix->listen_fd);
    (void) close(fix->epoll_fd);
    free(fix);
    return 0;
}

static void wait_readable(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

    assert_int_equal(poll(&poll_fd, 1, PATIENCE_MS), 1);
}

/* One side speaks, and the link takes it at `now_ns`. */
static void say(const fixture *fix, int side, const char *text, int64_t now_ns)
{
    int from = side == WB_LINK_CLIENT ? fix->client_fd : fix->server_fd;

    assert_int_equal(send(from, text, strlen(text), 0), strlen(text));
    wait_readable(fix->link->ends[side].fd);
    wb_link_pump(fix->link, fix->epoll_fd, now_ns);
}

static void assert_silent(int fd)
{
    char byte;

    assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
    assert_true(errno == EAGAIN || errno == EWOULDBLOCK);
}

static void assert_hears(int fd, const char *expected)
{
    char text[64];

    wait_readable(fd);
    ssize_t size = recv(fd, text, sizeof(text), 0);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(text, expected, (size_t) size);
}

static void the_first_bytes_wait_for_the_handshake_and_the_delay(void **state)
{
    fixture *fix = *state;

    say(fix, WB_LINK_CLIENT, "hello", 0);
    assert_true(wb_link_next_due(fix->link, 0) == HANDSHAKE);
    wb_link_pump(fix->link, fix->epoll_fd, HANDSHAKE - 1);
    assert_silent(fix->server_fd);
    wb_link_pump(fix->link, fix->epoll_fd, HANDSHAKE);
    assert_hears(fix->server_fd, "hello");
}

static void later_bytes_wait_for_the_delay_only(void **state)
{
    fixture *fix = *state;

    say(fix, WB_LINK_SERVER, "welcome", 10 * DELAY);
    wb_link_pump(fix->link, fix->epoll_fd, 11 * DELAY - 1);
    assert_silent(fix->client_fd);
    wb_link_pump(fix->link, fix->epoll_fd, 11 * DELAY);
    assert_hears(fix->client_fd, "welcome");
}

static void a_question_and_its_answer_are_one_round_trip(void **state)
{
    fixture *fix = *state;
    int64_t now = 10 * DELAY;

    for (unsigned long long trips = 1; trips <= 3; trips++) {
        say(fix, WB_LINK_CLIENT, "question", now);
        wb_link_pump(fix->link, fix->epoll_fd, now += DELAY);
        say(fix, WB_LINK_SERVER, "answer", now);
        assert_int_equal(fix->link->counts.round_trips, trips - 1);
        wb_link_pump(fix->link, fix->epoll_fd, now += DELAY);
        assert_int_equal(fix->link->counts.round_trips, trips);
        assert_hears(fix->client_fd, "answer");
    }
    assert_int_equal(fix->link->counts.bytes_up, 3 * strlen("question"));
    assert_int_equal(fix->link->counts.bytes_down, 3 * strlen("answer"));
}

static void what_is_sent_ahead_costs_no_round_trip(void **state)
{
    fixture *fix = *state;
    int64_t now = 10 * DELAY;

    say(fix, WB_LINK_CLIENT, "one", now);
    say(fix, WB_LINK_CLIENT, "two", now + 1);
    wb_link_pump(fix->link, fix->epoll_fd, now += DELAY);
    say(fix, WB_LINK_SERVER, "first", now);
    /* The client speaks between the answers, but it has not heard any. */
    say(fix, WB_LINK_CLIENT, "three", now + 2);
    say(fix, WB_LINK_SERVER, "second", now + 3);
    wb_link_pump(fix->link, fix->epoll_fd, now + 2 * DELAY);
    assert_int_equal(fix->link->counts.round_trips, 1);
}

static void a_greeting_and_a_farewell_are_no_round_trips(void **state)
{
    fixture *fix = *state;

    say(fix, WB_LINK_SERVER, "greeting", 10 * DELAY);
    wb_link_pump(fix->link, fix->epoll_fd, 11 * DELAY);
    say(fix, WB_LINK_CLIENT, "farewell", 12 * DELAY);
    wb_link_pump(fix->link, fix->epoll_fd, 13 * DELAY);
    assert_hears(fix->server_fd, "farewell");
    assert_int_equal(fix->link->counts.round_trips, 0);
}

static void an_end_comes_behind_the_last_byte(void **state)
{
    fixture *fix = *state;
    char byte;

    say(fix, WB_LINK_CLIENT, "last", 10 * DELAY);
    assert_int_equal(shutdown(fix->client_fd, SHUT_WR), 0);
    wait_readable(fix->link->ends[WB_LINK_CLIENT].fd);
    wb_link_pump(fix->link, fix->epoll_fd, 10 * DELAY);
    assert_silent(fix->server_fd);
    wb_link_pump(fix->link, fix->epoll_fd, 11 * DELAY);
    assert_hears(fix->server_fd, "last");
    wait_readable(fix->server_fd);
    assert_int_equal(recv(fix->server_fd, &byte, 1, 0), 0);
    assert_false(wb_link_is_done(fix->link));

    assert_int_equal(shutdown(fix->server_fd, SHUT_WR), 0);
    wait_readable(fix->link->ends[WB_LINK_SERVER].fd);
    wb_link_pump(fix->link, fix->epoll_fd, 12 * DELAY);
    assert_true(wb_link_is_done(fix->link));
}

#define LINK_TEST(name) cmocka_unit_test_setup_teardown(name, open_link, close_link)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINK_TEST(the_first_bytes_wait_for_the_handshake_and_the_delay),
        LINK_TEST(later_bytes_wait_for_the_delay_only),
        LINK_TEST(a_question_and_its_answer_are_one_round_trip),
        LINK_TEST(what_is_sent_ahead_costs_no_round_trip),
        LINK_TEST(a_greeting_and_a_farewell_are_no_round_trips),
        LINK_TEST(an_end_comes_behind_the_last_byte),
    };

    return cmocka_run_group_tests_name("delay_link", tests, NULL, NULL);
}
