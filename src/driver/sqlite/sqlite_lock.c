/* The runner's lock: SQLite's own write lock ends with each transaction, but a run has several. So
 * a file beside the database is locked (flock), which the system releases when the process ends,
 * however it ends. It holds a line about its holder, and is deleted with the release; one that a
 * killed process left behind is just locked again.
 *
 * The database file itself must not be opened a second time: closing it would release the locks
 * that SQLite has on it in this process. */
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "driver/sqlite/sqlite_session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct wb_sqlite_lock {
    wb_sqlite_lock *next;
    char *name;
    char *path;
    int fd; /* -1 where the folder can't be written, so that nobody can change the database */
};

const char *wb_sqlite_file_name(const wb_sqlite_session *session)
{
    const char *name =
        session->path != NULL ? session->path : sqlite3_db_filename(session->db, "main");
    bool is_file = name != NULL && name[0] != '\0' && !session->settings.in_memory;
    return is_file ? name : NULL;
}

/* The same for every name that the database file has: the folder's true path. */
static char *lock_path(const wb_sqlite_session *session, const char *name)
{
    WB_SCRATCH(scratch);
    WB_AUTO_BUF(path, 0);
    const char *file = wb_sqlite_file_name(session);
    char *whole = realpath(file, NULL);
    char *folder = whole == NULL ? realpath(wb_path_parent(scratch, file), NULL) : NULL;
    if (whole != NULL)
        wb_buf_puts(&path, whole);
    else
        wb_buf_printf(&path, "%s/%s", folder != NULL ? folder : ".", wb_path_base(file));
    wb_buf_printf(&path, "-whimbrel-%08x", (unsigned) wb_hash_u64(wb_str_from(name)));
    free(whole);
    free(folder);
    return wb_strdup(wb_buf_text(&path));
}

/* Between opening and locking, its holder may have deleted the file. */
static bool check_still_there(int fd, const char *path, bool *ret_is_there, wb_error *err)
{
    struct stat ours;
    struct stat named;
    *ret_is_there = false;
    if (fstat(fd, &ours) != 0)
        return wb_fail_errno(err, errno, "the lock file \"%s\" cannot be read", path);
    if (stat(path, &named) != 0)
        return errno == ENOENT ||
               wb_fail_errno(err, errno, "the lock file \"%s\" cannot be read", path);
    *ret_is_there = ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
    return true;
}

static void write_holder(int fd, const wb_sqlite_session *session)
{
    char text[160];
    int length = snprintf(text, sizeof(text), "process %ld (%s)\n", (long) getpid(),
                          session->name != NULL ? session->name : "whimbrel");
    size_t size = (size_t) length < sizeof(text) ? (size_t) length : sizeof(text) - 1;
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, size, 0) < 0)
        return; /* the waiting ones are then not told who */
}

static const char *read_holder_line(int fd, wb_arena *arena)
{
    char text[160];
    ssize_t length = pread(fd, text, sizeof(text) - 1, 0);
    if (length <= 0)
        return NULL;
    wb_str line = wb_str_trim(wb_str_make(text, (size_t) length));
    return line.len > 0 ? wb_str_dup(arena, line) : NULL;
}

typedef enum lock_end { LOCK_TAKEN, LOCK_HELD, LOCK_LATER, LOCK_FAILED } lock_end;

static lock_end lock_file(const wb_sqlite_session *session, const char *path, wb_arena *arena,
                          int *ret_fd, const char **ret_holder, wb_error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0 && (errno == EACCES || errno == EROFS || errno == EPERM)) {
        *ret_fd = -1;
        return LOCK_TAKEN;
    }
    if (fd < 0) {
        (void) wb_fail_errno(err, errno, "the lock file \"%s\" cannot be opened", path);
        return LOCK_FAILED;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        bool is_held = errno == EWOULDBLOCK;
        if (is_held)
            *ret_holder = read_holder_line(fd, arena);
        else
            (void) wb_fail_errno(err, errno, "the file \"%s\" cannot be locked", path);
        (void) close(fd);
        return is_held ? LOCK_HELD : LOCK_FAILED;
    }
    bool is_there = false;
    bool ok = check_still_there(fd, path, &is_there, err);
    if (!is_there) {
        (void) close(fd);
        return ok ? LOCK_LATER : LOCK_FAILED;
    }
    write_holder(fd, session);
    *ret_fd = fd;
    return LOCK_TAKEN;
}

