/* Sending a packet and taking its results, one for each statement, in order. Rows are streamed:
 * however many there are, only one is in memory. */
#include "driver/mariadb/maria_error.h"
#include "driver/mariadb/maria_session.h"

#include <mariadb/mysqld_error.h>

/* The walk through the results of one packet. */
typedef struct walk {
    size_t entry;      /* whose result is next */
    uint64_t affected; /* by this entry so far */
    bool has_failed;   /* err is filled */
    bool is_answered;  /* the entry that failed knows it */
    bool is_over;      /* nothing more comes from the server */
} walk;

unsigned wb_maria_server_status(const wb_maria_session *session)
{
    unsigned status = 0;
    (void) session->library->get_info(session->handle, MARIADB_CONNECTION_SERVER_STATUS, &status);
    return status;
}

static wb_maria_entry *entry_of(const wb_maria_session *session, const walk *at)
{
    size_t count = session->packet.entries.count;
    return &session->packet.entries.items[at->entry < count ? at->entry : count - 1];
}

/* Sets the offset, and the short form of a syntax error. */
static void locate(wb_maria_session *session, const wb_maria_entry *entry, wb_error *err)
{
    size_t offset =
        wb_maria_error_offset(session->library->error_text(session->handle),
                              wb_buf_str(&session->packet.text), entry->at, entry->length);
    if (offset == SIZE_MAX)
        return;
    session->base.error_offset = wb_maria_packet_sql_offset(&session->packet, entry, offset);
    wb_str text = wb_maria_packet_text(&session->packet, entry);
    if (err->native_code == ER_PARSE_ERROR)
        wb_maria_shorten_syntax_error(err, wb_str_from_offset(text, offset));
}

/* The server's answer to this entry was an error: nothing behind it was run. Where a row function
 * has failed before, that failure counts. */
static void take_error(wb_maria_session *session, walk *at, wb_error *err)
{
    bool is_cancelled = atomic_load(&session->base.cancelled);
    wb_error failure;
    (void) wb_maria_fail(session->library, session->handle,
                         is_cancelled ? WB_MARIA_RUNNING_CANCELLED : WB_MARIA_RUNNING, &failure);
    session->base.lost = session->base.lost || failure.status == WB_E_LOST;
    session->is_status_old = true;
    at->is_over = true;
    if (at->has_failed)
        return;
    at->has_failed = true;
    *err = failure;
    locate(session, entry_of(session, at), err);
}

static void reserve_cells(wb_maria_session *session, size_t count)
{
    if (count <= session->cell_capacity)
        return;
    session->cells = wb_realloc(session->cells, count * sizeof(*session->cells));
    session->names = wb_realloc(session->names, count * sizeof(*session->names));
    session->cell_capacity = count;
}

static void fill_cells(wb_maria_session *session, MYSQL_RES *result, MYSQL_ROW row, size_t count)
{
    const unsigned long *lengths = session->library->fetch_lengths(result);
    for (size_t i = 0; i < count; i++)
        session->cells[i] = wb_str_make(row[i], row[i] != NULL ? lengths[i] : 0);
}

/* Hands out the rows of a result. Once the row function has failed, the rest is read past: the
 * connection can't be used before. */
static void take_rows(wb_maria_session *session, MYSQL_RES *result, walk *at, wb_error *err)
{
    const wb_maria_library *library = session->library;
    const wb_maria_entry *entry = entry_of(session, at);
    size_t count = library->num_fields(result);
    const MYSQL_FIELD *fields = library->fetch_fields(result);
    MYSQL_ROW row;
    reserve_cells(session, count);
    for (size_t i = 0; i < count; i++)
        session->names[i] = fields[i].name;
    const wb_row view = {.cells = session->cells, .names = session->names, .count = count};
    while ((row = library->fetch_row(result)) != NULL) {
        if (entry->row == NULL || at->has_failed || at->entry >= session->packet.entries.count)
            continue;
        fill_cells(session, result, row, count);
        if (!entry->row(entry->arg, &view, err))
            at->has_failed = true;
    }
}

/* One result: rows, or what a statement did. */
static void take_result(wb_maria_session *session, walk *at, wb_error *err)
{
    const wb_maria_library *library = session->library;
    MYSQL_RES *result = library->use_result(session->handle);
    if (result != NULL) {
        take_rows(session, result, at, err);
        bool is_broken = library->error_number(session->handle) != 0;
        if (is_broken)
            take_error(session, at, err);
        library->free_result(result);
        return;
    }
    if (library->field_count(session->handle) != 0) {
        take_error(session, at, err);
        return;
    }
    at->affected += library->affected_rows(session->handle);
}

