/* Errors of the server and of libpq as errors of Whimbrel. */
#include "base/utf8.h"
#include "driver/postgres/pq_session.h"

#include <stdio.h>
#include <stdlib.h>

/* What a SQLSTATE means, by its first characters; the first row that fits counts. */
static const struct {
    const char *prefix;
    wb_status status;
    const char *hint; /* where the server gives none; may be NULL */
} sqlstates[] = {
    {"57014", WB_E_QUERY,
     "The server stopped the statement: statement_timeout, or somebody else's request."},
    {"55P03", WB_E_LOCK_TIMEOUT, NULL},
    {"40P01", WB_E_SERIALIZATION, NULL},
    {"40001", WB_E_SERIALIZATION, NULL},
    {"42501", WB_E_PERMISSION, NULL},
    {"25006", WB_E_READ_ONLY, NULL},
    {"53100", WB_E_NO_SPACE, NULL},
    {"53300", WB_E_CONNECT, "The server has all the sessions that it allows."},
    {"3D000", WB_E_CONNECT, "Create the database, or correct its name in the URL."},
    {"57P01", WB_E_LOST, NULL},
    {"57P02", WB_E_LOST, NULL},
    {"57P03", WB_E_LOST, NULL},
    {"57P05", WB_E_LOST, NULL}, /* idle_session_timeout */
    {"25P03", WB_E_LOST, NULL}, /* idle_in_transaction_session_timeout */
    {"08", WB_E_LOST, NULL},
    {"23", WB_E_CONSTRAINT, NULL},
    {"44000", WB_E_CONSTRAINT, NULL}, /* WITH CHECK OPTION */
    {"28", WB_E_AUTH, NULL},
};

/* Sets status and hint of an error whose SQLSTATE is set. */
static void classify(wb_error *err)
{
    for (size_t i = 0; i < sizeof(sqlstates) / sizeof(sqlstates[0]); i++) {
        if (!wb_str_has_prefix(wb_str_from(err->sqlstate), wb_str_from(sqlstates[i].prefix)))
            continue;
        err->status = sqlstates[i].status;
        if (err->hint[0] == '\0' && sqlstates[i].hint != NULL)
            wb_hint(err, "%s", sqlstates[i].hint);
        return;
    }
}

/* Detail, internal query and context, one behind the other. */
static void add_details(const wb_pq_library *pq, const PGresult *result, wb_error *err)
{
    static const struct {
        int field;
        const char *before;
        const char *after;
    } parts[] = {
        {PG_DIAG_MESSAGE_DETAIL, "", ""},
        {PG_DIAG_INTERNAL_QUERY, "The statement within was: ", "."},
        {PG_DIAG_CONTEXT, "Where: ", "."},
    };
    WB_AUTO_BUF(detail, sizeof(err->detail));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        const char *text = pq->result_error_field(result, parts[i].field);
        if (text == NULL)
            continue;
        wb_buf_printf(&detail, "%s%s", detail.len > 0 ? " " : "", parts[i].before);
        wb_buf_printf(&detail, "%s%s", text, parts[i].after);
    }
    wb_detail(err, "%s", wb_buf_text(&detail));
}

/* The server counts characters, from 1. */
static size_t place_in(const wb_pq_library *pq, const PGresult *result, const char *sql)
{
    const char *position = pq->result_error_field(result, PG_DIAG_STATEMENT_POSITION);
    uint64_t character = 0;
    if (position == NULL || sql == NULL || !wb_str_to_u64(wb_str_from(position), &character) ||
        character == 0)
        return SIZE_MAX;
    return wb_utf8_offset(wb_str_from(sql), (size_t) character - 1);
}

