#include "engine/cluster_lock.h"

#include "base/clock.h"

#include <unistd.h>

enum {
    UNKNOWN_DATABASE = 1049,
    DUPLICATE_KEY = 1062,
    NO_SUCH_TABLE = 1146,
    INTERRUPTED = 1317,
    DEFINITION_CHANGED = 1412
};

wb_cluster_lock *wb_cluster_lock_new(wb_arena *arena)
{
    return WB_NEW(arena, wb_cluster_lock);
}

/* ---- reading ---- */

typedef struct holder_reader {
    wb_arena *arena;
    wb_cluster_holder *holder;
    bool found;
} holder_reader;

static bool take_holder(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    holder_reader *reader = arg;
    *reader->holder = (wb_cluster_holder){
        .token = wb_row_int(row, 0),
        .beat = wb_row_int(row, 1),
        .text = wb_row_is_null(row, 2) ? NULL : wb_arena_strdup(reader->arena, wb_row_text(row, 2)),
        .held_us = wb_row_is_null(row, 3) ? -1 : wb_row_int(row, 3),
        .beat_age_us = wb_row_is_null(row, 4) ? -1 : wb_row_int(row, 4)};
    reader->found = true;
    return true;
}

static bool lacks_table(const wb_error *err)
{
    return err->native_code == NO_SUCH_TABLE || err->native_code == UNKNOWN_DATABASE;
}

/* Reads the row, as it is after all that is committed anywhere in the cluster so far. */
static bool read_row(const wb_ledger *ledger, wb_arena *arena, wb_cluster_holder *ret_holder,
                     bool *ret_found, wb_error *err)
{
    wb_session *session = ledger->context->session;
    holder_reader reader = {.arena = arena, .holder = ret_holder};
    wb_request see = {
        .sql = wb_str_from(ledger->texts[WB_Q_LOCK_SEE]), .row = take_holder, .arg = &reader};
    bool ok = wb_session_submit_sql(
                  session, WB_STR("SET @whimbrel_sync_wait = @@session.wsrep_sync_wait"), err) &&
              wb_session_submit_sql(session, WB_STR("SET SESSION wsrep_sync_wait = 1"), err) &&
              wb_session_submit(session, &see, err) && wb_session_collect(session, err);
    wb_str reset = WB_STR("SET SESSION wsrep_sync_wait = @whimbrel_sync_wait");
    wb_error ignored;
    *ret_found = reader.found;
    if (ok)
        return wb_session_exec(session, reset, err);
    (void) wb_session_exec(session, reset, &ignored);
    return false;
}

bool wb_cluster_read_holder(const wb_ledger *ledger, wb_arena *arena, wb_cluster_holder *ret_holder,
                            wb_error *err)
{
    bool found = false;
    wb_cluster_holder holder = {.held_us = -1, .beat_age_us = -1};
    if (!read_row(ledger, arena, &holder, &found, err) && !lacks_table(err))
        return wb_while(err, "reading the lock %s", ledger->lock);
    *ret_holder = holder;
    return true;
}

/* ---- taking ---- */

static bool make_table(const wb_ledger *ledger, wb_error *err)
{
    wb_session *session = ledger->context->session;
    WB_AUTO_BUF(schema, 0);
    wb_buf_puts(&schema, "CREATE DATABASE IF NOT EXISTS ");
    if (ledger->schema == NULL) {
        wb_fail(err, WB_E_LEDGER, "there is no schema for the ledger: the URL names no database");
        return wb_hint(err, "Name one in the URL or set ledger.schema in whimbrel.yaml.");
    }
    wb_sql_identifier(&schema, session->dialect, wb_str_from(ledger->schema));
    return (ledger->schema_exists || wb_session_exec(session, wb_buf_str(&schema), err)) &&
           wb_session_exec(session, wb_str_from(ledger->texts[WB_Q_LOCK_TABLE]), err) &&
           wb_session_exec(session, wb_str_from(ledger->texts[WB_Q_LOCK_ROWS]), err);
}

/* Failures that say no more than "not now": the cluster refused a commit in favour of another, was
 * kept from answering by a long DDL, or another runner was making the table at that moment. */
