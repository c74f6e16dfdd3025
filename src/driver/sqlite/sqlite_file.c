/* The file behind a session.
 *
 * SQLite creates a file that is not there as soon as it is opened, but asking a database for its
 * revision must not leave an empty file behind. So a session on an absent file begins with an empty
 * database in memory, which answers every read as the file would. The first statement that writes,
 * or that sets what is to last, creates the file; an open transaction is begun again there, having
 * read nothing but emptiness. */
#include "base/clock.h"
#include "base/file.h"
#include "driver/sqlite/sqlite_session.h"

enum { CANCEL_CHECK_OPCODES = 1000 };

/* Called by SQLite while a statement runs. Not 0 stops it. */
static int is_to_stop(void *arg)
{
    wb_sqlite_session *session = arg;
    return atomic_load_explicit(&session->base.cancelled, memory_order_relaxed) ? 1 : 0;
}

/* Called by SQLite while another process holds the lock. Not 0 tries again. */
static int wait_for_lock(void *arg, int attempts)
{
    static const unsigned char pauses_ms[] = {1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100};
    wb_sqlite_session *session = arg;
    int64_t now_us = wb_clock_monotonic_us();
    if (attempts == 0)
        session->wait_end_us = now_us + (int64_t) session->settings.timeout_ms * 1000;
    int64_t left_us = session->wait_end_us - now_us;
    if (left_us <= 0 || is_to_stop(session) != 0)
        return 0;
    size_t last = sizeof(pauses_ms) - 1;
    unsigned pause_ms = pauses_ms[(size_t) attempts < last ? (size_t) attempts : last];
    if ((int64_t) pause_ms * 1000 > left_us)
        pause_ms = (unsigned) (left_us / 1000) + 1;
    wb_clock_sleep_ms(pause_ms);
    return 1;
}

static bool is_harmless_pragma(const char *name, const char *value)
{
    wb_str text = wb_str_from(name);
    return value == NULL || wb_str_has_suffix(text, WB_STR("_info")) ||
           wb_str_has_suffix(text, WB_STR("_list")) || wb_str_has_suffix(text, WB_STR("_check"));
}

/* Called by SQLite for each thing that a statement being prepared will do to the empty database.
 * Whatever writes is known by sqlite3_stmt_readonly; these change no file, but would be forgotten
 * with the empty database. BEGIN, which would too, is done again. */
static int note_action(void *arg, int action, const char *first, const char *second,
                       const char *database, const char *trigger)
{
    (void) database;
    (void) trigger;
    wb_sqlite_session *session = arg;
    bool is_lasting = action == SQLITE_ATTACH || action == SQLITE_DETACH ||
                      action == SQLITE_SAVEPOINT ||
                      (action == SQLITE_PRAGMA && !is_harmless_pragma(first, second));
    session->needs_file = session->needs_file || is_lasting;
    return SQLITE_OK;
}

static bool prepare_handle(wb_sqlite_session *session, wb_error *err)
{
    (void) sqlite3_extended_result_codes(session->db, 1);
    (void) sqlite3_busy_handler(session->db, wait_for_lock, session);
    sqlite3_progress_handler(session->db, CANCEL_CHECK_OPCODES, is_to_stop, session);
    if (sqlite3_db_config(session->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL) != SQLITE_OK)
        return wb_sqlite_fail(session, err);
    if (session->is_absent)
        (void) sqlite3_set_authorizer(session->db, note_action, session);
    return true;
}

static bool open_handle(wb_sqlite_session *session, const char *name, int flags, const char *vfs,
                        wb_error *err)
{
    int rc = sqlite3_open_v2(name, &session->db, flags | SQLITE_OPEN_NOMUTEX, vfs);
    if (rc == SQLITE_OK)
        return prepare_handle(session, err);
    wb_fail(err, WB_E_CONNECT, "the database '%s' cannot be opened: %s", session->path,
            session->db != NULL ? sqlite3_errmsg(session->db) : sqlite3_errstr(rc));
    err->native_code = (unsigned) rc;
    return wb_hint(err, "Check the path, and who may read the file.");
}

static bool open_empty(wb_sqlite_session *session, wb_error *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
    return open_handle(session, ":memory:", flags, NULL, err);
}

