/* What the script has in common with a run: the plan, the sections, the ledger's rows. What it has
 * of its own: a guard before each step, where the engine has a way to stop the client. */
#include "engine/script.h"

#include "base/clock.h"
#include "engine/ledger.h"
#include "engine/step_script.h"

#include <stdio.h>

typedef struct script_writer {
    const wb_context *context;
    const wb_run_options *options;
    wb_ledger *ledger; /* never read from a database: only names and texts */
    wb_arena *arena;
    wb_plan plan;
    wb_write_fn *write;
    void *arg;
} script_writer;

static bool put(const script_writer *writer, wb_error *err, const char *format, ...)
    WB_PRINTF(3, 4);

static bool put_str(const script_writer *writer, wb_str text, wb_error *err)
{
    return writer->write(writer->arg, text.ptr, text.len, err);
}

static bool put(const script_writer *writer, wb_error *err, const char *format, ...)
{
    WB_AUTO_BUF(text, 0);
    va_list args;
    va_start(args, format);
    wb_buf_vprintf(&text, format, args);
    va_end(args);
    return put_str(writer, wb_buf_str(&text), err);
}

/* ---- the ledger's statements as plain SQL ---- */

static void add_quoted(const script_writer *writer, const char *text, wb_buf *sql)
{
    if (text == NULL)
        wb_buf_puts(sql, "NULL");
    else
        wb_sql_literal(sql, writer->context->dialect, wb_str_from(text));
}

static const char *now_expression(const script_writer *writer)
{
    switch (writer->context->dialect->id) {
    case WB_MARIADB:
        return "utc_timestamp(6)";
    case WB_SQLITE:
        return "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
    case WB_POSTGRES:
    case WB_DIALECT_COUNT:
        break;
    }
    return "clock_timestamp()";
}

static bool put_applied(const script_writer *writer, const wb_step_script *step, bool stamped,
                        wb_error *err)
{
    bool is_postgres = writer->context->dialect->id == WB_POSTGRES;
    WB_AUTO_BUF(sql, 0);
    wb_buf_printf(&sql,
                  "INSERT INTO %s (revision, slug, checksum, raw_checksum, applied_at,"
                  " duration_ms, tool_version, batch, stamped, position)\n    SELECT ",
                  writer->ledger->history);
    const char *texts[] = {step->revision->id, step->revision->slug, step->checksum,
                           step->raw_checksum};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        add_quoted(writer, texts[i], &sql);
        wb_buf_puts(&sql, ", ");
    }
    wb_buf_printf(&sql, "%s, 0, ", now_expression(writer));
    add_quoted(writer, wb_version(), &sql);
    wb_buf_printf(&sql, ", 'script', %s, coalesce(max(position), 0) + 1 FROM %s;\n",
                  is_postgres ? (stamped ? "true" : "false") : (stamped ? "1" : "0"),
                  writer->ledger->history);
    return put_str(writer, wb_buf_str(&sql), err);
}

static bool put_removed(const script_writer *writer, const char *revision, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    wb_buf_printf(&sql, "DELETE FROM %s WHERE revision = ", writer->ledger->history);
    add_quoted(writer, revision, &sql);
    wb_buf_puts(&sql, ";\n");
    return put_str(writer, wb_buf_str(&sql), err);
}

static const char *if_not_exists(const script_writer *writer, wb_ledger_query query)
{
    static const char plain[] = "CREATE TABLE";
    const char *text = writer->ledger->texts[query];
    if (strstr(text, "IF NOT EXISTS") != NULL)
        return text;
    return wb_arena_printf(writer->arena, "%s IF NOT EXISTS%s", plain, text + sizeof(plain) - 1);
}

static bool put_ledger(const script_writer *writer, wb_error *err)
{
    WB_AUTO_BUF(schema, 0);
    if (writer->ledger->schema != NULL) {
        wb_buf_puts(&schema, writer->context->dialect->id == WB_MARIADB
                                 ? "CREATE DATABASE IF NOT EXISTS "
                                 : "CREATE SCHEMA IF NOT EXISTS ");
        wb_sql_identifier(&schema, writer->context->dialect, wb_str_from(writer->ledger->schema));
        wb_buf_puts(&schema, ";\n");
    }
    return put_str(writer, wb_buf_str(&schema), err) &&
           put(writer, err, "%s;\n%s;\n", if_not_exists(writer, WB_Q_CREATE_HISTORY),
               if_not_exists(writer, WB_Q_CREATE_JOURNAL)) &&
           put(writer, err,
               "INSERT INTO %s (id, event, statement, run, tool_version)\n    SELECT 1, 'ledger',"
               " %d, 'script', '%s' WHERE NOT EXISTS (SELECT 1 FROM %s WHERE id = 1);\n\n",
               writer->ledger->journal, WB_LEDGER_VERSION, wb_version(), writer->ledger->journal);
}

