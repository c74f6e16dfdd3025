/* Makes calls of the C library fail, or the process die, at a chosen one: loaded with LD_PRELOAD
 * into a program that knows nothing of it.
 *
 *   WB_FAULT_CALLS    classes that count, with commas: connect send recv open read write sync
 *                     truncate remove (unlink and rename)
 *   WB_FAULT_PATH     only files whose path contains this text count; without it, none does.
 *                     Sockets are told by what they are, so network classes need no path.
 *   WB_FAULT_AT       the call that is hit, counted from 1; without it, calls are only counted
 *   WB_FAULT_ACTION   kill: SIGKILL instead of the call    kill-after: the call, then SIGKILL
 *                     half: half of a write, then SIGKILL  term, int: the signal, then the call
 *                     stop, stop-after: SIGSTOP, until somebody sends SIGCONT
 *                     ENOSPC EIO EMFILE EINTR EROFS ECONNRESET: the call fails so
 *                     clock: from here on the wall clock differs by WB_FAULT_CLOCK_S seconds
 *   WB_FAULT_ON=1     every call from that one on is hit, not that one alone
 *   WB_FAULT_COUNT    a file of two 64-bit numbers, kept up to date: calls, and whether one was hit
 *   WB_FAULT_TRACE    a file to which each counted call is appended as a line
 *
 * The functions that libraries bind to are interposed, so what the C library calls inside itself
 * (stdio) is not seen: clients of databases and SQLite use the plain calls. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
/* Variables of functions, found by name as dlsym wants it. */
#define REAL(name)                 \
    static __typeof__(name) *real; \
    if (real == NULL)              \
    *(void **) &real = dlsym(RTLD_NEXT, #name)

typedef enum call_class {
    CALL_CONNECT,
    CALL_SEND,
    CALL_RECV,
    CALL_OPEN,
    CALL_READ,
    CALL_WRITE,
    CALL_SYNC,
    CALL_TRUNCATE,
    CALL_REMOVE,
    CALL_CLASSES
} call_class;

static const char *const class_names[CALL_CLASSES] = {
    "connect", "send", "recv", "open", "read", "write", "sync", "truncate", "remove"};

typedef enum fault_action {
    ACT_NONE,
    ACT_KILL,
    ACT_KILL_AFTER,
    ACT_HALF,
    ACT_TERM,
    ACT_INT,
    ACT_STOP,
    ACT_STOP_AFTER,
    ACT_ERROR,
    ACT_CLOCK
} fault_action;

static const struct {
    const char *name;
    fault_action action;
    int error;
} actions[] = {
    {"kill", ACT_KILL, 0},         {"kill-after", ACT_KILL_AFTER, 0},
    {"half", ACT_HALF, 0},         {"term", ACT_TERM, 0},
    {"int", ACT_INT, 0},           {"clock", ACT_CLOCK, 0},
    {"stop", ACT_STOP, 0},         {"stop-after", ACT_STOP_AFTER, 0},
    {"ENOSPC", ACT_ERROR, ENOSPC}, {"EIO", ACT_ERROR, EIO},
    {"EMFILE", ACT_ERROR, EMFILE}, {"EINTR", ACT_ERROR, EINTR},
    {"EROFS", ACT_ERROR, EROFS},   {"ECONNRESET", ACT_ERROR, ECONNRESET},
};

/* What is counted where WB_FAULT_COUNT names no file. */
typedef struct fault_counts {
    atomic_uint_fast64_t calls;
    atomic_uint_fast64_t hits;
} fault_counts;

static struct {
    bool counts_class[CALL_CLASSES];
    const char *path;
    uint64_t at;
    bool goes_on;
    fault_action action;
    int error;
    time_t clock_s;
    atomic_bool clock_jumped;
    int trace_fd;
    fault_counts *counts;
} fault = {.trace_fd = -1};

static fault_counts own_counts;

static void read_classes(const char *text)
{
    for (int i = 0; i < CALL_CLASSES && text != NULL; i++) {
        const char *found = strstr(text, class_names[i]);
        fault.counts_class[i] = found != NULL;
    }
}

static void map_counts(const char *path)
{
    fault.counts = &own_counts;
    if (path == NULL)
        return;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0 || ftruncate(fd, sizeof(fault_counts)) != 0)
        abort();
    void *shared = mmap(NULL, sizeof(fault_counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED)
        abort();
    (void) close(fd);
    fault.counts = shared;
}

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("WB_FAULT_AT");
    const char *clock = getenv("WB_FAULT_CLOCK_S");
    const char *action = getenv("WB_FAULT_ACTION");
    const char *trace = getenv("WB_FAULT_TRACE");
    fault.path = getenv("WB_FAULT_PATH");
    fault.goes_on = getenv("WB_FAULT_ON") != NULL;
    fault.clock_s = clock != NULL ? (time_t) strtol(clock, NULL, 10) : 0;
    for (size_t i = 0; action != NULL && i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (strcmp(action, actions[i].name) == 0) {
            fault.action = actions[i].action;
            fault.error = actions[i].error;
        }
    }
    if (action != NULL && fault.action == ACT_NONE)
        abort();
    map_counts(getenv("WB_FAULT_COUNT"));
    if (trace != NULL)
        fault.trace_fd = open(trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    /* From here on calls count. */
    read_classes(getenv("WB_FAULT_CALLS"));
    fault.at = at != NULL ? strtoull(at, NULL, 10) : 0;
}

/* ---- which calls count, and what happens at one ---- */

static void trace_call(call_class class, const char *path, uint64_t number)
{
    char line[512];
    int length = snprintf(line, sizeof(line), "%llu %s %s\n", (unsigned long long) number,
                          class_names[class], path);
    (void) !writev(fault.trace_fd, &(struct iovec){line, (size_t) length}, 1);
}

static void die(void)
{
    (void) kill(getpid(), SIGKILL);
    for (;;)
        (void) pause();
}

/* Counts a call; what is to be done with it. Signals and the clock are seen to here. */
static fault_action hit(call_class class, const char *path)
{
    uint64_t number = atomic_fetch_add(&fault.counts->calls, 1) + 1;
    if (fault.trace_fd >= 0)
        trace_call(class, path, number);
    if (fault.at == 0 || number < fault.at || (number > fault.at && !fault.goes_on))
        return ACT_NONE;
    atomic_fetch_add(&fault.counts->hits, 1);
    switch (fault.action) {
    case ACT_KILL:
        die();
        break;
    case ACT_TERM:
        (void) kill(getpid(), SIGTERM);
        return ACT_NONE;
    case ACT_INT:
        (void) kill(getpid(), SIGINT);
        return ACT_NONE;
    case ACT_STOP:
        (void) kill(getpid(), SIGSTOP);
        return ACT_NONE;
    case ACT_CLOCK:
        atomic_store(&fault.clock_jumped, true);
        return ACT_NONE;
    case ACT_ERROR:
        errno = fault.error;
        break;
    case ACT_NONE:
    case ACT_KILL_AFTER:
    case ACT_STOP_AFTER:
    case ACT_HALF:
        break;
    }
    return fault.action;
}

static fault_action hit_path(call_class class, const char *path)
{
    if (!fault.counts_class[class] || fault.path == NULL || path == NULL ||
        strstr(path, fault.path) == NULL)
        return ACT_NONE;
    return hit(class, path);
}

static bool is_socket(int fd)
{
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISSOCK(about.st_mode);
}

/* A connection that is reported as lost is lost: clients wait for the end that then comes. */
static fault_action hit_socket(call_class class, int fd)
{
    if (!fault.counts_class[class] || !is_socket(fd))
        return ACT_NONE;
    fault_action act = hit(class, "socket");
    if (act == ACT_ERROR && fault.error == ECONNRESET) {
        (void) shutdown(fd, SHUT_RDWR);
        errno = ECONNRESET;
    }
    return act;
}

/* A call on a descriptor of either kind: `of_file` and `of_socket` are its classes. */
static fault_action hit_fd(call_class of_file, call_class of_socket, int fd)
{
    char link[64];
    char path[4096];
    if (!fault.counts_class[of_file] && !fault.counts_class[of_socket])
        return ACT_NONE;
    if (is_socket(fd))
        return hit_socket(of_socket, fd);
    (void) snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof(path) - 1);
    if (length < 0)
        return ACT_NONE;
    path[length] = '\0';
    return hit_path(of_file, path);
}