static bool may_pass(const wb_error *err)
{
    bool is_interrupted = err->native_code == INTERRUPTED && err->status != WB_E_CANCELLED;
    return err->status == WB_E_SERIALIZATION || err->status == WB_E_LOCK_TIMEOUT ||
           err->native_code == DEFINITION_CHANGED || is_interrupted;
}

static void keep_count(void *arg, const wb_answer *answer)
{
    if (answer->error == NULL)
        *(uint64_t *) arg = answer->rows_affected;
}

/* "alice@ci-7, process 4711". */
static const char *own_name(const wb_context *context, wb_arena *arena)
{
    enum { LONGEST = 200 };
    const char *name =
        wb_arena_printf(arena, "%s@%s", context->who != NULL ? context->who : "somebody",
                        context->host != NULL ? context->host : "somewhere");
    return wb_arena_printf(arena, "%.*s, process %ld", LONGEST, name, (long) getpid());
}

/* Writes the row, unless it has changed since it was read. */
static bool write_row(const wb_ledger *ledger, const wb_cluster_holder *seen, wb_arena *arena,
                      bool *ret_taken, wb_error *err)
{
    const wb_context *context = ledger->context;
    wb_session *session = context->session;
    uint64_t rows = 0;
    wb_value args[] = {wb_value_text(own_name(context, arena)),
                       wb_value_int((int64_t) session->backend_id), wb_value_text(context->command),
                       wb_value_int(seen->token), wb_value_int(seen->beat)};
    wb_request take = {.sql = wb_str_from(ledger->texts[WB_Q_LOCK_TAKE]),
                       .args = args,
                       .arg_count = sizeof(args) / sizeof(args[0]),
                       .answer = keep_count,
                       .arg = &rows};
    enum { BOTH_ROWS = 2 };
    wb_error ignored;
    bool ok = wb_session_begin(session, err) && wb_session_submit(session, &take, err) &&
              wb_session_collect(session, err);
    if (ok && rows == BOTH_ROWS)
        ok = wb_session_commit(session, err);
    *ret_taken = ok && rows == BOTH_ROWS;
    if (!*ret_taken && !session->lost)
        (void) wb_session_rollback(session, &ignored);
    return ok || may_pass(err);
}

static const char *with_token(const wb_ledger *ledger, wb_ledger_query query, int64_t token)
{
    WB_AUTO_BUF(sql, 0);
    for (const char *at = ledger->texts[query]; *at != '\0'; at++) {
        if (*at == '?')
            wb_buf_printf(&sql, "%lld", (long long) token);
        else
            wb_buf_putc(&sql, *at);
    }
    return wb_str_dup(ledger->context->arena, wb_buf_str(&sql));
}

static bool begin_holding(const wb_ledger *ledger, const wb_cluster_holder *seen, wb_error *err)
{
    const wb_context *context = ledger->context;
    wb_cluster_lock *lock = context->cluster;
    int64_t token = seen->token + 1;
    lock->fence = with_token(ledger, WB_Q_LOCK_FENCE, token);
    lock->beat = with_token(ledger, WB_Q_LOCK_BEAT, token);
    lock->release = with_token(ledger, WB_Q_LOCK_RELEASE, token);
    lock->is_held = true;
    atomic_store(&lock->is_lost, false);
    if (seen->text != NULL)
        wb_context_warn(context,
                        "took the migration lock over: its holder has given no sign for %d s (%s)",
                        WB_BEAT_TTL_MS / 1000, seen->text);
    return wb_cluster_beat_start(lock, err);
}

static const char *row_text(const wb_cluster_holder *holder, wb_arena *arena)
{
    return wb_arena_printf(arena, "%s (held for %lld s, last heartbeat %lld s ago)", holder->text,
                           (long long) (holder->held_us / 1000000),
                           (long long) (holder->beat_age_us / 1000000));
}

