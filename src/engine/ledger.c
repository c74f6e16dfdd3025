#include "engine/ledger.h"

#include "base/clock.h"

#include <stdlib.h>

/* ---- the texts of a target ---- */

static void add_placeholder(const wb_ledger *ledger, char name, wb_buf *sql)
{
    unsigned number = name <= '9' ? (unsigned) (name - '0') : (unsigned) (name - 'a') + 10;
    if (ledger->context->session != NULL) /* a script has no placeholders */
        wb_session_placeholder(ledger->context->session, number, sql);
}

static void add_literal_or_null(const wb_ledger *ledger, const char *text, wb_buf *sql)
{
    if (text == NULL)
        wb_buf_puts(sql, "NULL");
    else
        wb_sql_literal(sql, ledger->context->dialect, wb_str_from(text));
}

static void expand(const wb_ledger *ledger, char name, wb_buf *sql)
{
    switch (name) {
    case 'h':
        wb_buf_puts(sql, ledger->history);
        break;
    case 'j':
        wb_buf_puts(sql, ledger->journal);
        break;
    case 'l':
        wb_buf_puts(sql, ledger->lock);
        break;
    case 'H':
        wb_sql_literal(sql, ledger->context->dialect, wb_str_from(ledger->history));
        break;
    case 's':
        wb_sql_identifier(sql, ledger->context->dialect, wb_str_from(ledger->schema));
        break;
    case 'S':
        add_literal_or_null(ledger, ledger->context->config->ledger_schema, sql);
        break;
    default:
        add_placeholder(ledger, name, sql);
        break;
    }
}

static const char *text_of(const wb_ledger *ledger, wb_ledger_query query)
{
    const char *template = wb_ledger_query_text(ledger->context->dialect->id, query);
    if (template == NULL)
        return NULL;
    WB_AUTO_BUF(sql, 0);
    for (const char *at = template; *at != '\0'; at++) {
        if (at[0] == '{' && at[1] != '\0' && at[2] == '}') {
            expand(ledger, at[1], &sql);
            at += 2;
        } else {
            wb_buf_putc(&sql, *at);
        }
    }
    return wb_str_dup(ledger->context->arena, wb_buf_str(&sql));
}

static const char *table_name(const wb_ledger *ledger, const char *name)
{
    WB_AUTO_BUF(quoted, 0);
    WB_AUTO_BUF(full, 0);
    wb_buf_printf(&full, "%s%s", ledger->context->config->ledger_prefix, name);
    wb_sql_qualified(&quoted, ledger->context->dialect, wb_str_from(ledger->schema),
                     wb_buf_str(&full));
    return wb_str_dup(ledger->context->arena, wb_buf_str(&quoted));
}

/* Makes all texts for the schema that is known so far. */
static void name_tables(wb_ledger *ledger)
{
    ledger->history = table_name(ledger, "history");
    ledger->journal = table_name(ledger, "journal");
    ledger->lock = table_name(ledger, "lock");
    for (int query = 0; query < WB_QUERY_COUNT; query++) {
        bool needs_schema = query == WB_Q_CREATE_SCHEMA;
        if (!needs_schema || ledger->schema != NULL)
            ledger->texts[query] = text_of(ledger, (wb_ledger_query) query);
    }
}

/* ---- reading ---- */

static char *keep_text(const wb_ledger *ledger, const wb_row *row, size_t column)
{
    if (wb_row_is_null(row, column))
        return NULL;
    return wb_str_dup(ledger->context->arena, row->cells[column]);
}

static bool is_true(const wb_row *row, size_t column)
{
    wb_str cell = row->cells[column];
    return cell.len > 0 && (cell.ptr[0] == 't' || cell.ptr[0] == '1');
}

