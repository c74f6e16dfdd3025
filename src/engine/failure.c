/* After a failure: end the transaction without losing the steps before, journal what is known
 * about the failed step, and tell the user where and what. */
#include "base/utf8.h"
#include "engine/cluster_lock.h"
#include "engine/run_state.h"
#include "engine/runner_lock.h"

#include <stdio.h>

/* ---- ending the transaction ---- */

/* SQLite: undoes the failed step only, and commits those that share its transaction. */
static bool keep_group(wb_run *run)
{
    wb_error ignored;
    wb_session *session = run->context->session;
    bool kept = !run->scripts[run->sending].is_split && run->sending > run->completed &&
                wb_session_rollback_to(session, "whimbrel_step", &ignored) &&
                wb_session_release(session, "whimbrel_step", &ignored) &&
                wb_session_commit(session, &ignored);
    if (kept) {
        run->ledger->exists = true;
        run->is_recorded = true;
        wb_run_tell_committed(run, run->sending);
    }
    return kept;
}

static bool keep_intents(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    *(int64_t *) arg = wb_row_int(row, 0);
    return true;
}

static void add_step_row(wb_run *run, const char *event, unsigned number, const char *hash)
{
    wb_journal_row row = {.event = event,
                          .revision = run->scripts[run->sending].revision->id,
                          .direction = run->plan->down ? "down" : "up",
                          .statement = number,
                          .checksum = hash};
    wb_journal_add(run->ledger, run->id, &row, &run->journal);
}

/* MariaDB: what a program, or a list of objects that is dropped one by one, had committed before it
 * failed, was committed together with its intent. */
static bool is_intent_committed(const wb_run *run)
{
    wb_error ignored;
    int64_t count = 0;
    WB_AUTO_BUF(sql, 0);
    const wb_dialect *dialect = run->context->dialect;
    wb_buf_printf(&sql,
                  "SELECT count(*) FROM %s WHERE event = 'intent' AND statement = %u AND run = ",
                  run->ledger->journal, run->failed.number);
    wb_sql_literal(&sql, dialect, wb_str_from(run->id));
    wb_buf_puts(&sql, " AND revision = ");
    wb_sql_literal(&sql, dialect, wb_str_from(run->scripts[run->sending].revision->id));
    bool ok = wb_session_query(run->context->session, wb_buf_str(&sql), NULL, 0, keep_intents,
                               &count, &ignored);
    return !ok || count > 0;
}

/* PostgreSQL: an index whose build failed stays behind invalid, a detaching may be half done. What
 * can be put right within a moment is; otherwise the journal keeps the statement in doubt, and the
 * next run does it. Returns whether it is still in doubt. */
static bool repair_failed(wb_run *run, bool *ret_done)
{
    wb_error ignored;
    wb_verification found = {0};
    const wb_statement statement = {
        .text = wb_buf_str(&run->alone_text), .at = run->failed.at, .number = run->failed.number};
    const wb_doubt doubt = {.ledger = run->ledger,
                            .options = run->options,
                            .script = &run->scripts[run->sending],
                            .statement = &statement,
                            .arena = run->arena};
    if (!wb_session_exec(run->context->session, WB_STR("SET statement_timeout = '2s'"), &ignored))
        return true;
    run->changed_settings = true;
    if (!wb_verify_statement(&doubt, &found, &ignored) || found.verdict == WB_VERDICT_OPEN ||
        !wb_run_repair(run, &found, &ignored))
        return true;
    *ret_done = found.verdict == WB_VERDICT_DONE && found.repairs.count > 0;
    return false;
}

/* What is known about the statements of a failed step that is not one transaction. The transaction
 * has been rolled back, unless it was MariaDB's DDL that failed, before which all is committed. */
static void add_what_is_done(wb_run *run)
{
    bool is_mariadb = run->context->dialect->id == WB_MARIADB;
    const wb_sent *failed = &run->failed;
    bool is_alone = run->has_failed && failed->is_alone;
    bool is_done = false;
    if (is_alone && failed->may_be_half)
        run->is_in_doubt = is_mariadb ? is_intent_committed(run) : repair_failed(run, &is_done);
    if (run->is_in_doubt)
        return;
    bool is_behind = is_alone && !(is_mariadb && failed->may_be_half);
    if (is_behind)
        add_step_row(run, is_done ? "done" : "undone", failed->number,
                     is_done ? failed->after : failed->before);
    else if (run->alone_done != 0)
        add_step_row(run, "done", run->alone_done, run->alone_hash);
}

static bool write_rows(wb_run *run)
{
    wb_error ignored;
    bool ok = run->journal.len == 0 ||
              (wb_cluster_submit_fence(run->context, &ignored) &&
               wb_session_exec(run->context->session, wb_buf_str(&run->journal), &ignored));
    wb_buf_reset(&run->journal);
    return wb_session_commit(run->context->session, &ignored) && ok;
}