static void end_call(fault_action act)
{
    if (act == ACT_KILL_AFTER)
        die();
    if (act == ACT_STOP_AFTER)
        (void) kill(getpid(), SIGSTOP);
}

/* Makes the call where it is to be made, and does after it what is asked for. */
#define DO_CALL(act, call)            \
    if ((act) == ACT_ERROR)           \
        return -1;                    \
    __typeof__(call) result = (call); \
    end_call(act);                    \
    return result

static size_t part(fault_action act, size_t size)
{
    return act == ACT_HALF ? size / 2 : size;
}

static fault_action written(fault_action act)
{
    return act == ACT_HALF ? ACT_KILL_AFTER : act;
}

/* ---- network ---- */

EXPORT int connect(int fd, const struct sockaddr *address, socklen_t size)
{
    REAL(connect);
    fault_action act = hit_socket(CALL_CONNECT, fd);
    DO_CALL(act, real(fd, address, size));
}

EXPORT ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
    REAL(send);
    fault_action act = hit_socket(CALL_SEND, fd);
    DO_CALL(written(act), real(fd, bytes, part(act, size), flags));
}

EXPORT ssize_t sendto(int fd, const void *bytes, size_t size, int flags,
                      const struct sockaddr *address, socklen_t address_size)
{
    REAL(sendto);
    fault_action act = hit_socket(CALL_SEND, fd);
    DO_CALL(written(act), real(fd, bytes, part(act, size), flags, address, address_size));
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    REAL(sendmsg);
    fault_action act = hit_socket(CALL_SEND, fd);
    DO_CALL(act, real(fd, message, flags));
}

