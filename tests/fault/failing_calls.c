#define _GNU_SOURCE
#include "failing_calls.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    bool is_armed;
    bool lasts;
    unsigned nth;
    unsigned seen;
    int reason;
    const char *failed;
} calls;

void failing_calls_arm(unsigned nth, int reason, bool lasts)
{
    calls.is_armed = true;
    calls.lasts = lasts;
    calls.nth = nth;
    calls.seen = 0;
    calls.reason = reason;
    calls.failed = NULL;
}

const char *failing_calls_end(void)
{
    calls.is_armed = false;
    return calls.failed;
}

/* Is this call the one that fails? */
static bool is_due(const char *name)
{
    bool is_behind = calls.lasts && calls.failed != NULL;
    if (!calls.is_armed || (++calls.seen != calls.nth && !is_behind))
        return false;
    if (!is_behind)
        calls.failed = name;
    errno = calls.reason;
    return true;
}

#define FAILING(type, failure, name, parameters, arguments)         \
    type __real_##name parameters;                                  \
    type __wrap_##name parameters;                                  \
    type __wrap_##name parameters                                   \
    {                                                               \
        return is_due(#name) ? (failure) : __real_##name arguments; \
    }

FAILING(ssize_t, -1, read, (int fd, void *bytes, size_t size), (fd, bytes, size))
FAILING(ssize_t, -1, write, (int fd, const void *bytes, size_t size), (fd, bytes, size))
FAILING(ssize_t, -1, pread, (int fd, void *bytes, size_t size, off_t at), (fd, bytes, size, at))
FAILING(ssize_t, -1, pwrite, (int fd, const void *bytes, size_t size, off_t at),
        (fd, bytes, size, at))
FAILING(off_t, -1, lseek, (int fd, off_t offset, int from), (fd, offset, from))
FAILING(int, -1, fstat, (int fd, struct stat *about), (fd, about))
FAILING(int, -1, stat, (const char *path, struct stat *about), (path, about))
FAILING(int, -1, fstatat, (int folder, const char *path, struct stat *about, int flags),
        (folder, path, about, flags))
FAILING(int, -1, fsync, (int fd), (fd))
FAILING(int, -1, fchmod, (int fd, mode_t mode), (fd, mode))
FAILING(int, -1, ftruncate, (int fd, off_t size), (fd, size))
FAILING(int, -1, flock, (int fd, int operation), (fd, operation))
FAILING(int, -1, rename, (const char *from, const char *to), (from, to))
FAILING(int, -1, link, (const char *from, const char *to), (from, to))
FAILING(int, -1, mkdir, (const char *path, mode_t mode), (path, mode))
FAILING(int, -1, mkostemp, (char *path, int flags), (path, flags))
FAILING(char *, NULL, realpath, (const char *path, char *whole), (path, whole))
FAILING(DIR *, NULL, fdopendir, (int fd), (fd))
FAILING(struct dirent *, NULL, readdir, (DIR * listing), (listing))

int __real_close(int fd);
int __wrap_close(int fd);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_openat(int folder, const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...);

/* The descriptor is gone, also where close tells of a failure. */
int __wrap_close(int fd)
{
    bool fails = is_due("close");
    int reason = errno;
    int result = __real_close(fd);
    if (!fails)
        return result;
    errno = reason;
    return -1;
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return is_due("open") ? -1 : __real_open(path, flags, mode);
}

int __wrap_openat(int folder, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return is_due("openat") ? -1 : __real_openat(folder, path, flags, mode);
}