bool wb_pq_fail_result(wb_pq_session *session, const PGresult *result, const char *sql,
                       size_t *ret_offset, wb_error *err)
{
    const wb_pq_library *pq = session->pq;
    *ret_offset = SIZE_MAX;
    const char *sqlstate = pq->result_error_field(result, PG_DIAG_SQLSTATE);
    if (sqlstate == NULL) /* libpq's own: the server said nothing */
        return wb_pq_fail_lost(session, err);
    const char *message = pq->result_error_field(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *hint = pq->result_error_field(result, PG_DIAG_MESSAGE_HINT);
    wb_fail(err, WB_E_QUERY, "%s", message != NULL ? message : "the server gave no reason");
    (void) snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", sqlstate);
    if (hint != NULL)
        wb_hint(err, "%s", hint);
    add_details(pq, result, err);
    classify(err);
    bool was_asked = atomic_load(&session->base.cancelled);
    if (was_asked && strcmp(sqlstate, "57014") == 0) {
        err->status = WB_E_CANCELLED;
        err->hint[0] = '\0';
    }
    const char *severity = pq->result_error_field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    bool is_end = severity != NULL && strcmp(severity, "ERROR") != 0;
    session->base.lost = session->base.lost || is_end || err->status == WB_E_LOST;
    *ret_offset = place_in(pq, result, sql);
    return false;
}

bool wb_pq_fail_lost(wb_pq_session *session, wb_error *err)
{
    WB_SCRATCH(scratch);
    wb_str rest = wb_str_from(wb_mask_secrets(session->pq->error_message(session->conn), scratch));
    wb_str line = {0};
    if (!wb_str_next_line(&rest, &line) || line.len == 0)
        line = WB_STR("the server closed the connection");
    session->base.lost = true;
    wb_fail(err, WB_E_LOST, "the connection to the database was lost: %.*s", WB_STR_ARG(line));
    return wb_hint(err, "Connect again; what was not committed is undone.");
}

/* Takes "FATAL:  28P01: " from a line of libpq, where the server's severity is followed by its
 * SQLSTATE, and sets the latter. */
static void strip_severity(wb_buf *line, wb_error *err)
{
    enum { STATE = 5 };
    wb_str text = wb_buf_str(line);
    size_t gap = 0;
    if (!wb_str_find(text, WB_STR(":  "), &gap) || text.len < gap + 3 + STATE + 2)
        return;
    const char *state = text.ptr + gap + 3;
    for (size_t i = 0; i < STATE; i++) {
        if (!wb_is_digit(state[i]) && !(state[i] >= 'A' && state[i] <= 'Z'))
            return;
    }
    if (state[STATE] != ':' || state[STATE + 1] != ' ')
        return;
    memcpy(err->sqlstate, state, STATE);
    size_t end = gap + 3 + STATE + 2;
    size_t start = gap;
    while (start > 0 && text.ptr[start - 1] != ' ')
        start--;
    memmove(line->ptr + start, line->ptr + end, line->len - end + 1);
    line->len -= end - start;
}

bool wb_pq_fail_connect(const wb_pq_library *pq, const PGconn *conn, wb_error *err)
{
    WB_SCRATCH(scratch);
    wb_str rest = wb_str_from(wb_mask_secrets(pq->error_message(conn), scratch));
    wb_fail(err, WB_E_CONNECT, "the database cannot be reached");
    WB_AUTO_BUF(detail, sizeof(err->detail));
    WB_AUTO_BUF(text, 0);
    wb_str line = {0};
    bool is_first = true;
    while (wb_str_next_line(&rest, &line)) {
        line = wb_str_trim(line);
        if (line.len == 0 || wb_str_has_prefix(line, WB_STR("LOCATION:")))
            continue;
        wb_buf_reset(&text);
        wb_buf_add_str(&text, line);
        strip_severity(&text, err);
        if (is_first)
            (void) snprintf(err->message, sizeof(err->message), "%s", wb_buf_text(&text));
        else
            wb_buf_printf(&detail, "%s%s", detail.len > 0 ? " " : "", wb_buf_text(&text));
        is_first = false;
    }
    wb_detail(err, "%s", wb_buf_text(&detail));
    classify(err);
    if (pq->connection_needs_password(conn) != 0) {
        err->status = WB_E_AUTH;
        wb_hint(err, "Give the password in the URL, in PGPASSWORD or in ~/.pgpass.");
    } else if (err->status != WB_E_AUTH) {
        err->status = WB_E_CONNECT; /* 57P03 and the like: there was nothing to lose yet */
    }
    return false;
}
