/* One step: its statements inside and outside of transactions, and its row in the ledger. */
#include "base/clock.h"
#include "engine/run_state.h"
#include "engine/runner_lock.h"

#define SAVEPOINT "whimbrel_step"

static const wb_sent other = {.kind = WB_SENT_OTHER};

static bool submit_other(wb_run *run, const char *sql, wb_error *err)
{
    return wb_run_submit(run, wb_str_from(sql), &other, err);
}

static const char *direction_name(const wb_run *run)
{
    return run->plan->down ? "down" : "up";
}

static bool is_mariadb(const wb_run *run)
{
    return run->context->dialect->id == WB_MARIADB;
}

/* ---- transactions ---- */

/* PostgreSQL: a section's own lock_timeout holds for its transaction only. */
static bool submit_lock_timeout(wb_run *run, wb_error *err)
{
    int64_t timeout_ms = run->scripts[run->sending].section->lock_timeout_ms;
    if (timeout_ms < 0 || run->context->dialect->id != WB_POSTGRES)
        return true;
    char sql[64];
    (void) snprintf(sql, sizeof(sql), "SET LOCAL lock_timeout = %lld", (long long) timeout_ms);
    return submit_other(run, sql, err);
}

bool wb_run_open_transaction(wb_run *run, wb_error *err)
{
    if (run->in_transaction || run->user_transaction)
        return true;
    run->in_transaction = true;
    switch (run->context->dialect->id) {
    case WB_SQLITE:
        run->group_begin_us = wb_clock_monotonic_us();
        return wb_runner_begin_write(run->context, run->options->lock_wait_ms, err);
    case WB_POSTGRES:
        return submit_other(run, "BEGIN", err) && submit_lock_timeout(run, err);
    case WB_MARIADB: /* autocommit is off: the next statement opens one */
    case WB_DIALECT_COUNT:
        break;
    }
    return true;
}

bool wb_run_submit_journal(wb_run *run, wb_error *err)
{
    if (run->journal.len == 0)
        return true;
    bool ok = wb_run_submit(run, wb_buf_str(&run->journal), &other, err);
    wb_buf_reset(&run->journal);
    return ok;
}

bool wb_run_commit(wb_run *run, uint32_t steps, wb_error *err)
{
    if (!wb_run_submit_journal(run, err))
        return false;
    run->in_transaction = false;
    return wb_run_submit(run, WB_STR("COMMIT"), &(wb_sent){.kind = WB_SENT_COMMIT, .step = steps},
                         err);
}

/* Ends a transaction that holds a part of a step. */
static bool commit_part(wb_run *run, wb_error *err)
{
    bool is_open = run->in_transaction || run->journal.len > 0;
    if (!is_open)
        return true;
    if (!wb_run_open_transaction(run, err) || !wb_run_submit_journal(run, err))
        return false;
    run->in_transaction = false;
    return submit_other(run, "COMMIT", err);
}

/* ---- the journal ---- */

/* Hash of the step's statements so far, with `statement` too where it is not NULL. A resumed run
 * compares it, so that statements that are done cannot be edited without notice. */
static void hash_prefix(const wb_run *run, const wb_statement *statement,
                        char ret_hex[WB_SHA256_HEX])
{
    wb_sha256 state = run->prefix;
    if (statement != NULL)
        wb_sha256_add(&state, statement->text);
    wb_sha256_hex(&state, ret_hex);
}

static void add_journal(wb_run *run, const char *event, unsigned number, unsigned line,
                        const char *hash)
{
    wb_journal_row row = {.event = event,
                          .revision = run->scripts[run->sending].revision->id,
                          .direction = direction_name(run),
                          .statement = number,
                          .line = line,
                          .checksum = hash};
    wb_journal_add(run->ledger, run->id, &row, &run->journal);
}

static void add_intent(wb_run *run, const wb_statement *statement)
{
    char hash[WB_SHA256_HEX];
    hash_prefix(run, NULL, hash);
    add_journal(run, "intent", statement->number, statement->at.line, hash);
}

