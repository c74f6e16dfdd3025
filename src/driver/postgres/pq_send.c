/* From a request to what goes over the wire. */
#include "driver/postgres/pq_session.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_ARGS = 65535, FEW_ARGS = 32, MOST_INT_TEXT = 24 };

static bool fail_unsent(const char *sqlstate, const char *message, wb_error *err)
{
    wb_fail(err, WB_E_QUERY, "%s", message);
    (void) snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", sqlstate);
    return false;
}

/* libpq takes zero-terminated text, and would cut what holds a zero byte without a word. */
static bool check_request(const wb_request *request, wb_error *err)
{
    size_t zero = 0;
    if (wb_str_find_byte(request->sql, '\0', &zero))
        return fail_unsent("22021", "the statement holds a zero byte", err);
    if (request->arg_count > MOST_ARGS)
        return fail_unsent("54023", "a statement can have at most 65535 values", err);
    for (size_t i = 0; i < request->arg_count; i++) {
        const wb_value *value = &request->args[i];
        if (value->kind == WB_TEXT && value->text.ptr != NULL &&
            wb_str_find_byte(value->text, '\0', &zero))
            return fail_unsent("22021", "a value holds a zero byte, which PostgreSQL cannot store",
                               err);
    }
    return true;
}

/* Puts the texts of all values, terminated, into `session->values`, and points `ret_values` at
 * them: first as offsets, since the buffer moves while it grows. */
static void render_values(wb_pq_session *session, const wb_request *request,
                          const char **ret_values)
{
    wb_buf *texts = &session->values;
    wb_buf_reset(texts);
    for (size_t i = 0; i < request->arg_count; i++) {
        const wb_value *value = &request->args[i];
        if (value->kind == WB_INT)
            wb_buf_printf(texts, "%lld", (long long) value->number);
        else if (value->kind == WB_TEXT && value->text.len > 0)
            wb_buf_add_str(texts, value->text);
        wb_buf_putc(texts, '\0');
    }
    const char *next = wb_buf_text(texts);
    for (size_t i = 0; i < request->arg_count; i++) {
        bool is_null = request->args[i].kind == WB_NULL;
        ret_values[i] = is_null ? NULL : next;
        next += strlen(next) + 1;
    }
}

static wb_pq_kept *find_kept(wb_pq_session *session, wb_str sql)
{
    wb_pq_kept *kept = wb_map_get(session->kept, sql);
    if (kept == NULL) {
        kept = WB_NEW(session->arena, wb_pq_kept);
        (void) wb_map_set(session->kept, sql, kept);
    }
    if (!kept->is_prepared || kept->generation != session->generation) {
        kept->is_prepared = false;
        kept->generation = session->generation;
        (void) snprintf(kept->name, sizeof(kept->name), "whimbrel_%s_%u", session->kept_prefix,
                        ++session->kept_count);
    }
    return kept;
}

static wb_pq_pending *add_pending(wb_pq_session *session, const wb_request *request)
{
    wb_pq_pending *pending = wb_pq_pending_add(session);
    char *sql = wb_alloc(request->sql.len + 1);
    if (request->sql.len > 0)
        memcpy(sql, request->sql.ptr, request->sql.len);
    sql[request->sql.len] = '\0';
    *pending = (wb_pq_pending){
        .sql = sql,
        .row = request->row,
        .answer = request->answer,
        .arg = request->arg,
        .bytes = request->sql.len,
    };
    return pending;
}

/* Sends the preparation of a text, where that has not been done yet. */
static int send_prepare(wb_pq_session *session, const wb_request *request, wb_pq_kept *kept)
{
    if (kept->is_prepared)
        return 1;
    wb_pq_pending *prepare = add_pending(session, request);
    prepare->kept = kept;
    prepare->is_prepare = true;
    session->pending_bytes += prepare->bytes;
    kept->is_prepared = true;
    return session->pq->send_prepare(session->conn, kept->name, prepare->sql, 0, NULL);
}

