/* One statement from text to its end. SQLite is in this process, so there is nothing to queue: a
 * submitted statement runs at once. */
#include "driver/sqlite/sqlite_session.h"

#include <limits.h>
#include <stdlib.h>

/* Beyond this many columns a row's cells are taken from the heap. */
enum { FEW_COLUMNS = 32 };

static bool fail_here(wb_sqlite_session *session, size_t offset, const char *message, wb_error *err)
{
    session->base.error_offset = offset;
    return wb_fail(err, WB_E_QUERY, "%s", message);
}

/* Is there anything but white space, semicolons and comments in what follows the statement? */
static bool has_statement(wb_sqlite_session *session, wb_str rest)
{
    const char *end = rest.ptr + rest.len;
    while (rest.len > 0) {
        sqlite3_stmt *next = NULL;
        const char *tail = end;
        int rc = sqlite3_prepare_v2(session->db, rest.ptr, (int) rest.len, &next, &tail);
        bool found = rc != SQLITE_OK || next != NULL;
        (void) sqlite3_finalize(next);
        if (found)
            return true;
        if (tail == rest.ptr)
            break;
        rest = wb_str_make(tail, (size_t) (end - tail));
    }
    return false;
}

/* Prepares the only statement of the text; NULL where it holds none. */
static bool prepare_text(wb_sqlite_session *session, const wb_request *request,
                         sqlite3_stmt **ret_statement, wb_error *err)
{
    wb_str sql = request->sql;
    size_t zero = 0;
    if (wb_str_find_byte(sql, '\0', &zero))
        return fail_here(session, zero, "the statement holds a zero byte", err);
    if (sql.len > INT_MAX - 1)
        return fail_here(session, SIZE_MAX, "the statement is too long for SQLite", err);
    unsigned flags = request->keep ? SQLITE_PREPARE_PERSISTENT : 0;
    const char *tail = sql.ptr + sql.len;
    session->needs_file = false;
    if (sqlite3_prepare_v3(session->db, sql.ptr, (int) sql.len, flags, ret_statement, &tail) !=
        SQLITE_OK)
        return wb_sqlite_fail(session, err);
    size_t used = (size_t) (tail - sql.ptr);
    if (used < sql.len && has_statement(session, wb_str_from_offset(sql, used))) {
        (void) sqlite3_finalize(*ret_statement);
        return fail_here(session, used, "a second statement follows the first", err);
    }
    return true;
}

/* The same on a database whose file may be absent: tries the empty one that stands for it, and
 * creates the file where that can't do. */
static bool prepare_in_place(wb_sqlite_session *session, const wb_request *request,
                             sqlite3_stmt **ret_statement, wb_error *err)
{
    if (session->is_absent && wb_sqlite_file_appeared(session) &&
        !wb_sqlite_create_file(session, err))
        return false;
    if (!prepare_text(session, request, ret_statement, err))
        return false;
    bool does_write = session->needs_file || sqlite3_stmt_readonly(*ret_statement) == 0;
    if (!session->is_absent || *ret_statement == NULL || !does_write)
        return true;
    (void) sqlite3_finalize(*ret_statement);
    return wb_sqlite_create_file(session, err) &&
           prepare_text(session, request, ret_statement, err);
}

/* Prepares, or takes the statement that was kept from the last time. */
static bool find_statement(wb_sqlite_session *session, const wb_request *request,
                           sqlite3_stmt **ret_statement, bool *ret_is_kept, wb_error *err)
{
    *ret_statement = request->keep ? wb_map_get(session->kept, request->sql) : NULL;
    *ret_is_kept = *ret_statement != NULL;
    if (*ret_is_kept)
        return true;
    if (!prepare_in_place(session, request, ret_statement, err))
        return false;
    /* Nothing is kept of the empty database, which will be replaced. */
    *ret_is_kept = request->keep && *ret_statement != NULL && !session->is_absent;
    if (*ret_is_kept) {
        (void) wb_map_set(session->kept, request->sql, *ret_statement);
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): it is a list of pointers */
        WB_LIST_ADD(session->arena, &session->statements, *ret_statement);
    }
    return true;
}

static int bind_value(sqlite3_stmt *statement, int number, const wb_value *value)
{
    switch (value->kind) {
    case WB_NULL:
        return sqlite3_bind_null(statement, number);
    case WB_INT:
        return sqlite3_bind_int64(statement, number, value->number);
    case WB_TEXT:
        break;
    }
    const char *text = value->text.ptr != NULL ? value->text.ptr : "";
    return sqlite3_bind_text64(statement, number, text, value->text.len, SQLITE_STATIC,
                               SQLITE_UTF8);
}