static void add_done(wb_run *run, const wb_statement *statement)
{
    char hash[WB_SHA256_HEX];
    hash_prefix(run, statement, hash);
    add_journal(run, "done", statement->number, statement->at.line, hash);
}

/* ---- statements ---- */

static wb_sent sent_of(const wb_run *run, const wb_statement *statement, bool is_alone)
{
    wb_sent sent = {.kind = WB_SENT_STATEMENT,
                    .is_alone = is_alone,
                    .step = run->sending,
                    .number = statement->number,
                    .at = statement->at,
                    .length = statement->text.len};
    if (is_alone) {
        hash_prefix(run, NULL, sent.before);
        hash_prefix(run, statement, sent.after);
    }
    return sent;
}

static bool submit_statement(wb_run *run, const wb_statement *statement, bool is_alone,
                             wb_error *err)
{
    wb_sent sent = sent_of(run, statement, is_alone);
    return wb_run_submit(run, statement->text, &sent, err);
}

/* Runs a statement that must not share a message with others, and waits for it. */
static bool execute_statement(wb_run *run, const wb_statement *statement, bool is_alone,
                              wb_error *err)
{
    if (!wb_run_collect(run, err))
        return false;
    wb_sent sent = sent_of(run, statement, is_alone);
    if (wb_session_exec(run->context->session, statement->text, err)) {
        wb_run_statement_done(run, &sent);
        return true;
    }
    run->has_failed = true;
    run->failed = sent;
    run->failed_offset = run->context->session->error_offset;
    return false;
}

static bool copy_in(wb_run *run, const wb_statement *statement, wb_splitter *splitter,
                    wb_error *err)
{
    wb_session *session = run->context->session;
    wb_sent sent = sent_of(run, statement, false);
    if (!wb_run_collect(run, err))
        return false;
    bool ok = wb_session_copy_begin(session, statement->text, err);
    bool begun = ok;
    while (ok) {
        wb_str piece;
        ok = wb_splitter_copy_data(splitter, &piece, err);
        if (!ok || piece.len == 0)
            break;
        ok = wb_session_copy_data(session, piece, err);
        begun = ok;
    }
    uint64_t rows = 0;
    if (begun && !ok) { /* the file is at fault: the server must undo what it was given */
        wb_error ignored;
        (void) wb_session_copy_end(session, "the data could not be read", &rows, &ignored);
    } else if (ok) {
        ok = wb_session_copy_end(session, NULL, &rows, err);
    }
    if (!ok && err->line == 0) {
        run->has_failed = true;
        run->failed = sent;
        run->failed_offset = session->error_offset;
    }
    return ok;
}

static bool run_inside(wb_run *run, const wb_statement *statement, wb_splitter *splitter,
                       wb_error *err)
{
    if (!wb_run_open_transaction(run, err))
        return false;
    run->executed = statement->number;
    if ((statement->traits & WB_STMT_SETTING) != 0)
        run->changed_settings = true;
    if ((statement->traits & WB_STMT_COPY_IN) != 0)
        return copy_in(run, statement, splitter, err);
    return submit_statement(run, statement, false, err);
}

/* MariaDB: the intent is committed by the DDL's own implicit commit, so both share a message. An
 * intent also says that all before it is done, so no other row is needed. */
static bool run_alone_mariadb(wb_run *run, const wb_statement *statement, wb_error *err)
{
    bool commits_itself = (statement->traits & WB_STMT_AUTOCOMMIT) != 0;
    add_intent(run, statement);
    run->executed = 0;
    run->in_transaction = true; /* what comes next is in one, until COMMIT or the next DDL */
    return wb_run_submit_journal(run, err) &&
           (commits_itself || submit_other(run, "COMMIT", err)) &&
           submit_statement(run, statement, true, err) &&
           (commits_itself || submit_other(run, "COMMIT", err));
}

/* PostgreSQL counts the waits of a concurrent index build against lock_timeout, and an index whose
 * build is cut off stays behind invalid. So such a build has no such limit. */
