/* Answers: matching each to what was sent, in order.
 *
 * Inside a pipeline libpq gives, for each statement, its results and then a NULL; once one has
 * failed, PIPELINE_ABORTED for each of those behind it; and PIPELINE_SYNC for the sync. Outside it
 * gives the results of the one statement and a NULL. */
#include "base/clock.h"
#include "driver/postgres/pq_session.h"

#include <stdlib.h>

enum { FEW_FIELDS = 32, DRAIN_PATIENCE_US = 1000000 };

wb_pq_pending *wb_pq_pending_add(wb_pq_session *session)
{
    if (session->pending_count == session->pending_capacity) {
        size_t capacity = session->pending_capacity == 0 ? 64 : session->pending_capacity * 2;
        wb_pq_pending *larger = wb_calloc(capacity, sizeof(*larger));
        for (size_t i = 0; i < session->pending_count; i++) {
            size_t from = (session->pending_first + i) % session->pending_capacity;
            larger[i] = session->pending[from];
        }
        free(session->pending);
        session->pending = larger;
        session->pending_capacity = capacity;
        session->pending_first = 0;
    }
    size_t last = (session->pending_first + session->pending_count) % session->pending_capacity;
    session->pending_count++;
    return &session->pending[last];
}

wb_pq_pending *wb_pq_pending_head(const wb_pq_session *session)
{
    return session->pending_count > 0 ? &session->pending[session->pending_first] : NULL;
}

static void drop_head(wb_pq_session *session)
{
    wb_pq_pending *head = wb_pq_pending_head(session);
    session->pending_bytes -= head->bytes;
    free(head->sql);
    session->pending_first = (session->pending_first + 1) % session->pending_capacity;
    session->pending_count--;
}

void wb_pq_pending_clear(wb_pq_session *session)
{
    while (session->pending_count > 0) {
        wb_pq_pending *head = wb_pq_pending_head(session);
        if (head->is_prepare) /* was skipped, or its fate is unknown */
            head->kept->is_prepared = false;
        drop_head(session);
    }
}

/* Calls the callback of the oldest with how it ended, and forgets it. */
static void answer_head(wb_pq_session *session, const wb_error *error)
{
    const wb_pq_pending *head = wb_pq_pending_head(session);
    bool is_due = head->answer != NULL && (error != NULL || !head->is_prepare);
    const wb_answer answer = {
        .rows_affected = head->rows_affected,
        .error = error,
        .error_offset = error != NULL ? session->failure_offset : SIZE_MAX,
    };
    if (is_due)
        head->answer(head->arg, &answer);
    drop_head(session);
}

void wb_pq_fail_head(wb_pq_session *session, size_t offset)
{
    wb_pq_pending *head = wb_pq_pending_head(session);
    session->has_failed = true;
    session->failure_offset = offset;
    if (head == NULL)
        return;
    if (head->is_prepare)
        head->kept->is_prepared = false;
    /* The server forgot a prepared statement, or its result has another shape by now. */
    const char *sqlstate = session->failure.sqlstate;
    if (head->kept != NULL && (strcmp(sqlstate, "26000") == 0 || strcmp(sqlstate, "0A000") == 0))
        session->generation++;
    answer_head(session, &session->failure);
}

static bool hand_over(wb_pq_session *session, const PGresult *result, int row_index)
{
    const wb_pq_library *pq = session->pq;
    const wb_pq_pending *head = wb_pq_pending_head(session);
    size_t count = (size_t) pq->nfields(result);
    wb_str few_cells[FEW_FIELDS];
    const char *few_names[FEW_FIELDS];
    bool is_few = count <= FEW_FIELDS;
    wb_str *cells = is_few ? few_cells : wb_calloc(count, sizeof(*cells));
    const char **names = is_few ? few_names : wb_calloc(count, sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        int column = (int) i;
        bool is_null = pq->get_is_null(result, row_index, column) != 0;
        cells[i] = wb_str_make(is_null ? NULL : pq->get_value(result, row_index, column),
                               (size_t) pq->get_length(result, row_index, column));
        names[i] = pq->fname(result, column);
    }
    const wb_row row = {.cells = cells, .names = names, .count = count};
    bool ok = head->row(head->arg, &row, &session->failure);
    if (!is_few) {
        free(cells);
        free(names);
    }
    return ok;
}

static void pq_take_rows(wb_pq_session *session, const PGresult *result)
{
    if (wb_pq_pending_head(session)->row == NULL)
        return;
    int count = session->pq->ntuples(result);
    for (int i = 0; i < count; i++) {
        if (!hand_over(session, result, i)) {
            wb_pq_fail_head(session, SIZE_MAX);
            return;
        }
    }
}

/* Rows changed; what only read says how many rows it gave, which is not that. */
static uint64_t rows_of(const wb_pq_library *pq, PGresult *result)
{
    wb_str tag = wb_str_from(pq->cmd_status(result));
    bool only_read =
        wb_str_has_prefix(tag, WB_STR("SELECT")) || wb_str_has_prefix(tag, WB_STR("FETCH")) ||
        wb_str_has_prefix(tag, WB_STR("MOVE")) || wb_str_has_prefix(tag, WB_STR("SHOW"));
    uint64_t rows = 0;
    if (only_read || !wb_str_to_u64(wb_str_from(pq->cmd_tuples(result)), &rows))
        return 0;
    return rows;
}

