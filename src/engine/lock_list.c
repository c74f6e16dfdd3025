#include "engine/lock_list.h"

#include "engine/cluster_lock.h"
#include "engine/runner_lock.h"
#include "sql/outline.h"

enum { STATEMENT_BYTES = 200 };

static const wb_lock_info nothing_known = {.held_us = -1, .state_us = -1, .beat_age_us = -1};

/* ---- what the journal knows ---- */

typedef struct work {
    wb_arena *arena;
    bool is_begun; /* the newest run has not ended */
    const char *command;
    const char *who;
    const char *host;
    int64_t age_us;
} work;

static bool take_work(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    work *newest = arg;
    newest->is_begun = strcmp(wb_row_text(row, 0), "begin") == 0;
    newest->command = wb_arena_strdup(newest->arena, wb_row_text(row, 1));
    newest->who = wb_arena_strdup(newest->arena, wb_row_text(row, 2));
    newest->host = wb_arena_strdup(newest->arena, wb_row_text(row, 3));
    newest->age_us = wb_row_int(row, 4);
    return true;
}

/* A run that was cut off has not ended either, and is not the holder's: a holder that was not
 * connected yet when the run began does not have it. */
static void add_work(const wb_ledger *ledger, int64_t connected_us, wb_arena *arena,
                     wb_lock_info *info)
{
    work newest = {.arena = arena};
    wb_error ignored;
    wb_str sql = wb_str_from(ledger->texts[WB_Q_AT_WORK]);
    if (!ledger->exists ||
        !wb_session_query(ledger->context->session, sql, NULL, 0, take_work, &newest, &ignored))
        return;
    if (!newest.is_begun || (connected_us >= 0 && newest.age_us > connected_us))
        return;
    info->held_us = newest.age_us > 0 ? newest.age_us : 0;
    info->command = newest.command;
    info->started_by = newest.who[0] != '\0' ? newest.who : NULL;
    info->started_on = newest.host[0] != '\0' ? newest.host : NULL;
}

/* ---- a lock of a session ---- */

static void add_holder_part(wb_buf *text, const char **gap, const char *before, const char *part)
{
    if (part == NULL || part[0] == '\0')
        return;
    wb_buf_printf(text, "%s%s%s", *gap, before, part);
    *gap = ", ";
}

/* "pid 123 (user x, whimbrel upgrade, from 10.0.0.7, held for 12 s)". */
static const char *holder_text(const wb_ledger *ledger, const wb_lock_info *info,
                               int64_t connected_us, wb_arena *arena)
{
    static const char *const words[WB_DIALECT_COUNT] = {
        [WB_SQLITE] = "process", [WB_POSTGRES] = "pid", [WB_MARIADB] = "connection"};
    WB_AUTO_BUF(text, 0);
    const char *gap = " (";
    bool is_held_known = info->held_us >= 0;
    int64_t age_us = is_held_known ? info->held_us : connected_us;
    wb_buf_printf(&text, "%s %lld", words[ledger->context->dialect->id],
                  (long long) info->connection);
    add_holder_part(&text, &gap, "user ", info->user);
    add_holder_part(&text, &gap, "", info->application);
    add_holder_part(&text, &gap, "from ", info->client);
    if (age_us >= 0)
        add_holder_part(&text, &gap, is_held_known ? "held for " : "connected for ",
                        wb_arena_printf(arena, "%lld s", (long long) (age_us / 1000000)));
    if (gap[0] == ',')
        wb_buf_putc(&text, ')');
    return wb_arena_strdup(arena, wb_buf_text(&text));
}

static void add_doing(const wb_ledger *ledger, const wb_lock_holder *holder, wb_arena *arena,
                      wb_lock_info *info)
{
    info->connection = holder->id;
    info->user = holder->user;
    info->application = holder->application;
    info->client = holder->client;
    info->state = holder->state;
    info->state_us = holder->state_us;
    info->wait = holder->wait;
    if (holder->statement == NULL)
        return;
    WB_AUTO_BUF(outline, 0);
    wb_sql_outline(ledger->context->dialect->id, wb_str_from(holder->statement), STATEMENT_BYTES,
                   &outline);
    info->statement = wb_str_dup(arena, wb_buf_str(&outline));
}