bool wb_sqlite_try_lock(wb_session *base, const char *name, wb_arena *arena, bool *ret_taken,
                        const char **ret_holder, wb_error *err)
{
    wb_sqlite_session *session = wb_sqlite_of(base);
    if (wb_sqlite_file_name(session) == NULL)
        return wb_fail(err, WB_E_UNSUPPORTED, "a database in memory has no lock of a session");
    int fd = -1;
    const char *holder = NULL;
    lock_end end = LOCK_LATER;
    char *path = lock_path(session, name);
    while (end == LOCK_LATER)
        end = lock_file(session, path, arena, &fd, &holder, err);
    if (end == LOCK_TAKEN) {
        wb_sqlite_lock *lock = wb_alloc(sizeof(*lock));
        *lock = (wb_sqlite_lock){
            .next = session->locks, .name = wb_strdup(name), .path = path, .fd = fd};
        session->locks = lock;
    } else {
        free(path);
    }
    if (end == LOCK_FAILED)
        return false;
    *ret_taken = end == LOCK_TAKEN;
    *ret_holder = holder;
    return true;
}

/* "process 123 (whimbrel upgrade)" */
static void read_parts(const char *text, wb_arena *arena, wb_lock_holder *holder)
{
    wb_str rest = wb_str_from(text);
    wb_str word = {0};
    uint64_t pid = 0;
    size_t open = 0;
    (void) wb_str_next_word(&rest, &word); /* "process" */
    if (wb_str_next_word(&rest, &word) && wb_str_to_u64(word, &pid))
        holder->id = (int64_t) pid;
    if (wb_str_find_byte(rest, '(', &open) && rest.ptr[rest.len - 1] == ')')
        holder->application = wb_str_dup(arena, wb_str_sub(rest, open + 1, rest.len - open - 2));
}

bool wb_sqlite_lock_holder(wb_session *base, const char *name, wb_arena *arena,
                           wb_lock_holder *ret_holder, wb_error *err)
{
    const wb_sqlite_session *session = wb_sqlite_of(base);
    struct stat about;
    (void) err; /* a file that can't be read tells nothing */
    *ret_holder = (wb_lock_holder){.connected_us = -1, .state_us = -1};
    if (wb_sqlite_file_name(session) == NULL)
        return true;
    char *path = lock_path(session, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    free(path);
    if (fd < 0)
        return true;
    if (flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        const char *text = read_holder_line(fd, arena);
        ret_holder->is_held = true;
        if (text != NULL)
            read_parts(text, arena, ret_holder);
        if (fstat(fd, &about) == 0)
            ret_holder->connected_us = wb_clock_now_us() - (int64_t) about.st_mtime * 1000000;
    }
    (void) close(fd);
    return true;
}

/* Deleted while it is locked, so that nobody else's is. */
static void release(wb_sqlite_lock *lock)
{
    if (lock->fd >= 0) {
        (void) unlink(lock->path);
        (void) close(lock->fd);
    }
    free(lock->name);
    free(lock->path);
    free(lock);
}

bool wb_sqlite_unlock(wb_session *base, const char *name, wb_error *err)
{
    (void) err; /* what was not locked needs no release */
    wb_sqlite_session *session = wb_sqlite_of(base);
    for (wb_sqlite_lock **at = &session->locks; *at != NULL; at = &(*at)->next) {
        wb_sqlite_lock *lock = *at;
        if (strcmp(lock->name, name) != 0)
            continue;
        *at = lock->next;
        release(lock);
        break;
    }
    return true;
}

void wb_sqlite_unlock_all(wb_sqlite_session *session)
{
    while (session->locks != NULL) {
        wb_sqlite_lock *lock = session->locks;
        session->locks = lock->next;
        release(lock);
    }
}