static bool bind_values(wb_sqlite_session *session, sqlite3_stmt *statement,
                        const wb_request *request, wb_error *err)
{
    size_t wanted = (size_t) sqlite3_bind_parameter_count(statement);
    if (wanted != request->arg_count) {
        session->base.error_offset = SIZE_MAX;
        return wb_fail(err, WB_E_QUERY, "the statement has %zu placeholders, but %zu values came",
                       wanted, request->arg_count);
    }
    for (size_t i = 0; i < wanted; i++) {
        if (bind_value(statement, (int) i + 1, &request->args[i]) != SQLITE_OK)
            return wb_sqlite_fail(session, err);
    }
    return true;
}

static bool hand_over_row(wb_sqlite_session *session, sqlite3_stmt *statement,
                          const wb_request *request, wb_error *err)
{
    size_t count = (size_t) sqlite3_column_count(statement);
    wb_str few_cells[FEW_COLUMNS];
    const char *few_names[FEW_COLUMNS];
    bool is_few = count <= FEW_COLUMNS;
    wb_str *cells = is_few ? few_cells : wb_calloc(count, sizeof(*cells));
    const char **names = is_few ? few_names : wb_calloc(count, sizeof(*names));
    bool has_room = true;
    for (size_t i = 0; i < count; i++) {
        bool is_null = sqlite3_column_type(statement, (int) i) == SQLITE_NULL;
        const char *text = (const char *) sqlite3_column_text(statement, (int) i);
        cells[i] = wb_str_make(text, (size_t) sqlite3_column_bytes(statement, (int) i));
        names[i] = sqlite3_column_name(statement, (int) i);
        has_room = has_room && (is_null || text != NULL) && names[i] != NULL;
    }
    const wb_row row = {.cells = cells, .names = names, .count = count};
    bool ok = has_room ? request->row(request->arg, &row, err) : wb_sqlite_fail(session, err);
    if (!is_few) {
        free(cells);
        free(names);
    }
    return ok;
}

static bool step_through(wb_sqlite_session *session, sqlite3_stmt *statement,
                         const wb_request *request, wb_error *err)
{
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        if (request->row != NULL && !hand_over_row(session, statement, request, err))
            return false;
    }
    return rc == SQLITE_DONE || wb_sqlite_fail(session, err);
}

static uint64_t rows_changed(sqlite3 *db, int64_t total_before)
{
#if SQLITE_VERSION_NUMBER >= 3037000
    return sqlite3_total_changes64(db) != total_before ? (uint64_t) sqlite3_changes64(db) : 0;
#else
    return sqlite3_total_changes(db) != total_before ? (uint64_t) sqlite3_changes(db) : 0;
#endif
}

static int64_t total_changes(sqlite3 *db)
{
#if SQLITE_VERSION_NUMBER >= 3037000
    return sqlite3_total_changes64(db);
#else
    return sqlite3_total_changes(db);
#endif
}

static bool run_statement(wb_sqlite_session *session, const wb_request *request,
                          uint64_t *ret_affected, wb_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool is_kept = false;
    session->base.error_offset = SIZE_MAX;
    if (!find_statement(session, request, &statement, &is_kept, err))
        return false;
    if (statement == NULL) /* only a comment */
        return true;
    int64_t before = total_changes(session->db);
    bool ok = bind_values(session, statement, request, err) &&
              step_through(session, statement, request, err);
    if (ok)
        *ret_affected = rows_changed(session->db, before);
    if (is_kept) {
        (void) sqlite3_reset(statement);
        (void) sqlite3_clear_bindings(statement);
    } else {
        (void) sqlite3_finalize(statement);
    }
    return ok;
}

bool wb_sqlite_run(wb_session *session, const wb_request *request, wb_error *err)
{
    wb_answer answer = {.error_offset = SIZE_MAX};
    bool ok = run_statement(wb_sqlite_of(session), request, &answer.rows_affected, err);
    if (!ok) {
        answer.error = err;
        answer.error_offset = session->error_offset;
    }
    if (request->answer != NULL)
        request->answer(request->arg, &answer);
    return ok;
}

bool wb_sqlite_check(wb_session *base, wb_str sql, wb_error *err)
{
    wb_sqlite_session *session = wb_sqlite_of(base);
    sqlite3_stmt *statement = NULL;
    base->error_offset = SIZE_MAX;
    if (!prepare_text(session, &(wb_request){.sql = sql}, &statement, err))
        return false;
    (void) sqlite3_finalize(statement);
    return true;
}