static bool begin_waiting_index(wb_run *run, const wb_statement *statement, wb_error *err)
{
    if ((statement->traits & WB_STMT_CONCURRENT_INDEX) == 0)
        return true;
    run->changed_settings = true; /* where the build fails, it is put back with the rest */
    return submit_other(run, "SET lock_timeout = 0", err);
}

static bool end_waiting_index(const wb_run *run, const wb_statement *statement, wb_error *err)
{
    return (statement->traits & WB_STMT_CONCURRENT_INDEX) == 0 ||
           wb_settings_submit(run, false, err);
}

static bool run_alone(wb_run *run, const wb_statement *statement, wb_error *err)
{
    if (is_mariadb(run))
        return run_alone_mariadb(run, statement, err);
    add_intent(run, statement);
    run->executed = 0;
    if (!commit_part(run, err) || !begin_waiting_index(run, statement, err) ||
        !execute_statement(run, statement, true, err))
        return false;
    add_done(run, statement);
    return end_waiting_index(run, statement, err) && commit_part(run, err);
}

/* Under LOCK TABLES only the tables named there can be written, so the ledger's are named too. */
static bool run_setting_mariadb(wb_run *run, const wb_statement *statement, wb_error *err)
{
    wb_str rest = statement->text;
    wb_str first = {0};
    wb_str second = {0};
    (void) (wb_str_next_word(&rest, &first) && wb_str_next_word(&rest, &second));
    bool locks = wb_str_is_nocase(first, "lock") &&
                 (wb_str_is_nocase(second, "tables") || wb_str_is_nocase(second, "table"));
    if (!locks)
        return submit_statement(run, statement, false, err);
    WB_AUTO_BUF(sql, 0);
    wb_buf_add_str(&sql, statement->text);
    wb_buf_printf(&sql, ", %s WRITE, %s WRITE", run->ledger->history, run->ledger->journal);
    wb_sent sent = sent_of(run, statement, false);
    return wb_run_submit(run, wb_buf_str(&sql), &sent, err);
}

static bool run_setting(wb_run *run, const wb_statement *statement, wb_error *err)
{
    run->changed_settings = true;
    if (is_mariadb(run))
        return run_setting_mariadb(run, statement, err);
    if (run->user_transaction)
        return submit_statement(run, statement, false, err);
    if (run->executed != 0) { /* what ran before is committed now, so it must be known as done */
        char hash[WB_SHA256_HEX];
        hash_prefix(run, NULL, hash);
        add_journal(run, "done", run->executed, 0, hash);
        run->executed = 0;
    }
    return commit_part(run, err) && execute_statement(run, statement, false, err);
}

/* A transaction that the file opens itself: what it does is recorded when it ends. */
static bool run_begin(wb_run *run, const wb_statement *statement, wb_error *err)
{
    if (!commit_part(run, err) || !execute_statement(run, statement, false, err))
        return false;
    run->user_transaction = true;
    return true;
}

static bool run_end(wb_run *run, const wb_statement *statement, wb_error *err)
{
    bool commits = !wb_str_is_nocase(wb_str_sub(statement->text, 0, 8), "rollback") &&
                   !wb_str_is_nocase(wb_str_sub(statement->text, 0, 5), "abort");
    add_done(run, statement);
    if (commits && !(wb_sqlite_guard_check_rows(run, err) && wb_run_submit_journal(run, err)))
        return false;
    if (!execute_statement(run, statement, false, err))
        return false;
    run->user_transaction = false;
    return commit_part(run, err);
}

static bool run_statement(wb_run *run, const wb_statement *statement, wb_splitter *splitter,
                          wb_error *err)
{
    const wb_step_script *script = &run->scripts[run->sending];
    wb_policy policy = WB_RUN_INSIDE;
    if (!wb_statement_policy(run->ledger, script, statement, &policy, err))
        return false;
    bool is_copy = (statement->traits & WB_STMT_COPY_IN) != 0;
    if (policy == WB_RUN_ALONE && (run->user_transaction || is_copy)) {
        if ((statement->traits & WB_STMT_AUTOCOMMIT) == 0)
            policy = WB_RUN_INSIDE;
    }
    switch (policy) {
    case WB_RUN_INSIDE:
        return run_inside(run, statement, splitter, err);
    case WB_RUN_ALONE:
        return run_alone(run, statement, err);
    case WB_RUN_SETTING:
        return run_setting(run, statement, err);
    case WB_RUN_BEGIN:
        return run_begin(run, statement, err);
    case WB_RUN_END:
        return run_end(run, statement, err);
    }
    return true;
}

