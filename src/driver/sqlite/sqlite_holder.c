/* Who locks the database file. SQLite does not tell, but the system does: its list of locks names
 * process, file and byte, and SQLite's bytes have fixed meanings. The file is only looked at by its
 * name: opening and closing it once more would drop this process's own locks on it. */
#include "driver/sqlite/sqlite_holder.h"

#include "base/file.h"
#include "driver/sqlite/sqlite_session.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { LONGEST_LIST = 16 * 1024 * 1024, PIECE = 64 * 1024 };

/* Bytes that SQLite locks: in the file itself, and in WAL mode in the file "-shm". */
enum {
    PENDING_BYTE = 0x40000000,
    RESERVED_BYTE = PENDING_BYTE + 1,
    SHARED_FIRST = PENDING_BYTE + 2,
    SHARED_LAST = SHARED_FIRST + 509,
    WAL_WRITE_BYTE = 120,
    WAL_RECOVER_BYTE = 122
};

/* ---- one line of the list ---- */

static bool read_number(wb_str text, int base, uint64_t *ret_number)
{
    char digits[24];
    if (text.len == 0 || text.len >= sizeof(digits))
        return false;
    memcpy(digits, text.ptr, text.len);
    digits[text.len] = '\0';
    char *end = NULL;
    *ret_number = strtoull(digits, &end, base);
    return *end == '\0';
}

/* "08:01:131": device in hexadecimal, inode in decimal. */
static bool is_file(wb_str text, const wb_lock_query *query)
{
    uint64_t major = 0;
    uint64_t minor = 0;
    uint64_t inode = 0;
    wb_str part;
    return wb_str_split(&text, ':', &part) && read_number(part, 16, &major) &&
           wb_str_split(&text, ':', &part) && read_number(part, 16, &minor) &&
           read_number(text, 10, &inode) && major == query->major && minor == query->minor &&
           inode == query->inode;
}

/* The process of a line that answers the query; 0 where it does not. */
static uint64_t match_line(wb_str line, const wb_lock_query *query)
{
    enum { NUMBER, KIND, FORCE, MODE, PROCESS, FILE_ID, FIRST, LAST, FIELDS };
    wb_str field[FIELDS] = {{0}};
    for (size_t i = 0; i < FIELDS; i++) {
        if (!wb_str_next_word(&line, &field[i]))
            return 0;
    }
    uint64_t process = 0;
    uint64_t first = 0;
    uint64_t last = UINT64_MAX;
    bool is_read = wb_str_is(field[KIND], "POSIX") && read_number(field[PROCESS], 10, &process) &&
                   read_number(field[FIRST], 10, &first) &&
                   (wb_str_is(field[LAST], "EOF") || read_number(field[LAST], 10, &last)) &&
                   is_file(field[FILE_ID], query);
    bool fits = is_read && first <= query->last && last >= query->first &&
                (!query->writes_only || wb_str_is(field[MODE], "WRITE"));
    return fits && process != query->except ? process : 0;
}

uint64_t wb_lock_list_find(wb_str list, const wb_lock_query *query)
{
    wb_str line;
    while (wb_str_next_line(&list, &line)) {
        uint64_t process = match_line(line, query);
        if (process != 0)
            return process;
    }
    return 0;
}

/* ---- the system ---- */

static bool read_list(wb_buf *list)
{
    wb_reader reader;
    wb_error ignored;
    if (!wb_reader_open(&reader, "/proc/locks", 0, &ignored))
        return false;
    bool ok = true;
    size_t got = 1;
    while (ok && got > 0 && list->len < LONGEST_LIST) {
        ok = wb_reader_read(&reader, wb_buf_reserve(list, PIECE), PIECE, &got, &ignored);
        list->len += ok ? got : 0;
    }
    wb_reader_close(&reader);
    return ok;
}

static uint64_t find_holder(wb_str list, const char *path, wb_lock_query query)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return 0;
    query.major = major(info.st_dev);
    query.minor = minor(info.st_dev);
    query.inode = info.st_ino;
    return wb_lock_list_find(list, &query);
}

/* The name of a process, as the system shows it; "" where it is not visible. */
static const char *process_name(uint64_t process, wb_arena *arena)
{
    enum { LONGEST_NAME = 64 };
    wb_reader reader;
    wb_error ignored;
    size_t got = 0;
    char *text = wb_arena_alloc(arena, LONGEST_NAME);
    const char *path = wb_arena_printf(arena, "/proc/%llu/comm", (unsigned long long) process);
    if (!wb_reader_open(&reader, path, 0, &ignored))
        return "";
    bool ok = wb_reader_read(&reader, text, LONGEST_NAME, &got, &ignored);
    wb_reader_close(&reader);
    return wb_str_dup(arena, wb_str_trim(wb_str_make(text, ok ? got : 0)));
}

static const char *describe_process(uint64_t process, const char *what, wb_arena *arena)
{
    if (process == (uint64_t) getpid())
        return wb_arena_printf(arena, "another connection of this process is %s", what);
    const char *name = process_name(process, arena);
    bool is_named = name[0] != '\0';
    return wb_arena_printf(arena, "process %llu%s%s%s is %s", (unsigned long long) process,
                           is_named ? " (" : "", name, is_named ? ")" : "", what);
}

const char *wb_sqlite_file_holder(wb_session *base, wb_arena *arena)
{
    const wb_sqlite_session *session = wb_sqlite_of(base);
    const char *path = session->is_absent ? NULL : wb_sqlite_file_path(session);
    WB_AUTO_BUF(list, 0);
    if (path == NULL || !read_list(&list))
        return NULL;
    static const char writing[] = "writing to the database file";
    bool is_ours = sqlite3_get_autocommit(session->db) == 0; /* then our own locks do not count */
    uint64_t self = (uint64_t) getpid();
    const char *shared = wb_arena_printf(arena, "%s-shm", path);
    const wb_lock_query in_wal = {.first = WAL_WRITE_BYTE, .last = WAL_RECOVER_BYTE};
    const wb_lock_query in_file = {.first = PENDING_BYTE, .last = SHARED_LAST};
    for (int pass = 0; pass < (is_ours ? 1 : 2); pass++) {
        wb_lock_query query = in_wal;
        query.writes_only = true;
        query.except = pass == 0 ? self : 0;
        uint64_t process = find_holder(wb_buf_str(&list), shared, query);
        query.first = in_file.first;
        query.last = in_file.last;
        if (process == 0)
            process = find_holder(wb_buf_str(&list), path, query);
        if (process != 0)
            return describe_process(process, writing, arena);
    }
    const wb_lock_query reading = {.first = SHARED_FIRST, .last = SHARED_LAST, .except = self};
    uint64_t process = wb_file_exists(shared) ? 0 : find_holder(wb_buf_str(&list), path, reading);
    return process != 0 ? describe_process(process, "reading the database file", arena) : NULL;
}