EXPORT ssize_t recv(int fd, void *bytes, size_t size, int flags)
{
    REAL(recv);
    fault_action act = hit_socket(CALL_RECV, fd);
    DO_CALL(act, real(fd, bytes, size, flags));
}

EXPORT ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    REAL(recvmsg);
    fault_action act = hit_socket(CALL_RECV, fd);
    DO_CALL(act, real(fd, message, flags));
}

/* ---- files, and sockets used like files ---- */

EXPORT ssize_t write(int fd, const void *bytes, size_t size)
{
    REAL(write);
    fault_action act = hit_fd(CALL_WRITE, CALL_SEND, fd);
    DO_CALL(written(act), real(fd, bytes, part(act, size)));
}

EXPORT ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    REAL(pwrite);
    fault_action act = hit_fd(CALL_WRITE, CALL_SEND, fd);
    DO_CALL(written(act), real(fd, bytes, part(act, size), offset));
}

EXPORT ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    REAL(pwrite64);
    fault_action act = hit_fd(CALL_WRITE, CALL_SEND, fd);
    DO_CALL(written(act), real(fd, bytes, part(act, size), offset));
}

EXPORT ssize_t read(int fd, void *bytes, size_t size)
{
    REAL(read);
    fault_action act = hit_fd(CALL_READ, CALL_RECV, fd);
    DO_CALL(act, real(fd, bytes, size));
}

EXPORT ssize_t pread(int fd, void *bytes, size_t size, off_t offset)
{
    REAL(pread);
    fault_action act = hit_fd(CALL_READ, CALL_RECV, fd);
    DO_CALL(act, real(fd, bytes, size, offset));
}

EXPORT ssize_t pread64(int fd, void *bytes, size_t size, off64_t offset)
{
    REAL(pread64);
    fault_action act = hit_fd(CALL_READ, CALL_RECV, fd);
    DO_CALL(act, real(fd, bytes, size, offset));
}

EXPORT int fsync(int fd)
{
    REAL(fsync);
    fault_action act = hit_fd(CALL_SYNC, CALL_SYNC, fd);
    DO_CALL(act, real(fd));
}

EXPORT int fdatasync(int fd)
{
    REAL(fdatasync);
    fault_action act = hit_fd(CALL_SYNC, CALL_SYNC, fd);
    DO_CALL(act, real(fd));
}

EXPORT int ftruncate(int fd, off_t size)
{
    REAL(ftruncate);
    fault_action act = hit_fd(CALL_TRUNCATE, CALL_TRUNCATE, fd);
    DO_CALL(act, real(fd, size));
}

EXPORT int ftruncate64(int fd, off64_t size)
{
    REAL(ftruncate64);
    fault_action act = hit_fd(CALL_TRUNCATE, CALL_TRUNCATE, fd);
    DO_CALL(act, real(fd, size));
}

EXPORT int unlink(const char *path)
{
    REAL(unlink);
    fault_action act = hit_path(CALL_REMOVE, path);
    DO_CALL(act, real(path));
}

EXPORT int rename(const char *from, const char *to)
{
    REAL(rename);
    fault_action act = hit_path(CALL_REMOVE, from);
    DO_CALL(act, real(from, to));
}

static mode_t mode_of(int flags, va_list more)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

EXPORT int open(const char *path, int flags, ...)
{
    REAL(open);
    va_list more;
    va_start(more, flags);
    mode_t mode = mode_of(flags, more);
    va_end(more);
    fault_action act = hit_path(CALL_OPEN, path);
    DO_CALL(act, real(path, flags, mode));
}

EXPORT int open64(const char *path, int flags, ...)
{
    REAL(open64);
    va_list more;
    va_start(more, flags);
    mode_t mode = mode_of(flags, more);
    va_end(more);
    fault_action act = hit_path(CALL_OPEN, path);
    DO_CALL(act, real(path, flags, mode));
}

EXPORT int openat(int folder, const char *path, int flags, ...)
{
    REAL(openat);
    va_list more;
    va_start(more, flags);
    mode_t mode = mode_of(flags, more);
    va_end(more);
    fault_action act = hit_path(CALL_OPEN, path);
    DO_CALL(act, real(folder, path, flags, mode));
}

/* ---- the wall clock ---- */

static time_t jump(void)
{
    return atomic_load(&fault.clock_jumped) ? fault.clock_s : 0;
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *ret_time)
{
    REAL(clock_gettime);
    int result = real(clock, ret_time);
    if (clock == CLOCK_REALTIME && result == 0)
        ret_time->tv_sec += jump();
    return result;
}

EXPORT int gettimeofday(struct timeval *restrict ret_time, void *restrict zone)
{
    REAL(gettimeofday);
    int result = real(ret_time, zone);
    if (result == 0)
        ret_time->tv_sec += jump();
    return result;
}

EXPORT time_t time(time_t *ret_time)
{
    REAL(time);
    time_t now = real(NULL) + jump();
    if (ret_time != NULL)
        *ret_time = now;
    return now;
}