static bool take_info(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    wb_ledger *ledger = arg;
    const char *schema = keep_text(ledger, row, 0);
    ledger->schema_exists = is_true(row, 1) || ledger->context->config->ledger_schema == NULL;
    if (ledger->context->dialect->id == WB_MARIADB) {
        ledger->sql_mode = keep_text(ledger, row, 2);
        ledger->database = keep_text(ledger, row, 6);
    } else {
        ledger->nonstandard_strings = wb_str_is(row->cells[2], "off");
        ledger->is_linux = is_true(row, 7);
        ledger->is_pooled = (uint64_t) wb_row_int(row, 4) != ledger->context->session->backend_id;
        ledger->context->session->is_pooled = ledger->is_pooled;
    }
    ledger->read_only = is_true(row, 3);
    ledger->schema = schema;
    return true;
}

static bool take_cluster(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    wb_ledger *ledger = arg;
    ledger->is_cluster = wb_str_is_nocase(row->cells[1], "on");
    return true;
}

static bool take_version(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    wb_ledger *ledger = arg;
    ledger->version = (unsigned) wb_row_int(row, 0);
    return true;
}

static bool take_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    wb_ledger *ledger = arg;
    wb_ledger_row entry = {.revision = keep_text(ledger, row, 0),
                           .raw_checksum = keep_text(ledger, row, 1),
                           .position = wb_row_int(row, 2)};
    WB_LIST_ADD(ledger->context->arena, &ledger->rows, entry);
    return true;
}

static bool take_full_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    wb_ledger *ledger = arg;
    wb_ledger_row entry = {.revision = keep_text(ledger, row, 0),
                           .slug = keep_text(ledger, row, 1),
                           .checksum = keep_text(ledger, row, 2),
                           .raw_checksum = keep_text(ledger, row, 3),
                           .duration_ms = wb_row_int(row, 4),
                           .applied_by = keep_text(ledger, row, 5),
                           .host = keep_text(ledger, row, 6),
                           .tool_version = keep_text(ledger, row, 7),
                           .batch = keep_text(ledger, row, 8),
                           .stamped = is_true(row, 9),
                           .position = wb_row_int(row, 10)};
    (void) wb_time_parse(row->cells[11], &entry.applied_at_us);
    WB_LIST_ADD(ledger->context->arena, &ledger->rows, entry);
    return true;
}

static bool submit_read(wb_ledger *ledger, wb_ledger_query query, wb_row_fn *take, wb_error *err)
{
    return wb_session_submit(
        ledger->context->session,
        &(wb_request){.sql = wb_str_from(ledger->texts[query]), .row = take, .arg = ledger}, err);
}

/* Does the error say that the tables are not there? */
static bool is_absent(const wb_ledger *ledger, const wb_error *err)
{
    enum { NO_SUCH_TABLE = 1146, UNKNOWN_DATABASE = 1049 };
    switch (ledger->context->dialect->id) {
    case WB_POSTGRES:
        return strcmp(err->sqlstate, "42P01") == 0 || strcmp(err->sqlstate, "3F000") == 0;
    case WB_MARIADB:
        return err->native_code == NO_SUCH_TABLE || err->native_code == UNKNOWN_DATABASE;
    case WB_SQLITE:
        return strstr(err->message, "no such table") != NULL;
    case WB_DIALECT_COUNT:
        break;
    }
    return false;
}

static bool check_version(const wb_ledger *ledger, wb_error *err)
{
    if (ledger->version == 0) {
        wb_fail(err, WB_E_LEDGER, "the ledger table %s has lost its first row", ledger->journal);
        return wb_hint(err,
                       "Row 1 must say which version the tables have: restore it from a "
                       "backup, or insert (id, run, event, statement) = (1, '', 'ledger', %d).",
                       WB_LEDGER_VERSION);
    }
    if (ledger->version <= WB_LEDGER_VERSION)
        return true;
    wb_fail(err, WB_E_LEDGER, "the ledger has version %u, this program knows versions up to %d",
            ledger->version, WB_LEDGER_VERSION);
    return wb_hint(err, "A newer Whimbrel has been here. Use that version or a later one.");
}

wb_ledger *wb_ledger_offline(const wb_context *context)
{
    wb_ledger *ledger = WB_NEW(context->arena, wb_ledger);
    ledger->context = context;
    ledger->schema = context->config->ledger_schema;
    ledger->schema_exists = true;
    ledger->next_position = 1;
    name_tables(ledger);
    return ledger;
}