static int send_values(wb_pq_session *session, const wb_request *request, bool keep,
                       const char *const *values)
{
    const wb_pq_library *pq = session->pq;
    int count = (int) request->arg_count;
    wb_pq_kept *kept = keep ? find_kept(session, request->sql) : NULL;
    if (keep && send_prepare(session, request, kept) == 0)
        return 0;
    wb_pq_pending *pending = add_pending(session, request);
    pending->kept = kept;
    pending->bytes += session->values.len;
    session->pending_bytes += pending->bytes;
    if (keep)
        return pq->send_query_prepared(session->conn, kept->name, count, values, NULL, NULL, 0);
    return pq->send_query_params(session->conn, pending->sql, count, NULL, values, NULL, NULL, 0);
}

/* COMMIT in a failed transaction rolls back and calls that a success; here it is a failure. What
 * the transaction's state is, is only known as long as nothing is pending, but behind something
 * pending that fails no COMMIT is run anyway. */
static bool refuse_commit(wb_pq_session *session, wb_str first_word, wb_error *err)
{
    if (session->pending_count > 0 ||
        session->pq->transaction_status(session->conn) != PQTRANS_INERROR)
        return true;
    bool commits = wb_str_is_nocase(first_word, "commit") || wb_str_is_nocase(first_word, "end") ||
                   wb_str_is_nocase(first_word, "prepare");
    if (!commits)
        return true;
    fail_unsent("25P02", "the transaction has failed, so it cannot be committed", err);
    return wb_hint(err, "Roll it back.");
}

bool wb_pq_send(wb_pq_session *session, const wb_request *request, bool in_pipeline, wb_error *err)
{
    wb_str word = wb_pq_first_word(request->sql);
    if (!check_request(request, err) || !refuse_commit(session, word, err))
        return false;
    if (wb_str_is_nocase(word, "discard") || wb_str_is_nocase(word, "deallocate"))
        session->generation++;
    const char *few[FEW_ARGS];
    const char **values = few;
    if (request->arg_count > FEW_ARGS)
        values = wb_calloc(request->arg_count, sizeof(*values));
    render_values(session, request, values);
    /* Outside a pipeline the preparation would be a round trip of its own. An adopted connection
     * is not filled with statements that its owner does not know. */
    bool keep = request->keep && in_pipeline && session->is_owned && !session->base.is_pooled;
    int sent = send_values(session, request, keep, values);
    if (values != few)
        free(values);
    session->has_sent = true;
    return sent != 0 || wb_pq_fail_lost(session, err);
}

/* Skips one comment at the start of the text; false where there is none. */
static bool skip_comment(wb_str *text)
{
    size_t end = text->len;
    if (wb_str_has_prefix(*text, WB_STR("--"))) {
        (void) wb_str_find_byte(*text, '\n', &end);
        *text = wb_str_from_offset(*text, end);
        return true;
    }
    if (!wb_str_has_prefix(*text, WB_STR("/*")))
        return false;
    size_t depth = 0; /* PostgreSQL's comments nest */
    for (size_t i = 0; i + 1 < text->len; i++) {
        bool opens = text->ptr[i] == '/' && text->ptr[i + 1] == '*';
        bool closes = text->ptr[i] == '*' && text->ptr[i + 1] == '/';
        if (!opens && !closes)
            continue;
        depth = opens ? depth + 1 : depth - 1;
        i++;
        if (depth == 0) {
            end = i + 1;
            break;
        }
    }
    *text = wb_str_from_offset(*text, end);
    return true;
}

wb_str wb_pq_first_word(wb_str sql)
{
    wb_str text = sql;
    do {
        while (text.len > 0 && wb_is_space(text.ptr[0]))
            text = wb_str_from_offset(text, 1);
    } while (skip_comment(&text));
    size_t length = 0;
    while (length < text.len && wb_is_alpha(text.ptr[length]))
        length++;
    return wb_str_sub(text, 0, length);
}