/* ---- a step from begin to end ---- */

static bool fail_unresolved(const wb_run *run, const wb_open_step *open, wb_error *err)
{
    const wb_revision *revision = run->scripts[run->sending].revision;
    wb_fail(err, WB_E_UNRESOLVED,
            "statement %u of revision \"%s\" was interrupted and may or may not have happened",
            open->unknown, open->revision);
    wb_detail(err,
              "A run of %s was cut off while the server worked on it; %u statements before "
              "it are done.",
              open->at != NULL ? open->at : "an unknown time", open->done);
    wb_hint(err,
            "Look at the database, then say how it ended: `whimbrel resolve %s --statement %u --as "
            "done` or `--as undone`; the next run then continues.",
            open->revision, open->unknown);
    return wb_at(err, revision->path, 0, 0);
}

/* The statements that an earlier run did; NULL where there are none. */
static bool find_done(const wb_run *run, const wb_open_step **ret_open, wb_error *err)
{
    const wb_step_script *script = &run->scripts[run->sending];
    const wb_open_step *open =
        wb_ledger_open_step(run->ledger, script->revision->id, script->direction);
    *ret_open = open;
    return open == NULL || open->unknown == 0 || fail_unresolved(run, open, err);
}

static bool fail_done_edited(const wb_run *run, const wb_open_step *open, wb_error *err)
{
    const wb_revision *revision = run->scripts[run->sending].revision;
    wb_fail(err, WB_E_CHECKSUM,
            "revision \"%s\" is half done, and the statements that are done were edited",
            revision->id);
    wb_detail(err, "An earlier run did its first %u statements; they are not the same now.",
              open->done);
    wb_hint(err, "Put those statements back as they were; only what comes after them may change.");
    return wb_at(err, revision->path, 0, 0);
}

/* Passes over a statement that an earlier run did. The last one tells whether all are the same. */
static bool skip_statement(wb_run *run, const wb_statement *statement, const wb_open_step *open,
                           wb_error *err)
{
    if (statement->number < open->done || open->checksum == NULL)
        return true;
    char hash[WB_SHA256_HEX];
    hash_prefix(run, statement, hash);
    return strcmp(hash, open->checksum) == 0 || fail_done_edited(run, open, err);
}

static bool take_statement(wb_run *run, const wb_statement *statement, const wb_open_step *open,
                           wb_splitter *splitter, wb_error *err)
{
    bool is_done = open != NULL && statement->number <= open->done;
    if (is_done && !skip_statement(run, statement, open, err))
        return false;
    bool is_setting = (statement->traits & WB_STMT_SETTING) != 0;
    if ((!is_done || is_setting) && !run_statement(run, statement, splitter, err))
        return false;
    if (run->scripts[run->sending].is_split)
        wb_sha256_add(&run->prefix, statement->text);
    return true;
}

static bool run_statements(wb_run *run, const wb_open_step *open, wb_error *err)
{
    wb_section_statements statements;
    if (!wb_section_statements_open(run->ledger, run->options, &run->scripts[run->sending],
                                    &statements, err))
        return false;
    bool ok = true;
    while (ok) {
        wb_statement statement;
        bool at_end = false;
        ok = wb_context_proceed(run->context, err) &&
             wb_splitter_next(statements.splitter, &statement, &at_end, err);
        if (!ok || at_end)
            break;
        ok = take_statement(run, &statement, open, statements.splitter, err);
    }
    wb_section_statements_close(&statements);
    return ok;
}