static void answer(wb_maria_session *session, walk *at, const wb_error *error)
{
    const wb_maria_entry *entry = entry_of(session, at);
    const wb_answer ending = {.rows_affected = error == NULL ? at->affected : 0,
                              .error = error,
                              .error_offset = session->base.error_offset};
    if (entry->answer != NULL)
        entry->answer(entry->arg, &ending);
    at->entry++;
    at->affected = 0;
}

/* Fewer results than statements: the server, or the connection, ended before the end of the
 * message without a word. More: a text was several statements, which has shifted whose result is
 * whose. */
static void check_count(wb_maria_session *session, walk *at, wb_error *err)
{
    size_t count = session->packet.entries.count;
    if (at->has_failed || at->entry == count)
        return;
    at->has_failed = true;
    if (at->entry < count) {
        session->base.lost = true;
        wb_fail(err, WB_E_LOST, "the server answered %zu of %zu statements, and no more", at->entry,
                count);
        return;
    }
    wb_fail(err, WB_E_USAGE, "%zu queued statements gave %zu results", count, at->entry);
    wb_hint(err, "Queue one statement at a time, without a semicolon between two.");
}

/* The results of an entry have all come, or it has failed. */
static void finish_entry(wb_maria_session *session, walk *at, const wb_error *err)
{
    if (!at->has_failed && at->entry < session->packet.entries.count) {
        answer(session, at, NULL);
    } else if (!at->has_failed) {
        at->entry++;
    } else if (!at->is_answered) {
        at->is_answered = true;
        answer(session, at, err);
    }
}

/* Takes results until the server has no more. After a failure on this side the rest is read past
 * without an answer. */
static void take_results(wb_maria_session *session, walk *at, wb_error *err)
{
    bool is_alone = session->packet.entries.count == 1; /* all results are its own */
    int next = 0;                                       /* 0: one more, -1: none, else an error */
    while (next == 0) {
        take_result(session, at, err);
        next = at->is_over ? -1 : session->library->next_result(session->handle);
        if (at->has_failed || !is_alone || next < 0)
            finish_entry(session, at, err);
        if (next > 0) {
            take_error(session, at, err);
            finish_entry(session, at, err);
        }
    }
    check_count(session, at, err);
}

/* Passes on the warnings of the last statement, if it is DDL: for others, asking would change what
 * ROW_COUNT() says to the next. It costs a round trip, so only where somebody listens. */
static void take_warnings(wb_maria_session *session)
{
    static const char show[] = "SHOW WARNINGS";
    const wb_maria_library *library = session->library;
    size_t count = session->packet.entries.count;
    if (session->base.notice == NULL || !session->packet.entries.items[count - 1].traits.is_ddl ||
        library->warning_count(session->handle) == 0)
        return;
    session->base.round_trips++;
    if (library->real_query(session->handle, show, sizeof(show) - 1) != 0)
        return;
    MYSQL_RES *result = library->use_result(session->handle);
    if (result == NULL)
        return;
    MYSQL_ROW row; /* level, code, message */
    while ((row = library->fetch_row(result)) != NULL) {
        if (row[2] != NULL)
            session->base.notice(session->base.notice_arg, row[2]);
    }
    library->free_result(result);
}

static bool run(wb_maria_session *session, wb_error *err)
{
    const wb_str text = wb_buf_str(&session->packet.text);
    walk at = {0};
    session->base.round_trips++;
    session->is_status_old = false;
    if (session->library->real_query(session->handle, text.ptr, (unsigned long) text.len) != 0) {
        take_error(session, &at, err);
        finish_entry(session, &at, err);
    } else {
        take_results(session, &at, err);
    }
    if (!at.has_failed)
        take_warnings(session);
    return !at.has_failed;
}

bool wb_maria_run_packet(wb_maria_session *session, wb_error *err)
{
    bool is_fine = true;
    if (session->packet.entries.count == 0)
        return true;
    session->base.error_offset = SIZE_MAX;
    if (session->is_in_packet)
        return wb_fail(err, WB_E_USAGE, "the session is used by a function that takes its rows");
    if (session->base.lost) {
        is_fine = wb_fail(err, WB_E_LOST, "the connection to the database was lost");
    } else if (!wb_maria_begin_work(session)) {
        is_fine = wb_fail(err, WB_E_CANCELLED, "the work was cancelled");
    } else {
        session->is_in_packet = true;
        is_fine = run(session, err);
        session->is_in_packet = false;
        wb_maria_end_work(session);
    }
    wb_maria_packet_reset(&session->packet);
    return is_fine;
}
