#define _GNU_SOURCE
#include "base/file.h"

#include "base/fail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool wb_reader_open(wb_reader *reader, const char *path, uint64_t offset, wb_error *err)
{
    *reader = (wb_reader){.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), .path = path};
    if (reader->fd < 0)
        return wb_fail_errno(err, errno, "cannot open \"%s\"", path);
    if (offset != 0 && lseek(reader->fd, (off_t) offset, SEEK_SET) < 0) {
        int reason = errno;
        wb_reader_close(reader);
        return wb_fail_errno(err, reason, "cannot read \"%s\"", path);
    }
    reader->offset = offset;
    return true;
}

bool wb_reader_read(wb_reader *reader, char *bytes, size_t size, size_t *ret_read, wb_error *err)
{
    size_t total = 0;
    while (total < size) {
        ssize_t got = read(reader->fd, bytes + total, size - total);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return wb_fail_errno(err, errno, "cannot read \"%s\"", reader->path);
        if (got == 0)
            break;
        total += (size_t) got;
    }
    reader->offset += total;
    *ret_read = total;
    return true;
}

void wb_reader_close(wb_reader *reader)
{
    if (reader->fd >= 0)
        (void) close(reader->fd);
    reader->fd = -1;
}

static bool read_all(wb_reader *reader, size_t max_bytes, wb_buf *text, wb_error *err)
{
    enum { PIECE = 64 * 1024 };
    for (;;) {
        char *room = wb_buf_reserve(text, PIECE);
        size_t got = 0;
        if (!wb_reader_read(reader, room, PIECE, &got, err))
            return false;
        text->len += got;
        text->ptr[text->len] = '\0';
        if (text->len > max_bytes)
            return wb_fail(err, WB_E_IO, "\"%s\" is larger than %zu bytes", reader->path,
                           max_bytes);
        if (got < PIECE)
            return true;
    }
}

bool wb_file_read(const char *path, size_t max_bytes, wb_arena *arena, wb_str *ret_text,
                  wb_error *err)
{
    wb_reader reader;
    if (!wb_reader_open(&reader, path, 0, err))
        return false;
    WB_AUTO_BUF(text, 0);
    bool ok = read_all(&reader, max_bytes, &text, err);
    wb_reader_close(&reader);
    if (ok)
        *ret_text = wb_str_make(wb_str_dup(arena, wb_buf_str(&text)), text.len);
    return ok;
}

static bool write_all(int fd, wb_str text)
{
    while (text.len > 0) {
        ssize_t put = write(fd, text.ptr, text.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        text = wb_str_from_offset(text, (size_t) put);
    }
    return fsync(fd) == 0;
}

/* Gives the finished file its name; link() fails where the name is taken, rename() does not. */
static bool publish(const char *temporary, const char *path, bool replace)
{
    if (replace)
        return rename(temporary, path) == 0;
    if (link(temporary, path) != 0)
        return false;
    (void) unlink(temporary);
    return true;
}

static void sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void) fsync(fd); /* some file systems cannot; the file itself is safe */
    (void) close(fd);
}

bool wb_file_write(const char *path, wb_str text, bool replace, wb_error *err)
{
    WB_SCRATCH(tmp);
    char *folder = wb_path_parent(tmp, path);
    char *temporary = wb_arena_printf(tmp, "%s/.whimbrel-XXXXXX", folder);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return wb_fail_errno(err, errno, "cannot create a file in \"%s\"", folder);
    mode_t mask = umask(0);
    (void) umask(mask);
    bool ok = write_all(fd, text) && fchmod(fd, 0666 & ~mask) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && publish(temporary, path, replace);
    if (!ok) {
        int reason = errno;
        (void) unlink(temporary);
        return wb_fail_errno(err, reason, "cannot write \"%s\"", path);
    }
    sync_folder(folder);
    return true;
}

/* Does the error mean that there is no such file for us? */
static bool is_absence(int reason)
{
    return reason == ENOENT || reason == ENOTDIR || reason == EACCES || reason == ELOOP ||
           reason == ENAMETOOLONG;
}

bool wb_file_exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 || !is_absence(errno);
}

bool wb_file_is_directory(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool wb_file_make_directory(const char *path, wb_error *err)
{
    WB_SCRATCH(tmp);
    char *copy = wb_arena_strdup(tmp, path);
    for (char *slash = strchr(copy + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash != NULL)
            *slash = '\0';
        if (mkdir(copy, 0777) != 0 && (errno != EEXIST || !wb_file_is_directory(copy)))
            return wb_fail_errno(err, errno, "cannot make the folder \"%s\"", copy);
        if (slash == NULL)
            return true;
        *slash = '/';
    }
}

char *wb_path_join(wb_arena *arena, const char *folder, const char *name)
{
    if (name[0] == '/' || strcmp(folder, ".") == 0 || folder[0] == '\0')
        return wb_arena_strdup(arena, name);
    if (strcmp(name, ".") == 0 || name[0] == '\0')
        return wb_arena_strdup(arena, folder);
    size_t length = strlen(folder);
    const char *slash = folder[length - 1] == '/' ? "" : "/";
    return wb_arena_printf(arena, "%s%s%s", folder, slash, name);
}

char *wb_path_parent(wb_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return wb_arena_strdup(arena, ".");
    return wb_arena_strndup(arena, path, slash == path ? 1 : (size_t) (slash - path));
}

const char *wb_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

bool wb_path_find_upwards(wb_arena *arena, const char *start, const char *name, char **ret_path,
                          wb_error *err)
{
    char *folder = realpath(start, NULL);
    *ret_path = NULL;
    if (folder == NULL)
        return is_absence(errno) ||
               wb_fail_errno(err, errno, "cannot find the folder \"%s\"", start);
    while (*ret_path == NULL) {
        char *candidate = wb_path_join(arena, folder, name);
        if (wb_file_exists(candidate))
            *ret_path = candidate;
        char *slash = strrchr(folder, '/');
        if (slash == NULL || (slash == folder && folder[1] == '\0'))
            break;
        slash[slash == folder ? 1 : 0] = '\0';
    }
    free(folder);
    return true;
}
