/* PostgreSQL: the locks of a step's tables are taken before its first statement, in the order of
 * their names and in the mode that is needed in the end. So the wait for a lock comes when the
 * transaction has done nothing yet and keeps nothing that others wait for, and two such
 * transactions never wait for each other.
 *
 * lock_timeout counts for each lock, so a limit for the whole statement is set besides. */
#include "engine/run_state.h"
#include "engine/table_lock_sql.h"
#include "sql/token_reader.h"

#include <stdio.h>

static int64_t lock_timeout_of(const wb_run *run)
{
    int64_t own_ms = run->scripts[run->sending].section->lock_timeout_ms;
    return own_ms >= 0 ? own_ms : (int64_t) run->context->config->lock_timeout_ms;
}

/* `timeout_ms` of 0 puts back what the session was opened with. */
static bool set_timeout(wb_run *run, int64_t timeout_ms, wb_error *err)
{
    char sql[96] = "SET LOCAL statement_timeout TO DEFAULT";
    if (timeout_ms > 0)
        (void) snprintf(sql, sizeof(sql), "SET LOCAL statement_timeout = %lld",
                        (long long) timeout_ms);
    return wb_run_submit_other(run, sql, err);
}

static bool submit_locks(wb_run *run, const wb_table_lock *tables, size_t count, wb_error *err)
{
    int64_t timeout_ms = lock_timeout_of(run);
    const wb_sent sent = {.kind = WB_SENT_TABLES, .step = run->sending};
    WB_AUTO_BUF(sql, 0);
    wb_table_lock_sql(tables, count, &sql);
    if (sql.len == 0)
        return true;
    return (timeout_ms == 0 || set_timeout(run, timeout_ms, err)) &&
           wb_run_submit(run, wb_buf_str(&sql), &sent, err) &&
           (timeout_ms == 0 || set_timeout(run, run->context->config->statement_deadline_ms, err));
}

bool wb_run_lock_tables(wb_run *run, wb_error *err)
{
    const wb_step_script *script = &run->scripts[run->sending];
    return script->table_count == 0 ||
           (wb_run_open_transaction(run, err) &&
            submit_locks(run, script->tables, script->table_count, err));
}

/* The statement as it would be without CONCURRENTLY, whose table is known from the text. */
static void add_plain(wb_lexer_mode mode, wb_str statement, wb_buf *text)
{
    wb_token_reader reader;
    wb_token_reader_open(&reader, mode, statement);
    while (!wb_token_reader_is_at_end(&reader)) {
        if (wb_token_reader_accept(&reader, "CONCURRENTLY"))
            continue;
        wb_buf_add_str(text, reader.text);
        wb_buf_putc(text, ' ');
        wb_token_reader_step(&reader);
    }
}

/* A concurrent build has no lock_timeout, so it would wait for ever for its table. That lock is
 * tried before: taken and given back at once. The waits within the build are other ones. */
bool wb_run_try_table(wb_run *run, const wb_statement *statement, wb_error *err)
{
    const wb_lexer_mode mode = {.dialect = WB_POSTGRES};
    WB_SCRATCH(scratch);
    WB_AUTO_BUF(plain, 0);
    wb_lock_set set;
    add_plain(mode, statement->text, &plain);
    wb_lock_set_init(&set, run->context->session->version, scratch);
    wb_lock_set_add(&set, mode, wb_buf_str(&plain));
    bool ok = true;
    if (set.first != NULL) {
        wb_table_lock table = *set.first;
        table.mode = WB_LOCK_SHARE_UPDATE_EXCLUSIVE;
        table.tree = WB_LOCK_NONE;
        ok = wb_run_open_transaction(run, err) && submit_locks(run, &table, 1, err) &&
             wb_run_commit_part(run, 0, err);
    }
    wb_lock_set_clear(&set);
    return ok;
}