bool wb_ledger_read(const wb_context *context, wb_ledger_detail detail, wb_ledger **ret_ledger,
                    wb_error *err)
{
    wb_ledger *ledger = wb_ledger_offline(context);
    if (context->dialect->id == WB_SQLITE && ledger->schema != NULL)
        return wb_fail(err, WB_E_UNSUPPORTED, "SQLite has no schemas, but ledger.schema is \"%s\"",
                       ledger->schema);
    bool full = detail == WB_LEDGER_FULL;
    bool asks_info = detail == WB_LEDGER_STATE && ledger->texts[WB_Q_INFO] != NULL;
    bool asks_cluster = asks_info && ledger->texts[WB_Q_CLUSTER] != NULL;
    bool ok = (!asks_info || submit_read(ledger, WB_Q_INFO, take_info, err)) &&
              (!asks_cluster || submit_read(ledger, WB_Q_CLUSTER, take_cluster, err)) &&
              submit_read(ledger, WB_Q_VERSION, take_version, err) &&
              submit_read(ledger, full ? WB_Q_ROWS_FULL : WB_Q_ROWS,
                          full ? take_full_row : take_row, err) &&
              wb_session_collect(context->session, err);
    if (!ok && !is_absent(ledger, err))
        return wb_while(err, "reading the ledger %s", ledger->history);
    /* Empty tables without a version: their making was cut off, or they are another's. */
    ledger->exists = ok && (ledger->version != 0 || ledger->rows.count > 0);
    if (ledger->exists && !check_version(ledger, err))
        return false;
    if (asks_info)
        name_tables(ledger); /* the server has told the schema */
    if (ledger->rows.count > 0)
        ledger->next_position = ledger->rows.items[ledger->rows.count - 1].position + 1;
    *ret_ledger = ledger;
    return true;
}

void wb_ledger_applied(const wb_ledger *ledger, wb_arena *arena, wb_applied *ret_applied,
                       wb_text_list *ret_missing)
{
    *ret_applied = wb_applied_none(ledger->context->graph, arena);
    for (size_t i = 0; i < ledger->rows.count; i++) {
        const char *id = ledger->rows.items[i].revision;
        uint32_t index = 0;
        if (wb_graph_find(ledger->context->graph, wb_str_from(id), &index)) {
            ret_applied->flags[index] = true;
            ret_applied->count++;
        } else if (ret_missing != NULL) {
            WB_LIST_ADD(arena, ret_missing, id);
        }
    }
}

/* ---- half-done steps ---- */

static wb_open_step *open_step_of(wb_ledger *ledger, const char *revision, wb_direction direction)
{
    for (size_t i = 0; i < ledger->open_steps.count; i++) {
        wb_open_step *step = &ledger->open_steps.items[i];
        if (step->direction == direction && strcmp(step->revision, revision) == 0)
            return step;
    }
    WB_LIST_ADD(ledger->context->arena, &ledger->open_steps,
                ((wb_open_step){.revision = revision, .direction = direction}));
    return &ledger->open_steps.items[ledger->open_steps.count - 1];
}

static bool take_open_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    wb_ledger *ledger = arg;
    wb_direction direction = strcmp(wb_row_text(row, 2), "down") == 0 ? WB_DOWN : WB_UP;
    wb_open_step *step = open_step_of(ledger, keep_text(ledger, row, 1), direction);
    const char *event = wb_row_text(row, 0);
    unsigned number = (unsigned) wb_row_int(row, 3);
    bool is_finish = strcmp(event, "finish") == 0;
    bool is_done = strcmp(event, "done") == 0;
    bool is_intent = strcmp(event, "intent") == 0;
    step->done = is_finish ? 0 : is_done ? number : number - 1;
    step->unknown = is_intent ? number : 0;
    step->checksum = keep_text(ledger, row, 4);
    step->at = keep_text(ledger, row, 5);
    step->run = keep_text(ledger, row, 6);
    step->line = (unsigned) wb_row_int(row, 8);
    step->own_hash = is_intent ? keep_text(ledger, row, 7) : NULL;
    return true;
}