/* The step that failed. What is being queued is often further than what is answered. */
static uint32_t failed_step(const wb_run *run)
{
    if (!run->has_failed)
        return run->sending;
    switch (run->failed.kind) {
    case WB_SENT_STATEMENT:
    case WB_SENT_LEDGER:
    case WB_SENT_TABLES:
        return run->failed.step;
    case WB_SENT_COMMIT:
        return run->failed.step > 0 ? run->failed.step - 1 : 0;
    case WB_SENT_PART:
    case WB_SENT_LOCK:
    case WB_SENT_GUARD:
    case WB_SENT_FENCE:
    case WB_SENT_OTHER:
        break;
    }
    return run->completed < run->sending ? run->completed : run->sending;
}

void wb_run_settle(wb_run *run)
{
    wb_error ignored;
    wb_session *session = run->context->session;
    bool failed_alone = run->has_failed && run->failed.is_alone;
    run->sent.count = 0;
    run->is_in_doubt = false;
    run->sending = failed_step(run);
    wb_buf_reset(&run->journal);
    if (session->lost) { /* what it had, and what its journal says, is found out anew */
        run->alone_done = 0;
        run->changed_settings = false;
        return;
    }
    wb_session_uncancel(session); /* the caller's wish is kept in the context */
    bool is_sqlite = run->context->dialect->id == WB_SQLITE;
    bool kept =
        is_sqlite && run->layout == WB_LAYOUT_GROUP && run->in_transaction && keep_group(run);
    /* MariaDB: rows and their intent before a failed DDL may still be uncommitted; they happened.
     */
    bool commits =
        run->context->dialect->id == WB_MARIADB && failed_alone && !run->failed.may_be_half;
    if (!kept && !commits)
        (void) wb_session_rollback(session, &ignored);
    run->in_transaction = false;
    run->user_transaction = false;
    if (run->scripts[run->sending].is_split) {
        add_what_is_done(run);
        (void) write_rows(run);
    }
    run->alone_done = 0;
    if (run->changed_settings) {
        run->changed_settings = false;
        (void) (wb_settings_submit(run, true, &ignored) && wb_run_collect(run, &ignored));
    }
}

/* ---- telling the user ---- */

/* Reads the failed statement from its file again, since only its place was kept, from the
 * beginning of the line on which it begins. */
static bool read_statement(const wb_run *run, wb_buf *text, size_t *ret_begin)
{
    enum { SHOWN_BYTES = 1024 * 1024, LONGEST_CHARACTER = 4 };
    const wb_sent *failed = &run->failed;
    uint64_t before = (uint64_t) LONGEST_CHARACTER * (failed->at.column - 1);
    uint64_t start = failed->at.offset > before ? failed->at.offset - before : 0;
    size_t begin = (size_t) (failed->at.offset - start);
    size_t want = begin + (failed->length < SHOWN_BYTES ? failed->length : SHOWN_BYTES);
    size_t got = 0;
    wb_reader reader;
    wb_error ignored;
    if (!wb_reader_open(&reader, run->scripts[failed->step].revision->path, start, &ignored))
        return false;
    bool ok = wb_reader_read(&reader, wb_buf_reserve(text, want), want, &got, &ignored);
    wb_reader_close(&reader);
    if (!ok || got < begin)
        return false;
    text->len = got;
    size_t line = begin;
    while (line > 0 && text->ptr[line - 1] != '\n')
        line--;
    wb_buf_consume(text, line);
    *ret_begin = begin - line;
    return true;
}

/* Shows the place in the file that the server points at. */
static void show_statement(const wb_run *run, wb_error *err)
{
    const wb_revision *revision = run->scripts[run->failed.step].revision;
    const wb_sent *failed = &run->failed;
    size_t begin = 0;
    WB_AUTO_BUF(text, 0);
    wb_at(err, revision->path, failed->at.line, failed->at.column);
    if (revision->has_variables) /* the text that was sent is not the text of the file */
        return;
    if (!read_statement(run, &text, &begin))
        return;
    bool is_known = run->failed_offset != SIZE_MAX && begin + run->failed_offset <= text.len;
    wb_show(err, wb_buf_str(&text), begin + (is_known ? run->failed_offset : 0), failed->at.line,
            1);
    if (!is_known)
        err->caret = 0;
}

