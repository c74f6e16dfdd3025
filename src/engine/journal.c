/* Rows of the journal, and what the newest run's rows say. */
#include "base/clock.h"
#include "engine/ledger.h"

static void add_text(const wb_ledger *ledger, const char *text, wb_buf *sql)
{
    wb_buf_puts(sql, ", ");
    if (text == NULL || text[0] == '\0')
        wb_buf_puts(sql, "NULL");
    else
        wb_sql_literal(sql, ledger->context->dialect, wb_str_from(text));
}

static void add_number(unsigned number, wb_buf *sql)
{
    if (number == 0)
        wb_buf_puts(sql, ", NULL");
    else
        wb_buf_printf(sql, ", %u", number);
}

void wb_journal_add(const wb_ledger *ledger, const char *run, const wb_journal_row *row,
                    wb_buf *sql)
{
    const wb_context *context = ledger->context;
    bool names_person = strcmp(row->event, "begin") == 0;
    /* Its clock of the default is that of the session's time zone, which a revision may set. */
    bool needs_time = context->dialect->id == WB_MARIADB;
    if (sql->len == 0)
        wb_buf_printf(sql,
                      "INSERT INTO %s (%srun, event, command, revision, direction, statement, line,"
                      " checksum, error_code, message, applied_by, host, tool_version) VALUES (",
                      ledger->journal, needs_time ? "at, " : "");
    else
        wb_buf_puts(sql, ", (");
    if (needs_time)
        wb_buf_puts(sql, "utc_timestamp(6), ");
    wb_sql_literal(sql, context->dialect, wb_str_from(run));
    add_text(ledger, row->event, sql);
    add_text(ledger, row->command, sql);
    add_text(ledger, row->revision, sql);
    add_text(ledger, row->direction, sql);
    add_number(row->statement, sql);
    add_number(row->line, sql);
    add_text(ledger, row->checksum, sql);
    add_text(ledger, row->sqlstate, sql);
    add_text(ledger, row->message, sql);
    add_text(ledger, names_person ? context->who : NULL, sql);
    add_text(ledger, names_person ? context->host : NULL, sql);
    add_text(ledger, names_person ? wb_version() : NULL, sql);
    wb_buf_puts(sql, ")");
}

bool wb_journal_write(const wb_ledger *ledger, const char *run, const wb_journal_row *row,
                      wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    wb_journal_add(ledger, run, row, &sql);
    return wb_session_exec(ledger->context->session, wb_buf_str(&sql), err) ||
           wb_while(err, "writing to the journal %s", ledger->journal);
}

typedef struct last_run_reader {
    wb_arena *arena;
    wb_last_run *run;
    bool ended;
} last_run_reader;

/* The rows come newest first; those of older runs are passed over. */
static bool take_run_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    last_run_reader *reader = arg;
    wb_last_run *run = reader->run;
    const char *event = wb_row_text(row, 0);
    if (!run->known) {
        *run = (wb_last_run){.known = true, .failed = true};
        run->run = wb_arena_strdup(reader->arena, wb_row_text(row, 2));
    } else if (strcmp(run->run, wb_row_text(row, 2)) != 0) {
        return true;
    }
    if (wb_row_text(row, 3)[0] != '\0')
        run->command = wb_arena_strdup(reader->arena, wb_row_text(row, 3));
    (void) wb_time_parse(row->cells[1], &run->at_us); /* ends at the run's oldest row */
    if (strcmp(event, "end") == 0)
        reader->ended = true;
    if (strcmp(event, "error") == 0) {
        run->revision = wb_arena_strdup(reader->arena, wb_row_text(row, 4));
        run->statement = (unsigned) wb_row_int(row, 6);
        run->line = (unsigned) wb_row_int(row, 7);
        run->error = wb_arena_strdup(reader->arena, wb_row_text(row, 9));
    }
    run->failed = run->error != NULL || !reader->ended;
    return true;
}

bool wb_ledger_last_run(const wb_ledger *ledger, wb_arena *arena, wb_last_run *ret_run,
                        wb_error *err)
{
    *ret_run = (wb_last_run){.known = false};
    if (!ledger->exists)
        return true;
    last_run_reader reader = {.arena = arena, .run = ret_run};
    return wb_session_query(ledger->context->session, wb_str_from(ledger->texts[WB_Q_LAST_RUN]),
                            NULL, 0, take_run_row, &reader, err) ||
           wb_while(err, "reading the journal %s", ledger->journal);
}