/* ---- guards ---- */

/* Stops the script where the database is not as the step expects it: PostgreSQL by an exception,
 * the others by a value that a constraint refuses. */
static bool put_guard(const script_writer *writer, const char *revision, bool must_be_applied,
                      wb_error *err)
{
    WB_AUTO_BUF(id, 0);
    add_quoted(writer, revision, &id);
    const char *history = writer->ledger->history;
    if (writer->context->dialect->id != WB_POSTGRES)
        return true;
    return put(writer, err,
               "DO $whimbrel$ BEGIN\n    IF %sEXISTS (SELECT FROM %s WHERE revision = %s) THEN\n"
               "        RAISE EXCEPTION 'whimbrel: revision %% is %s applied', %s;\n    END IF;\n"
               "END $whimbrel$;\n",
               must_be_applied ? "NOT " : "", history, wb_buf_text(&id),
               must_be_applied ? "not" : "already", wb_buf_text(&id));
}

/* ---- statements ---- */

/* MariaDB's client cuts at every ';', so a body that holds one needs another delimiter. */
static bool put_statement(const script_writer *writer, const wb_statement *statement, wb_error *err)
{
    size_t at = 0;
    bool has_body =
        writer->context->dialect->id == WB_MARIADB && wb_str_find_byte(statement->text, ';', &at);
    if (!has_body)
        return put_str(writer, statement->text, err) && put(writer, err, ";\n");
    return put(writer, err, "DELIMITER ;;\n") && put_str(writer, statement->text, err) &&
           put(writer, err, "\n;;\nDELIMITER ;\n");
}

static bool put_copy_data(const script_writer *writer, wb_splitter *splitter, wb_error *err)
{
    for (;;) {
        wb_str piece;
        if (!wb_splitter_copy_data(splitter, &piece, err))
            return false;
        if (piece.len == 0)
            return put(writer, err, "\\.\n");
        if (!put_str(writer, piece, err))
            return false;
    }
}

typedef struct piece_state {
    bool in_transaction;
} piece_state;

static bool set_transaction(const script_writer *writer, piece_state *state, bool open,
                            wb_error *err)
{
    bool can = writer->context->dialect->id != WB_MARIADB;
    bool was_open = state->in_transaction;
    state->in_transaction = open;
    if (was_open == open)
        return true;
    return put(writer, err, "%s", open ? (can ? "BEGIN;\n" : "START TRANSACTION;\n") : "COMMIT;\n");
}

static bool put_statements(const script_writer *writer, const wb_step_script *step,
                           piece_state *state, wb_error *err)
{
    wb_section_statements statements;
    if (!wb_section_statements_open(writer->ledger, writer->options, step, &statements, err))
        return false;
    bool ok = true;
    while (ok) {
        wb_statement statement;
        wb_policy policy = WB_RUN_INSIDE;
        bool at_end = false;
        ok = wb_splitter_next(statements.splitter, &statement, &at_end, err);
        if (!ok || at_end)
            break;
        ok = wb_statement_policy(writer->ledger, step, &statement, &policy, err) &&
             set_transaction(writer, state, policy == WB_RUN_INSIDE, err) &&
             put_statement(writer, &statement, err);
        if (ok && (statement.traits & WB_STMT_COPY_IN) != 0)
            ok = put_copy_data(writer, statements.splitter, err);
    }
    wb_section_statements_close(&statements);
    return ok;
}