/* Puts back what the file may have changed in the session. */
static bool restore_settings(wb_run *run, wb_error *err)
{
    bool is_later = run->layout == WB_LAYOUT_GROUP; /* outside of the transaction */
    if (!run->changed_settings || is_later)
        return true;
    run->changed_settings = false;
    return wb_settings_submit(run, true, err);
}

static bool submit_row(wb_run *run, int64_t begin_us, wb_error *err)
{
    const wb_step_script *script = &run->scripts[run->sending];
    wb_sent_push(&run->sent, &(wb_sent){.kind = WB_SENT_LEDGER, .step = run->sending});
    if (run->plan->down)
        return wb_ledger_submit_removed(run->ledger, script->revision->id, wb_run_answered, run,
                                        err);
    /* The server adds the time of the transaction itself, where it has a clock for it. */
    bool server_counts = run->context->dialect->id == WB_POSTGRES && !script->is_split;
    wb_applied_row row = {
        .revision = script->revision,
        .checksum = script->checksum,
        .raw_checksum = script->raw_checksum,
        .duration_ms = server_counts ? 0 : (wb_clock_monotonic_us() - begin_us) / 1000,
        .position = run->next_position++,
        .run = run->id,
    };
    return wb_ledger_submit_applied(run->ledger, &row, wb_run_answered, run, err);
}

/* SQLite: how long a shared transaction may grow before it is committed. */
enum { GROUP_US = 1000000 };

/* SQLite: pragmas of the connection can only be set outside of a transaction. */
static bool restore_pragmas(wb_run *run, wb_error *err)
{
    if (!run->changed_settings)
        return true;
    run->changed_settings = false;
    return wb_run_collect(run, err) && wb_settings_submit(run, true, err);
}

static bool end_step(wb_run *run, bool savepoint, wb_error *err)
{
    bool is_split = run->scripts[run->sending].is_split;
    switch (run->layout) {
    case WB_LAYOUT_EACH:
        return wb_run_commit(run, run->sending + 1, err);
    case WB_LAYOUT_GROUP:
        if (savepoint && !submit_other(run, "RELEASE " SAVEPOINT, err))
            return false;
        if (!is_split && !run->changed_settings &&
            wb_clock_monotonic_us() - run->group_begin_us < GROUP_US)
            return true;
        return wb_run_commit(run, run->sending + 1, err) && restore_pragmas(run, err);
    case WB_LAYOUT_ALL:
        break;
    }
    return true;
}

static bool begin_step(wb_run *run, bool savepoint, wb_error *err)
{
    if (run->layout == WB_LAYOUT_GROUP && !savepoint && run->in_transaction &&
        !wb_run_commit(run, run->sending, err))
        return false;
    if (!savepoint)
        return true;
    return wb_run_open_transaction(run, err) && submit_other(run, "SAVEPOINT " SAVEPOINT, err);
}

bool wb_run_step(wb_run *run, uint32_t step, wb_error *err)
{
    int64_t begin_us = wb_clock_monotonic_us();
    const wb_open_step *open = NULL;
    run->sending = step;
    run->executed = 0;
    wb_sha256_init(&run->prefix);
    bool savepoint = run->layout == WB_LAYOUT_GROUP && !run->scripts[step].is_split;
    if (!find_done(run, &open, err) || !begin_step(run, savepoint, err) ||
        !wb_sqlite_guard_look(run, err) || !run_statements(run, open, err))
        return false;
    if (run->user_transaction) {
        wb_fail(err, WB_E_REVISION, "revision \"%s\" leaves its own transaction open",
                run->scripts[step].revision->id);
        wb_hint(err, "End it with COMMIT or ROLLBACK in the same section.");
        return wb_at(err, run->scripts[step].revision->path, 0, 0);
    }
    if (!wb_run_open_transaction(run, err) || !wb_sqlite_guard_check(run, err) ||
        !restore_settings(run, err))
        return false;
    if (run->scripts[step].is_split || open != NULL)
        add_journal(run, "finish", 0, 0, NULL);
    return wb_run_submit_journal(run, err) && submit_row(run, begin_us, err) &&
           end_step(run, savepoint, err);
}