/* A COPY that came as a plain statement: its data have nowhere to come from or to go to. Never in a
 * pipeline, so waiting here keeps no other answer waiting. */
static bool end_copy(wb_pq_session *session, ExecStatusType status, wb_error *err)
{
    const wb_pq_library *pq = session->pq;
    if (status == PGRES_COPY_IN) {
        const char *fault = "no data were given for COPY ... FROM STDIN";
        return pq->put_copy_end(session->conn, fault) >= 0 || wb_pq_fail_lost(session, err);
    }
    for (;;) {
        char *data = NULL;
        int length = pq->get_copy_data(session->conn, &data, 1);
        pq->freemem(data);
        if (length < 0) /* the end, or a failure, which the next result tells */
            return true;
        if (length == 0 && !wb_pq_wait(session, err))
            return false;
    }
}

static void fail_by_result(wb_pq_session *session, const PGresult *result, const char *sql)
{
    size_t offset = SIZE_MAX;
    wb_pq_fail_result(session, result, sql, &offset, &session->failure);
    wb_pq_fail_head(session, offset);
}

/* Takes one result of the oldest. */
static void pq_take_result(wb_pq_session *session, PGresult *result)
{
    const wb_pq_library *pq = session->pq;
    wb_pq_pending *head = wb_pq_pending_head(session);
    ExecStatusType status = pq->result_status(result);
    switch (status) {
    case PGRES_SINGLE_TUPLE:
        pq_take_rows(session, result);
        break;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        head->rows_affected = rows_of(pq, result);
        if (status == PGRES_TUPLES_OK)
            pq_take_rows(session, result);
        break;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
        if (!end_copy(session, status, &session->failure))
            wb_pq_fail_head(session, SIZE_MAX);
        break;
    case PGRES_EMPTY_QUERY:
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED:
    case PGRES_COPY_BOTH:
    case PGRES_NONFATAL_ERROR:
        break;
    case PGRES_BAD_RESPONSE:
    case PGRES_FATAL_ERROR:
    default:
        fail_by_result(session, result, head->sql);
        break;
    }
}

/* Asks for the rows of the oldest one by one; libpq accepts that only before the first result. */
static void start_head(wb_pq_session *session)
{
    wb_pq_pending *head = wb_pq_pending_head(session);
    if (!head->is_started)
        (void) session->pq->set_single_row_mode(session->conn);
    head->is_started = true;
}

void wb_pq_take_arrived(wb_pq_session *session)
{
    const wb_pq_library *pq = session->pq;
    while (session->pending_count > 0 && !session->has_failed) {
        start_head(session);
        if (pq->is_busy(session->conn) != 0)
            return;
        PGresult *result = pq->get_result(session->conn);
        if (result == NULL)
            answer_head(session, NULL);
        else
            pq_take_result(session, result);
        pq->clear(result);
    }
}

bool wb_pq_take_until(wb_pq_session *session, size_t count, size_t bytes, wb_error *err)
{
    for (;;) {
        wb_pq_take_arrived(session);
        if (session->has_failed)
            return true;
        if (session->pending_count <= count && session->pending_bytes <= bytes)
            return true;
        if (!wb_pq_wait(session, err))
            return false;
    }
}

/* Takes one more result that nobody waits for. Sets whether it was the last of the round. */
static bool drain_result(wb_pq_session *session, bool in_pipeline, bool *ret_is_last, wb_error *err)
{
    const wb_pq_library *pq = session->pq;
    PGresult *result = pq->get_result(session->conn);
    ExecStatusType status = result != NULL ? pq->result_status(result) : PGRES_EMPTY_QUERY;
    *ret_is_last = in_pipeline ? status == PGRES_PIPELINE_SYNC : result == NULL;
    bool ok = true;
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
        ok = end_copy(session, status, err);
    /* Not of a statement but of the sync: a constraint that was put off to the end. */
    bool is_failure = status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
    if (is_failure && !session->has_failed)
        fail_by_result(session, result, NULL);
    pq->clear(result);
    return ok;
}

bool wb_pq_drain(wb_pq_session *session, wb_error *err)
{
    const wb_pq_library *pq = session->pq;
    bool in_pipeline = pq->pipeline_status(session->conn) != PQ_PIPELINE_OFF;
    int64_t patience_end_us = wb_clock_monotonic_us() + DRAIN_PATIENCE_US;
    bool is_last = false;
    while (!is_last) {
        if (session->base.lost || pq->status(session->conn) == CONNECTION_BAD)
            return wb_pq_fail_lost(session, err);
        bool is_here = pq->is_busy(session->conn) == 0;
        if (!(is_here ? drain_result(session, in_pipeline, &is_last, err)
                      : wb_pq_wait(session, err)))
            return false;
        int64_t now_us = wb_clock_monotonic_us();
        if (session->has_failed && !is_last && now_us > patience_end_us) {
            /* A callback stopped a statement that has a lot more to say. */
            patience_end_us = now_us + DRAIN_PATIENCE_US;
            wb_pq_cancel_send(session);
        }
    }
    wb_pq_cancel_settle(session);
    return true;
}