bool wb_ledger_read_open_steps(wb_ledger *ledger, wb_error *err)
{
    ledger->open_steps.count = 0;
    if (!ledger->exists)
        return true;
    return wb_session_query(ledger->context->session, wb_str_from(ledger->texts[WB_Q_OPEN_STEPS]),
                            NULL, 0, take_open_row, ledger, err) ||
           wb_while(err, "reading the journal %s", ledger->journal);
}

wb_open_step *wb_ledger_open_step(const wb_ledger *ledger, const char *revision,
                                  wb_direction direction)
{
    for (size_t i = 0; i < ledger->open_steps.count; i++) {
        wb_open_step *step = &ledger->open_steps.items[i];
        if (step->direction == direction && strcmp(step->revision, revision) == 0 &&
            (step->done != 0 || step->unknown != 0))
            return step;
    }
    return NULL;
}

/* ---- writing ---- */

bool wb_ledger_submit_create(wb_ledger *ledger, const char *run, wb_error *err)
{
    wb_session *session = ledger->context->session;
    if (ledger->exists)
        return true;
    if (ledger->schema == NULL && ledger->context->dialect->id != WB_SQLITE) {
        wb_fail(err, WB_E_LEDGER, "there is no schema for the ledger: %s",
                ledger->context->dialect->id == WB_POSTGRES
                    ? "the search path names none that exists"
                    : "the URL names no database");
        return wb_hint(err, "Name one in the URL or set ledger.schema in whimbrel.yaml.");
    }
    wb_value version[] = {wb_value_int(WB_LEDGER_VERSION), wb_value_text(run),
                          wb_value_text(wb_version())};
    wb_request first_row = {
        .sql = wb_str_from(ledger->texts[WB_Q_INSERT_VERSION]), .args = version, .arg_count = 3};
    return (ledger->schema_exists ||
            wb_session_submit_sql(session, wb_str_from(ledger->texts[WB_Q_CREATE_SCHEMA]), err)) &&
           wb_session_submit_sql(session, wb_str_from(ledger->texts[WB_Q_CREATE_HISTORY]), err) &&
           wb_session_submit_sql(session, wb_str_from(ledger->texts[WB_Q_CREATE_JOURNAL]), err) &&
           wb_session_submit(session, &first_row, err);
}

bool wb_ledger_submit_applied(const wb_ledger *ledger, const wb_applied_row *row,
                              wb_answer_fn *answer, void *arg, wb_error *err)
{
    const wb_context *context = ledger->context;
    wb_value args[] = {
        wb_value_text(row->revision->id), wb_value_text(row->revision->slug),
        wb_value_text(row->checksum),     wb_value_text(row->raw_checksum),
        wb_value_int(row->duration_ms),   wb_value_text(context->who),
        wb_value_text(context->host),     wb_value_text(wb_version()),
        wb_value_text(row->run),          wb_value_int(row->stamped ? 1 : 0),
        wb_value_int(row->position),
    };
    return wb_session_submit(context->session,
                             &(wb_request){.sql = wb_str_from(ledger->texts[WB_Q_INSERT]),
                                           .args = args,
                                           .arg_count = sizeof(args) / sizeof(args[0]),
                                           .answer = answer,
                                           .arg = arg,
                                           .keep = true},
                             err);
}

bool wb_ledger_submit_removed(const wb_ledger *ledger, const char *revision, wb_answer_fn *answer,
                              void *arg, wb_error *err)
{
    wb_value id = wb_value_text(revision);
    return wb_session_submit(ledger->context->session,
                             &(wb_request){.sql = wb_str_from(ledger->texts[WB_Q_DELETE]),
                                           .args = &id,
                                           .arg_count = 1,
                                           .answer = answer,
                                           .arg = arg,
                                           .keep = true},
                             err);
}