/* Looks at the row. *ret_free: it may be taken as it was seen. */
static bool look_at_row(const wb_ledger *ledger, wb_arena *arena, wb_cluster_holder *ret_seen,
                        bool *ret_free, wb_error *err)
{
    wb_beat_watch *watch = &ledger->context->cluster->watch;
    bool found = false;
    int64_t asked_us = wb_clock_monotonic_us();
    *ret_free = false;
    if (!read_row(ledger, arena, ret_seen, &found, err)) {
        wb_beat_watch_lose(watch);
        if (lacks_table(err))
            return make_table(ledger, err) || may_pass(err);
        ret_seen->text = "the cluster gives no answer";
        return may_pass(err);
    }
    if (!found) { /* the table's making was cut off */
        wb_str rows = wb_str_from(ledger->texts[WB_Q_LOCK_ROWS]);
        return wb_session_exec(ledger->context->session, rows, err) || may_pass(err);
    }
    bool is_dead = wb_beat_watch_see(watch, ret_seen->token, ret_seen->beat, asked_us,
                                     wb_clock_monotonic_us());
    *ret_free = ret_seen->text == NULL || is_dead;
    return true;
}

bool wb_cluster_try_lock(const wb_ledger *ledger, wb_arena *arena, bool *ret_taken,
                         const char **ret_holder, wb_error *err)
{
    wb_cluster_lock *lock = ledger->context->cluster;
    wb_cluster_holder seen = {.held_us = -1, .beat_age_us = -1};
    bool is_free = false;
    *ret_taken = lock->is_held;
    if (lock->is_held) {
        bool is_lost = atomic_load(&lock->is_lost);
        wb_cluster_explain_loss(ledger->context, err);
        return !is_lost;
    }
    lock->context = ledger->context;
    if (!wb_cluster_beat_connect(lock, err) || !look_at_row(ledger, arena, &seen, &is_free, err))
        return false;
    if (is_free && !write_row(ledger, &seen, arena, ret_taken, err))
        return false;
    if (*ret_taken)
        return begin_holding(ledger, &seen, err);
    *ret_holder = seen.text != NULL && seen.held_us >= 0 ? row_text(&seen, arena) : seen.text;
    return true;
}

/* ---- giving back ---- */

static void release(wb_cluster_lock *lock)
{
    enum { TRIES = 3 };
    wb_error err;
    for (int i = 0; i < TRIES; i++) {
        if (wb_cluster_beat_connect(lock, &err) &&
            wb_session_exec(lock->session, wb_str_from(lock->release), &err))
            return;
    }
    wb_context_warn(lock->context,
                    "the migration lock could not be given back: the next runner waits %d s (%s)",
                    WB_BEAT_TTL_MS / 1000, err.message);
}

void wb_cluster_lock_end(const wb_context *context)
{
    wb_cluster_lock *lock = context->cluster;
    if (lock == NULL || lock->context == NULL)
        return;
    wb_cluster_beat_stop(lock);
    if (lock->is_held && !atomic_load(&lock->is_lost))
        release(lock);
    lock->is_held = false;
    lock->fence = NULL;
    wb_session_close(lock->session);
    lock->session = NULL;
    lock->context = NULL;
}

/* ---- the fence ---- */

const char *wb_cluster_fence(const wb_context *context)
{
    return context->cluster != NULL ? context->cluster->fence : NULL;
}

void wb_cluster_note_refusal(wb_cluster_lock *lock, const wb_error *error)
{
    if (error->native_code == DUPLICATE_KEY)
        atomic_store(&lock->is_lost, true);
}

static void take_answer(void *arg, const wb_answer *answer)
{
    if (answer->error != NULL)
        wb_cluster_note_refusal(arg, answer->error);
}

bool wb_cluster_submit_fence(const wb_context *context, wb_error *err)
{
    const char *fence = wb_cluster_fence(context);
    if (fence == NULL)
        return true;
    wb_request request = {
        .sql = wb_str_from(fence), .answer = take_answer, .arg = context->cluster};
    return wb_session_submit(context->session, &request, err);
}

void wb_cluster_explain_loss(const wb_context *context, wb_error *err)
{
    const wb_cluster_lock *lock = context->cluster;
    if (lock == NULL || !lock->is_held || !atomic_load(&lock->is_lost))
        return;
    wb_fail(err, WB_E_LOCK, "the migration lock was lost to another runner");
    wb_detail(err,
              "No heartbeat of this run reached the cluster for %d s, so another took over. "
              "Nothing was written to the ledger since.",
              WB_BEAT_TTL_MS / 1000);
    wb_hint(err,
            "See `whimbrel locks` and `whimbrel status`; run `whimbrel %s` again once the "
            "other has ended: it continues from there.",
            context->command);
}