static bool put_step(const script_writer *writer, uint32_t index, wb_error *err)
{
    bool down = writer->plan.down;
    wb_step_script step;
    piece_state state = {0};
    if (!wb_step_script_prepare(writer->ledger, writer->options, index, down ? WB_DOWN : WB_UP,
                                false, writer->arena, &step, err))
        return false;
    const wb_revision *revision = step.revision;
    return put(writer, err, "-- %s %s: %s\n", down ? "down" : "up", revision->id,
               revision->message) &&
           set_transaction(writer, &state, true, err) &&
           put_guard(writer, revision->id, down, err) &&
           put_statements(writer, &step, &state, err) &&
           set_transaction(writer, &state, true, err) &&
           (down ? put_removed(writer, revision->id, err)
                 : put_applied(writer, &step, false, err)) &&
           set_transaction(writer, &state, false, err) && put(writer, err, "\n");
}

static bool put_stamp(const script_writer *writer, wb_error *err)
{
    piece_state state = {0};
    if (!set_transaction(writer, &state, true, err))
        return false;
    for (size_t i = writer->plan.forgotten.count; i > 0; i--) {
        uint32_t index = writer->plan.forgotten.items[i - 1];
        if (!put_removed(writer, wb_graph_revision(writer->context->graph, index)->id, err))
            return false;
    }
    for (size_t i = 0; i < writer->plan.steps.count; i++) {
        wb_step_script step;
        if (!wb_step_script_prepare(writer->ledger, writer->options, writer->plan.steps.items[i],
                                    WB_UP, false, writer->arena, &step, err) ||
            !put_applied(writer, &step, true, err))
            return false;
    }
    return set_transaction(writer, &state, false, err);
}

/* ---- the whole ---- */

static bool assume_applied(const script_writer *writer, const char *from, wb_applied *ret_applied,
                           wb_error *err)
{
    const wb_graph *graph = writer->context->graph;
    *ret_applied = wb_applied_none(graph, writer->arena);
    if (from == NULL || from[0] == '\0')
        return true;
    wb_applied none = *ret_applied;
    return wb_graph_plan_stamp(graph, &from, 1, &none, writer->arena, ret_applied, err);
}

static bool make_script_plan(script_writer *writer, const char *command, wb_error *err)
{
    static const char *const heads[] = {"heads"};
    const wb_run_options *options = writer->options;
    const char *from = NULL;
    const char *to = NULL;
    wb_applied applied;
    bool is_range = options->target_count == 1 &&
                    wb_range_split(options->targets[0], writer->arena, &from, &to);
    if (strcmp(command, "downgrade") == 0 && !is_range) {
        wb_fail(err, WB_E_USAGE, "downgrade --sql needs a range");
        return wb_hint(err, "Write FROM:TO, for example head:base, since no database is asked.");
    }
    if (is_range && (to == NULL || to[0] == '\0'))
        to = "heads";
    const char *const *targets = is_range ? &to : options->targets;
    size_t count = is_range ? 1 : options->target_count;
    if (count == 0) {
        targets = heads;
        count = 1;
    }
    return assume_applied(writer, from, &applied, err) &&
           wb_plan_make(writer->context->graph, command, targets, count, &applied, writer->arena,
                        &writer->plan, err);
}

static bool put_header(const script_writer *writer, wb_error *err)
{
    char now[WB_TIME_TEXT];
    wb_time_format(wb_clock_now_us(), now);
    static const char *const preambles[WB_DIALECT_COUNT] = {
        [WB_POSTGRES] = "\\set ON_ERROR_STOP on\n",
        [WB_SQLITE] = ".bail on\n",
        [WB_MARIADB] = "SET NAMES utf8mb4;\n",
    };
    return put(writer, err, "-- Written by whimbrel %s at %s: %s of \"%s\", %zu steps.\n",
               wb_version(), now, writer->plan.command, writer->context->target,
               writer->plan.steps.count) &&
           put(writer, err, "%s\n", preambles[writer->context->dialect->id]);
}

bool wb_script_command(const wb_context *context, const char *command,
                       const wb_run_options *options, wb_write_fn *write, void *arg, wb_error *err)
{
    WB_SCRATCH(arena);
    script_writer writer = {.context = context,
                            .options = options,
                            .ledger = wb_ledger_offline(context),
                            .arena = arena,
                            .write = write,
                            .arg = arg};
    if (!make_script_plan(&writer, command, err) || !put_header(&writer, err) ||
        !put_ledger(&writer, err))
        return false;
    if (strcmp(command, "stamp") == 0)
        return put_stamp(&writer, err);
    for (size_t i = 0; i < writer.plan.steps.count; i++) {
        if (!put_step(&writer, writer.plan.steps.items[i], err))
            return false;
    }
    return true;
}