/* The two settings that SQLite takes only within a URI. */
static void build_uri(const wb_sqlite_session *session, wb_buf *uri)
{
    wb_buf_puts(uri, "file:");
    for (const char *c = session->path; *c != '\0'; c++) {
        bool is_plain = wb_is_alnum(*c) || strchr("/._-", *c) != NULL;
        wb_buf_printf(uri, is_plain ? "%c" : "%%%02X", (unsigned char) *c);
    }
    bool is_immutable = session->settings.is_immutable;
    wb_buf_printf(uri, "?immutable=%d&nolock=%d", is_immutable ? 1 : 0,
                  session->settings.has_no_lock ? 1 : 0);
}

static bool open_path(wb_sqlite_session *session, int flags, wb_error *err)
{
    WB_AUTO_BUF(name, 0);
    const wb_sqlite_settings *settings = &session->settings;
    if (settings->is_immutable || settings->has_no_lock) {
        flags |= SQLITE_OPEN_URI;
        build_uri(session, &name);
    } else {
        /* An SQLite built so that URIs are always on would take "file:x?y" for one. */
        bool looks_like_uri = strncmp(session->path, "file:", 5) == 0;
        wb_buf_printf(&name, "%s%s", looks_like_uri ? "./" : "", session->path);
    }
    return open_handle(session, wb_buf_text(&name), flags | settings->open_flags, settings->vfs,
                       err);
}

static bool check_path(const wb_sqlite_session *session, wb_error *err)
{
    WB_SCRATCH(scratch);
    const char *folder = wb_path_parent(scratch, session->path);
    if (!wb_file_is_directory(folder)) {
        wb_fail(err, WB_E_CONNECT, "the folder \"%s\" of the database '%s' does not exist", folder,
                session->path);
        return wb_hint(err, "Create the folder, or correct the path in the URL.");
    }
    if (wb_file_is_directory(session->path)) {
        wb_fail(err, WB_E_CONNECT, "the database '%s' is a folder", session->path);
        return wb_hint(err, "Name a file in the URL.");
    }
    return true;
}

bool wb_sqlite_open_file(wb_sqlite_session *session, wb_error *err)
{
    const wb_sqlite_settings *settings = &session->settings;
    if (settings->in_memory)
        return open_empty(session, err);
    if (!check_path(session, err))
        return false;
    if (wb_file_exists(session->path)) {
        int flags = settings->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
        return open_path(session, flags, err);
    }
    if (settings->must_exist) {
        wb_fail(err, WB_E_CONNECT, "the database '%s' does not exist", session->path);
        return wb_hint(err, "Correct the path, or leave mode= out of the URL to create it.");
    }
    session->is_absent = true;
    return open_empty(session, err);
}

const char *wb_sqlite_file_path(const wb_sqlite_session *session)
{
    if (session->is_absent)
        return session->path;
    const char *name = sqlite3_db_filename(session->db, "main");
    return name != NULL && name[0] != '\0' ? name : NULL;
}

bool wb_sqlite_file_appeared(const wb_sqlite_session *session)
{
    return wb_file_exists(session->path);
}

bool wb_sqlite_create_file(wb_sqlite_session *session, wb_error *err)
{
    bool may_write = !session->settings.read_only;
    if (!may_write && !wb_sqlite_file_appeared(session)) {
        session->base.error_offset = SIZE_MAX;
        wb_fail(err, WB_E_READ_ONLY, "the database '%s' does not exist", session->path);
        return wb_hint(err, "It was opened only for reading, which does not create it.");
    }
    sqlite3 *empty = session->db;
    bool was_in_transaction = sqlite3_get_autocommit(empty) == 0;
    session->db = NULL;
    session->is_absent = false;
    int writing = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    bool ok = open_path(session, may_write ? writing : SQLITE_OPEN_READONLY, err);
    if (ok && was_in_transaction)
        ok = sqlite3_exec(session->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK ||
             wb_sqlite_fail(session, err);
    if (!ok) { /* as if nothing had been tried */
        (void) sqlite3_close(session->db);
        session->db = empty;
        session->is_absent = true;
        return false;
    }
    (void) sqlite3_close(empty);
    return true;
}
