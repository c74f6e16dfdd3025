/* How each statement of a step is run, and the transactions around them. */
#include "base/clock.h"
#include "engine/cluster_lock.h"
#include "engine/run_state.h"
#include "engine/runner_lock.h"

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
    return wb_run_submit_other(run, sql, err);
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
        return wb_run_submit_other(run, "BEGIN", err) &&
               (!run->ledger->is_pooled || wb_run_submit_pooled(run, err)) &&
               submit_lock_timeout(run, err);
    case WB_MARIADB: /* autocommit is off: the next statement opens one */
    case WB_DIALECT_COUNT:
        break;
    }
    return true;
}

/* On a cluster every write to the ledger stands behind one that only the lock's holder can make. */
bool wb_run_submit_fence(wb_run *run, wb_error *err)
{
    const char *fence = wb_cluster_fence(run->context);
    return fence == NULL ||
           wb_run_submit(run, wb_str_from(fence), &(wb_sent){.kind = WB_SENT_FENCE}, err);
}

bool wb_run_submit_journal(wb_run *run, wb_error *err)
{
    if (run->journal.len == 0)
        return true;
    bool ok = wb_run_submit_fence(run, err) &&
              wb_run_submit(run, wb_buf_str(&run->journal), &(wb_sent){.kind = WB_SENT_OTHER}, err);
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

bool wb_run_commit_part(wb_run *run, unsigned done, wb_error *err)
{
    bool is_open = run->in_transaction || run->journal.len > 0;
    if (!is_open)
        return true;
    if (!wb_run_open_transaction(run, err) || !wb_run_submit_journal(run, err))
        return false;
    run->in_transaction = false;
    return wb_run_submit(run, WB_STR("COMMIT"), &(wb_sent){.kind = WB_SENT_PART, .number = done},
                         err);
}

/* ---- the journal ---- */

void wb_run_hash(const wb_run *run, const wb_statement *statement, char ret_hex[WB_SHA256_HEX])
{
    wb_sha256 state = run->prefix;
    if (statement != NULL)
        wb_sha256_add(&state, statement->text);
    wb_sha256_hex(&state, ret_hex);
}

void wb_run_add_journal(wb_run *run, const wb_journal_row *row)
{
    wb_journal_row full = *row;
    full.revision = run->scripts[run->sending].revision->id;
    full.direction = run->plan->down ? "down" : "up";
    wb_journal_add(run->ledger, run->id, &full, &run->journal);
}

/* The hash of its own text tells a later run whether it is still the same. */
static void add_intent(wb_run *run, const wb_statement *statement)
{
    char before[WB_SHA256_HEX];
    char own[WB_SHA256_HEX];
    wb_run_hash(run, NULL, before);
    wb_statement_hash(statement, own);
    wb_run_add_journal(run, &(wb_journal_row){.event = "intent",
                                              .statement = statement->number,
                                              .line = statement->at.line,
                                              .checksum = before,
                                              .message = own});
}

static void add_done(wb_run *run, const wb_statement *statement)
{
    char hash[WB_SHA256_HEX];
    wb_run_hash(run, statement, hash);
    wb_run_add_journal(run, &(wb_journal_row){.event = "done",
                                              .statement = statement->number,
                                              .line = statement->at.line,
                                              .checksum = hash});
}

/* ---- statements ---- */

/* Can it have done a part of its work when it fails? On MariaDB a list of objects is dropped one
 * by one, and a program may have committed; what refuses a transaction on PostgreSQL works in
 * several. */
static bool may_be_half(const wb_run *run, const wb_statement *statement)
{
    size_t comma = 0;
    wb_str drop = WB_STR("drop");
    if (!is_mariadb(run))
        return run->context->dialect->id == WB_POSTGRES;
    return (statement->traits & WB_STMT_PROGRAM) != 0 ||
           (wb_str_is_equal_nocase(wb_str_sub(statement->text, 0, drop.len), drop) &&
            wb_str_find_byte(statement->text, ',', &comma));
}

static wb_sent sent_of(const wb_run *run, const wb_statement *statement, bool is_alone)
{
    wb_sent sent = {.kind = WB_SENT_STATEMENT,
                    .is_alone = is_alone,
                    .commits = is_alone && is_mariadb(run) &&
                               (statement->traits & WB_STMT_AUTOCOMMIT) != 0,
                    .may_be_half = is_alone && may_be_half(run, statement),
                    .step = run->sending,
                    .number = statement->number,
                    .at = statement->at,
                    .length = statement->text.len};
    if (is_alone) {
        wb_run_hash(run, NULL, sent.before);
        wb_run_hash(run, statement, sent.after);
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
    if (is_alone) { /* kept for the case that it fails */
        wb_buf_reset(&run->alone_text);
        wb_buf_add_str(&run->alone_text, statement->text);
    }
    if (wb_run_exec(run, statement->text, err)) {
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

/* What ran before is committed now, so it must be known as done. */
static bool end_part(wb_run *run, wb_error *err)
{
    unsigned done = run->executed;
    run->executed = 0;
    if (done != 0) {
        char hash[WB_SHA256_HEX];
        wb_run_hash(run, NULL, hash);
        wb_run_add_journal(run,
                           &(wb_journal_row){.event = "done", .statement = done, .checksum = hash});
    }
    return wb_run_commit_part(run, done, err);
}

/* MariaDB: the intent is committed by the DDL's own implicit commit, so both share a message. An
 * intent also says that all before it is done, so no other row is needed. A program (CALL) may
 * commit or not: where it does not, it is one transaction with its intent and with the row that it
 * is done; where it does, the intent is committed with what it had done by then. */
static bool run_alone_mariadb(wb_run *run, const wb_statement *statement, wb_error *err)
{
    bool is_program = (statement->traits & WB_STMT_PROGRAM) != 0;
    add_intent(run, statement);
    run->executed = 0;
    run->in_transaction = true; /* what comes next is in one, until COMMIT or the next DDL */
    /* On a cluster the commit may be refused, and only a COMMIT is sure to say so in time. */
    bool commits_intent = run->ledger->is_cluster && !is_program;
    if (!wb_run_submit_journal(run, err) ||
        (commits_intent && !wb_run_submit_other(run, "COMMIT", err)) ||
        !submit_statement(run, statement, true, err))
        return false;
    if (!is_program)
        return true;
    add_done(run, statement);
    return wb_run_commit_part(run, statement->number, err);
}

/* PostgreSQL counts the waits of a concurrent index build against lock_timeout, and an index whose
 * build is cut off stays behind invalid. So such a build has no such limit. */
static bool begin_waiting_index(wb_run *run, const wb_statement *statement, wb_error *err)
{
    if ((statement->traits & WB_STMT_CONCURRENT_INDEX) == 0)
        return true;
    run->changed_settings = true; /* where the build fails, it is put back with the rest */
    return wb_run_submit_other(run, "SET lock_timeout = 0", err);
}

static bool end_waiting_index(const wb_run *run, const wb_statement *statement, wb_error *err)
{
    return (statement->traits & WB_STMT_CONCURRENT_INDEX) == 0 ||
           wb_settings_submit(run, false, err);
}

/* IF NOT EXISTS takes an invalid index for one that is there, and so keeps it for ever. */
static bool drop_invalid_index(const wb_run *run, const wb_statement *statement, wb_error *err)
{
    wb_verification found = {0};
    const wb_doubt doubt = {.ledger = run->ledger,
                            .options = run->options,
                            .script = &run->scripts[run->sending],
                            .statement = statement,
                            .arena = run->arena};
    bool may_keep = (statement->traits & WB_STMT_CONCURRENT_INDEX) != 0 &&
                    wb_str_has_nocase(statement->text, "exists");
    if (!may_keep)
        return true;
    if (!wb_verify_statement(&doubt, &found, err))
        return false;
    bool is_needed = found.verdict == WB_VERDICT_UNDONE && found.repairs.count > 0;
    if (is_needed)
        wb_context_warn(run->context, "before statement %u of revision \"%s\" is run: %s",
                        statement->number, doubt.script->revision->id, found.reason);
    return !is_needed || wb_run_repair(run, &found, err);
}

static bool run_alone(wb_run *run, const wb_statement *statement, wb_error *err)
{
    if (is_mariadb(run))
        return run_alone_mariadb(run, statement, err);
    bool waits = (statement->traits & WB_STMT_CONCURRENT_INDEX) != 0;
    if (waits && !(end_part(run, err) && wb_run_try_table(run, statement, err)))
        return false;
    add_intent(run, statement);
    run->executed = 0;
    if (!wb_run_commit_part(run, 0, err) || !begin_waiting_index(run, statement, err) ||
        !wb_run_collect(run, err) || !drop_invalid_index(run, statement, err) ||
        !execute_statement(run, statement, true, err))
        return false;
    add_done(run, statement);
    return end_waiting_index(run, statement, err) &&
           wb_run_commit_part(run, statement->number, err);
}

/* The statement and the row that says that it is done are one transaction. */
static bool run_own(wb_run *run, const wb_statement *statement, wb_splitter *splitter,
                    wb_error *err)
{
    if (!end_part(run, err) || !run_inside(run, statement, splitter, err))
        return false;
    add_done(run, statement);
    run->executed = 0;
    return wb_run_commit_part(run, statement->number, err);
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
    if (run->ledger->is_cluster)
        wb_buf_printf(&sql, ", %s WRITE", run->ledger->lock);
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
    return end_part(run, err) && execute_statement(run, statement, false, err);
}

/* A transaction that the file opens itself: what it does is recorded when it ends. */
static bool run_begin(wb_run *run, const wb_statement *statement, wb_error *err)
{
    if (!wb_run_commit_part(run, 0, err) || !execute_statement(run, statement, false, err))
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
    run->executed = 0;
    run->alone_done = 0; /* what is committed now says more */
    return wb_run_commit_part(run, statement->number, err);
}

bool wb_run_statement(wb_run *run, const wb_statement *statement, wb_splitter *splitter,
                      wb_error *err)
{
    const wb_step_script *script = &run->scripts[run->sending];
    wb_policy policy = WB_RUN_INSIDE;
    if (!wb_statement_policy(run->ledger, script, statement, &policy, err))
        return false;
    bool commits =
        is_mariadb(run) && (statement->traits & (WB_STMT_AUTOCOMMIT | WB_STMT_PROGRAM)) != 0;
    if (run->user_transaction && !commits && (policy == WB_RUN_ALONE || policy == WB_RUN_OWN))
        policy = WB_RUN_INSIDE;
    switch (policy) {
    case WB_RUN_INSIDE:
        return run_inside(run, statement, splitter, err);
    case WB_RUN_OWN:
        return run_own(run, statement, splitter, err);
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
