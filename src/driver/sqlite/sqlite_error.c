#include "driver/sqlite/sqlite_session.h"

static const struct {
    int code; /* primary result code */
    wb_status status;
    bool is_about_file;
    const char *hint;
} sqlite_meanings[] = {
    {SQLITE_BUSY, WB_E_BUSY, true,
     "Another process holds the lock. Try again, or wait longer with ?timeout=<milliseconds> in "
     "the URL."},
    {SQLITE_LOCKED, WB_E_BUSY, true, "Another connection of this program uses the table."},
    {SQLITE_READONLY, WB_E_READ_ONLY, true,
     "Check who may write to the file and to its folder, and mode= in the URL."},
    {SQLITE_FULL, WB_E_NO_SPACE, true, "Free some space on the disk that holds the file."},
    {SQLITE_CONSTRAINT, WB_E_CONSTRAINT, false, NULL},
    {SQLITE_CORRUPT, WB_E_QUERY, true,
     "The file is damaged. `PRAGMA integrity_check` tells how far; restore it from a backup."},
    {SQLITE_NOTADB, WB_E_QUERY, true,
     "The file is not a SQLite database, or it is an encrypted one. Check the path in the URL."},
    {SQLITE_CANTOPEN, WB_E_CONNECT, true,
     "Check the path in the URL, and who may read the file and write to its folder."},
    {SQLITE_IOERR, WB_E_IO, true, "Check the disk that holds the file."},
    {SQLITE_PERM, WB_E_PERMISSION, true, NULL},
    {SQLITE_AUTH, WB_E_PERMISSION, false, NULL},
};

/* What stands in the way of ALTER TABLE in other parts of the schema. */
static void explain_message(wb_error *err)
{
    wb_str text = wb_str_from(err->message);
    if (wb_str_has_prefix(text, WB_STR("error in view ")) ||
        wb_str_has_prefix(text, WB_STR("error in trigger ")))
        wb_hint(err, "SQLite reads every view and trigger when a table is altered: drop this one "
                     "before, and create it again after.");
}

static void name_holder(wb_sqlite_session *session, wb_error *err)
{
    WB_SCRATCH(arena);
    const char *holder = wb_sqlite_file_holder(&session->base, arena);
    if (holder != NULL && session->path != NULL)
        wb_detail(err, "The database is the file \"%s\"; %s.", session->path, holder);
}

static void explain(const wb_sqlite_session *session, int code, wb_error *err)
{
    for (size_t i = 0; i < sizeof(sqlite_meanings) / sizeof(sqlite_meanings[0]); i++) {
        if (sqlite_meanings[i].code != (code & 0xFF))
            continue;
        err->status = sqlite_meanings[i].status;
        if (sqlite_meanings[i].is_about_file && session->path != NULL)
            wb_detail(err, "The database is the file \"%s\".", session->path);
        if (sqlite_meanings[i].hint != NULL)
            wb_hint(err, "%s", sqlite_meanings[i].hint);
        return;
    }
}

bool wb_sqlite_fail(wb_sqlite_session *session, wb_error *err)
{
    int code = sqlite3_extended_errcode(session->db);
    int primary = code & 0xFF;
    session->base.error_offset = SIZE_MAX;
    bool was_stopped = primary == SQLITE_INTERRUPT || primary == SQLITE_BUSY;
    if (was_stopped && atomic_load(&session->base.cancelled)) {
        wb_fail(err, WB_E_CANCELLED, "the statement was cancelled");
    } else {
        wb_fail(err, WB_E_QUERY, "%s", sqlite3_errmsg(session->db));
        explain(session, code, err);
        explain_message(err);
        if (primary == SQLITE_BUSY)
            name_holder(session, err);
    }
    err->native_code = (unsigned) code;
#if SQLITE_VERSION_NUMBER >= 3038000
    int offset = sqlite3_error_offset(session->db);
    if (offset >= 0)
        session->base.error_offset = (size_t) offset;
#endif
    return false;
}