static void explain_what_was_kept(const wb_run *run, wb_error *err)
{
    size_t count = run->plan->steps.count;
    const wb_step_script *script = &run->scripts[run->sending];
    size_t length = strlen(err->detail);
    char *end = err->detail + length;
    size_t room = sizeof(err->detail) - length;
    const char *gap = length > 0 ? " " : "";
    if (run->context->session->lost)
        (void) snprintf(end, room,
                        "%sWhat the server had committed before is recorded in the ledger.", gap);
    else if (run->is_in_doubt)
        (void) snprintf(end, room,
                        "%sThe statement may have taken effect in part: the next run finds out, "
                        "and asks where that cannot be told. %u of %zu revisions are complete.",
                        gap, run->completed, count);
    else if (script->is_split)
        (void) snprintf(end, room,
                        "%sThe revision is not one transaction: what was done before this "
                        "statement is kept and recorded. %u of %zu revisions are complete.",
                        gap, run->completed, count);
    else
        (void) snprintf(end, room,
                        "%sNothing of this revision was kept. %u of %zu revisions are complete.",
                        gap, run->completed, count);
    const char *first = err->status == WB_E_CANCELLED || err->status == WB_E_LOST
                            ? "Run"
                            : "Mend the cause and run";
    if (err->hint[0] == '\0')
        (void) snprintf(err->hint, sizeof(err->hint),
                        "%s `whimbrel %s` again: it continues from there.", first,
                        run->plan->command);
}

void wb_run_explain(const wb_run *run, wb_error *err)
{
    if (run->has_failed && run->failed.kind == WB_SENT_STATEMENT) {
        show_statement(run, err);
        wb_while(err, "running statement %u of revision \"%s\" (%s)", run->failed.number,
                 run->scripts[run->failed.step].revision->id, run->plan->down ? "down" : "up");
    } else if (run->has_failed && run->failed.kind == WB_SENT_TABLES) {
        wb_at(err, run->scripts[run->failed.step].revision->path, 0, 0);
        wb_while(err, "locking the tables of revision \"%s\"",
                 run->scripts[run->failed.step].revision->id);
    } else if (run->has_failed && run->failed.kind == WB_SENT_LEDGER) {
        wb_while(err, "recording revision \"%s\" in the ledger",
                 run->scripts[run->failed.step].revision->id);
    } else if (run->has_failed && run->failed.kind == WB_SENT_COMMIT && run->failed.step > 0) {
        const wb_revision *revision = run->scripts[run->failed.step - 1].revision;
        wb_at(err, revision->path, 0, 0);
        wb_while(err, "committing revision \"%s\"", revision->id);
    }
    bool is_about_a_step = run->has_failed || err->file[0] != '\0' ||
                           err->status == WB_E_CANCELLED || err->status == WB_E_LOST;
    bool says_it_all = err->status == WB_E_UNRESOLVED || err->status == WB_E_CHECKSUM;
    if (!is_about_a_step)
        wb_while(err, "writing to the ledger %s", run->ledger->history);
    else if (!says_it_all)
        explain_what_was_kept(run, err);
}

/* ---- the journal ---- */

bool wb_run_is_clean(const wb_run *run)
{
    for (size_t i = 0; i < run->ledger->open_steps.count; i++) {
        const wb_open_step *open = &run->ledger->open_steps.items[i];
        bool is_ours = false;
        for (uint32_t step = 0; step < run->completed; step++) {
            is_ours = is_ours || (run->scripts[step].direction == open->direction &&
                                  strcmp(run->scripts[step].revision->id, open->revision) == 0);
        }
        if (!is_ours && (open->done != 0 || open->unknown != 0))
            return false;
    }
    return true;
}

void wb_run_record_failure(wb_run *run, const wb_error *err)
{
    wb_error ignored;
    wb_session *session = run->context->session;
    const wb_sent *failed = &run->failed;
    bool is_statement = run->has_failed && failed->kind == WB_SENT_STATEMENT;
    bool is_split = run->scripts[run->sending].is_split;
    wb_journal_row begin = {.event = "begin", .command = run->plan->command};
    wb_journal_row error = {.event = "error",
                            .revision = run->scripts[run->sending].revision->id,
                            .direction = run->plan->down ? "down" : "up",
                            .statement = is_statement ? failed->number : 0,
                            .line = err->line,
                            .sqlstate = err->sqlstate,
                            .message = err->message};
    wb_journal_row end = {.event = "end",
                          .message = is_split || !wb_run_is_clean(run) ? "open" : "clean"};
    bool may_create = run->ledger->exists || !run->ledger->is_pooled; /* not without the lock */
    if (session->lost || !may_create || !wb_session_begin_write(session, &ignored))
        return;
    bool ok = true;
    if (!run->ledger->exists) /* its making was undone together with the failed revision */
        ok = wb_ledger_submit_create(run->ledger, run->id, &ignored);
    if (!run->is_recorded)
        wb_journal_add(run->ledger, run->id, &begin, &run->journal);
    wb_journal_add(run->ledger, run->id, &error, &run->journal);
    wb_journal_add(run->ledger, run->id, &end, &run->journal);
    ok = ok && wb_cluster_submit_fence(run->context, &ignored) &&
         wb_session_exec(session, wb_buf_str(&run->journal), &ignored) &&
         wb_session_commit(session, &ignored);
    wb_buf_reset(&run->journal);
    if (!ok)
        (void) wb_session_rollback(session, &ignored);
}
