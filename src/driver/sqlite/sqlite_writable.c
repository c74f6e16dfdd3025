/* Can the database file be written? SQLite finds out by its first write, and then only says
 * "attempt to write a readonly database". This asks the system before anything is tried, and can
 * say which of the file, its companions, its folder and its disk is in the way. */
#include "base/file.h"
#include "driver/sqlite/sqlite_session.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Files that SQLite keeps beside the database and must be able to write where they are there. */
static const char *const companions[] = {"-journal", "-wal", "-shm"};

static bool may(const char *path, int how)
{
    return faccessat(AT_FDCWD, path, how, AT_EACCESS) == 0;
}

static bool refuse_writing(const char *kind, const char *path, int why, wb_error *err)
{
    wb_fail_errno(err, why, "the %s \"%s\" cannot be written", kind, path);
    err->status = WB_E_READ_ONLY;
    if (why == EROFS) {
        wb_detail(err, "It lies on a file system that is read-only.");
        return wb_hint(err, "Mount it for writing, or give the URL of another file.");
    }
    if (why == EACCES) {
        wb_detail(err, "The user with the number %u may not write to it.", (unsigned) geteuid());
        return wb_hint(err, "Run as the user who owns the database, or change its permissions.");
    }
    return wb_hint(err, "Make it writable, or give the URL of another file.");
}

static bool demand_file(const char *path, wb_error *err)
{
    if (wb_file_exists(path) && !may(path, W_OK))
        return refuse_writing("database file", path, errno, err);
    WB_SCRATCH(arena);
    for (size_t i = 0; i < sizeof(companions) / sizeof(companions[0]); i++) {
        const char *companion = wb_arena_printf(arena, "%s%s", path, companions[i]);
        if (wb_file_exists(companion) && !may(companion, W_OK))
            return refuse_writing("file", companion, errno, err);
    }
    return true;
}

/* A journal is created beside the file, unless an earlier one was left there for use. */
static bool demand_folder(const char *path, wb_error *err)
{
    WB_SCRATCH(arena);
    bool has_journal = wb_file_exists(wb_arena_printf(arena, "%s-journal", path)) ||
                       wb_file_exists(wb_arena_printf(arena, "%s-wal", path));
    const char *folder = wb_path_parent(arena, path);
    if (has_journal || may(folder, W_OK | X_OK))
        return true;
    refuse_writing("folder", folder, errno, err);
    if (wb_file_exists(path))
        wb_detail(err, "%s%sSQLite needs it for the journal, which lies beside the database file.",
                  wb_arena_strdup(arena, err->detail), err->detail[0] != '\0' ? " " : "");
    return false;
}

bool wb_sqlite_demand_writable(wb_session *base, wb_error *err)
{
    const wb_sqlite_session *session = wb_sqlite_of(base);
    const char *path = wb_sqlite_file_path(session);
    if (path == NULL)
        return true;
    if (session->settings.read_only) {
        wb_fail(err, WB_E_READ_ONLY, "the database file \"%s\" is opened for reading only", path);
        return wb_hint(err, "Leave mode=ro out of the URL.");
    }
    if (!demand_file(path, err) || !demand_folder(path, err))
        return false;
    if (session->is_absent || sqlite3_db_readonly(session->db, "main") != 1)
        return true;
    wb_fail(err, WB_E_READ_ONLY, "the database file \"%s\" could only be opened for reading", path);
    return wb_hint(err, "Check who may write to the file and to its folder.");
}