static bool describe_session(const wb_ledger *ledger, wb_arena *arena, wb_lock_info *info,
                             wb_error *err)
{
    wb_lock_holder holder;
    info->kind = "session";
    if (!wb_session_lock_holder(ledger->context->session, wb_runner_lock_name(ledger, arena), arena,
                                &holder, err))
        return false;
    info->is_held = holder.is_held;
    if (!holder.is_held)
        return true;
    add_doing(ledger, &holder, arena, info);
    add_work(ledger, holder.connected_us, arena, info);
    info->holder = holder_text(ledger, info, holder.connected_us, arena);
    return true;
}

/* ---- a row on a cluster ---- */

typedef struct doing_reader {
    wb_arena *arena;
    wb_lock_holder holder;
} doing_reader;

static const char *keep(wb_arena *arena, const wb_row *row, size_t column)
{
    const char *text = wb_row_text(row, column);
    return text[0] == '\0' ? NULL : wb_arena_strdup(arena, text);
}

static bool take_doing(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    doing_reader *reader = arg;
    reader->holder = (wb_lock_holder){.is_held = true,
                                      .id = wb_row_int(row, 0),
                                      .user = keep(reader->arena, row, 1),
                                      .client = keep(reader->arena, row, 2),
                                      .state = keep(reader->arena, row, 3),
                                      .wait = keep(reader->arena, row, 4),
                                      .statement = keep(reader->arena, row, 5),
                                      .state_us = wb_row_int(row, 6)};
    return true;
}

static bool describe_row(const wb_ledger *ledger, wb_arena *arena, wb_lock_info *info,
                         wb_error *err)
{
    wb_cluster_holder row;
    doing_reader doing = {.arena = arena};
    wb_error ignored;
    info->kind = "row";
    if (!wb_cluster_read_holder(ledger, arena, &row, err))
        return false;
    info->token = row.token;
    info->is_held = row.text != NULL;
    if (!info->is_held)
        return true;
    info->holder = row.text;
    info->beat_age_us = row.beat_age_us;
    wb_str sql = wb_str_from(ledger->texts[WB_Q_LOCK_DOING]);
    if (wb_session_query(ledger->context->session, sql, NULL, 0, take_doing, &doing, &ignored) &&
        doing.holder.is_held)
        add_doing(ledger, &doing.holder, arena, info);
    add_work(ledger, row.held_us, arena, info);
    info->held_us = row.held_us;
    return true;
}

/* ---- a file that a program other than Whimbrel writes to ---- */

static bool take_path(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    bool *has_file = arg;
    *has_file =
        *has_file || (strcmp(wb_row_text(row, 1), "main") == 0 && wb_row_text(row, 2)[0] != '\0');
    return true;
}

/* A file that is not there is not made: its session has no path yet. */
static bool describe_file(const wb_ledger *ledger, wb_lock_info *info, wb_error *err)
{
    wb_session *session = ledger->context->session;
    wb_error ignored;
    bool has_file = false;
    info->kind = "file";
    if (!wb_session_query(session, WB_STR("PRAGMA database_list"), NULL, 0, take_path, &has_file,
                          err))
        return false;
    if (!has_file)
        return true;
    bool is_free = wb_session_exec(session, WB_STR("PRAGMA busy_timeout = 0"), err) &&
                   wb_session_exec(session, WB_STR("BEGIN IMMEDIATE"), err);
    (void) wb_session_rollback(session, &ignored);
    if (is_free)
        return true;
    if (err->status == WB_E_READ_ONLY) /* nobody can write to it here */
        return true;
    if (err->status != WB_E_BUSY)
        return false;
    info->is_held = true;
    info->holder = "another process is writing to the database file";
    return true;
}

bool wb_lock_describe(const wb_ledger *ledger, wb_arena *arena, wb_lock_info *ret_info,
                      wb_error *err)
{
    wb_lock_info info = nothing_known;
    bool ok = false;
    bool has_lock = (ledger->context->session->can & WB_CAN_SESSION_LOCK) != 0;
    if (ledger->is_cluster)
        ok = describe_row(ledger, arena, &info, err);
    else
        ok = !has_lock || describe_session(ledger, arena, &info, err);
    if (ok && !info.is_held && ledger->context->dialect->id == WB_SQLITE)
        ok = describe_file(ledger, &info, err);
    if (!ok)
        return wb_while(err, "asking who holds the migration lock");
    *ret_info = info;
    return true;
}
