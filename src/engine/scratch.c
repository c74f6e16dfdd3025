#include "engine/scratch.h"

#include "base/random.h"

#include <stdio.h>
#include <time.h>

/* The comment of a scratch database: this and the server's time in seconds. */
#define MARK "whimbrel scratch "

/* A leftover is younger than this while its making may still be under way somewhere: on a cluster
 * the lock of its name is known to one node only. */
#define SWEEP_AGE_S "600"

enum { COMMENTS_SINCE = 100500, STATEMENT_TIME_SINCE = 100101 };
enum { WATCH_EVERY_MS = 50, STATEMENT_S = 60, LOCK_S = 10 };

static bool take_scratch_int(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    *(int64_t *) arg = wb_row_int(row, 0);
    return true;
}

/* ---- leftovers ---- */

typedef struct leftovers {
    wb_arena *arena;
    wb_text_list list;
} leftovers;

static bool take_leftover(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    leftovers *found = arg;
    WB_LIST_ADD(found->arena, &found->list, wb_str_dup(found->arena, row->cells[0]));
    return true;
}

/* Drops a leftover unless somebody holds its lock. */
static bool sweep_one(wb_session *keeper, const char *name, wb_error *err)
{
    int64_t taken = 0;
    WB_AUTO_BUF(sql, 0);
    wb_buf_printf(&sql, "SELECT GET_LOCK('%s', 0)", name);
    if (!wb_session_query(keeper, wb_buf_str(&sql), NULL, 0, take_scratch_int, &taken, err))
        return false;
    if (taken != 1)
        return true;
    return wb_session_execf(keeper, err, "DROP DATABASE IF EXISTS `%s`", name) &&
           wb_session_execf(keeper, err, "DO RELEASE_LOCK('%s')", name);
}

/* Before 10.5 a database has no comment to know it by, so nothing is swept. */
static bool sweep(const wb_scratch *scratch, wb_error *err)
{
    static const wb_str find =
        WB_STR("SELECT schema_name FROM information_schema.schemata"
               " WHERE schema_name REGEXP '^" WB_SCRATCH_PREFIX "[0-9a-f]{16}$'"
               " AND schema_comment REGEXP '^" MARK "[0-9]+$'"
               " AND substring(schema_comment, 18) + " SWEEP_AGE_S " < unix_timestamp()");
    WB_SCRATCH(tmp);
    leftovers found = {.arena = tmp};
    if (scratch->keeper->version < COMMENTS_SINCE)
        return true;
    if (!wb_session_query(scratch->keeper, find, NULL, 0, take_leftover, &found, err))
        return false;
    for (size_t i = 0; i < found.list.count; i++) {
        if (!sweep_one(scratch->keeper, found.list.items[i], err))
            return wb_while(err, "dropping the scratch database \"%s\" of an earlier run",
                            found.list.items[i]);
    }
    return true;
}

/* ---- making it ---- */

static void add_literal(wb_buf *sql, const wb_scratch *scratch, const char *text)
{
    wb_sql_literal(sql, scratch->ledger->context->dialect, wb_str_from(text));
}

typedef struct live_database {
    wb_arena *arena;
    const char *charset;
    const char *collation;
    int64_t now_s;
} live_database;

static bool take_live(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    live_database *live = arg;
    live->charset = wb_str_dup(live->arena, row->cells[0]);
    live->collation = wb_str_dup(live->arena, row->cells[1]);
    live->now_s = wb_row_int(row, 2);
    return true;
}

static bool read_live(const wb_scratch *scratch, live_database *live, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    wb_buf_puts(&sql, "SELECT default_character_set_name, default_collation_name, unix_timestamp()"
                      " FROM information_schema.schemata WHERE schema_name = ");
    add_literal(&sql, scratch, scratch->ledger->database);
    if (!wb_session_query(scratch->keeper, wb_buf_str(&sql), NULL, 0, take_live, live, err))
        return false;
    return live->charset != NULL ||
           wb_fail(err, WB_E_QUERY, "the database \"%s\" is not there", scratch->ledger->database);
}

static bool make_database(wb_scratch *scratch, wb_error *err)
{
    char digits[17];
    int64_t taken = 0;
    WB_SCRATCH(tmp);
    WB_AUTO_BUF(sql, 0);
    live_database live = {.arena = tmp};
    wb_random_hex(digits, 16);
    (void) snprintf(scratch->name, sizeof(scratch->name), WB_SCRATCH_PREFIX "%s", digits);
    wb_buf_printf(&sql, "SELECT GET_LOCK('%s', 0)", scratch->name);
    if (!read_live(scratch, &live, err) ||
        !wb_session_query(scratch->keeper, wb_buf_str(&sql), NULL, 0, take_scratch_int, &taken,
                          err))
        return false;
    if (taken != 1)
        return wb_fail(err, WB_E_QUERY, "the server does not give the lock \"%s\"", scratch->name);
    wb_buf_reset(&sql);
    wb_buf_printf(&sql, "CREATE DATABASE `%s` CHARACTER SET %s COLLATE %s", scratch->name,
                  live.charset, live.collation);
    if (scratch->keeper->version >= COMMENTS_SINCE)
        wb_buf_printf(&sql, " COMMENT '" MARK "%lld'", (long long) live.now_s);
    scratch->exists = true;
    return wb_session_exec(scratch->keeper, wb_buf_str(&sql), err);
}

/* As in a run: strict, so that what fails there fails here. */
static void add_mode(const wb_scratch *scratch, wb_buf *sql)
{
    const char *mode = scratch->ledger->sql_mode != NULL ? scratch->ledger->sql_mode : "";
    WB_AUTO_BUF(strict, 0);
    wb_buf_puts(&strict, mode);
    if (strstr(mode, "STRICT_") == NULL)
        wb_buf_printf(&strict, "%sSTRICT_TRANS_TABLES", mode[0] != '\0' ? "," : "");
    add_literal(sql, scratch, wb_buf_text(&strict));
}

bool wb_scratch_submit_settings(const wb_scratch *scratch, bool restore, wb_error *err)
{
    wb_session *player = scratch->player;
    WB_AUTO_BUF(sql, 0);
    wb_buf_printf(&sql,
                  "SET SESSION autocommit = 1, foreign_key_checks = 1, unique_checks = 1,"
                  " lock_wait_timeout = %d, innodb_lock_wait_timeout = %d",
                  LOCK_S, LOCK_S);
    if (player->version >= STATEMENT_TIME_SINCE)
        wb_buf_printf(&sql, ", max_statement_time = %d", STATEMENT_S);
    wb_buf_puts(&sql, ", sql_mode = ");
    add_mode(scratch, &sql);
    if (restore &&
        (!wb_session_submit_sql(player, WB_STR("SET SESSION time_zone = DEFAULT"), err) ||
         !wb_session_submit_sql(player, WB_STR("SET NAMES utf8mb4"), err)))
        return false;
    if (!wb_session_submit_sql(player, wb_buf_str(&sql), err))
        return false;
    wb_buf_reset(&sql);
    wb_buf_printf(&sql, "USE `%s`", scratch->name);
    return wb_session_submit_sql(player, wb_buf_str(&sql), err);
}

/* The keeper waits for no lock for long, and shows definitions in the same way whatever the
 * server's settings are. */
static bool set_up_keeper(const wb_scratch *scratch, wb_error *err)
{
    return wb_session_execf(scratch->keeper, err,
                            "SET SESSION autocommit = 1, lock_wait_timeout = %d,"
                            " sql_quote_show_create = 1, sql_mode = ''",
                            LOCK_S);
}

/* ---- cancelling ---- */

/* A cancel knows the sessions of its targets only. */
static void *watch(void *arg)
{
    wb_scratch *scratch = arg;
    const atomic_bool *cancelled = scratch->ledger->context->cancelled;
    (void) pthread_mutex_lock(&scratch->mutex);
    while (!scratch->is_ending && !atomic_load(cancelled)) {
        struct timespec until;
        (void) clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += WATCH_EVERY_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        (void) pthread_cond_timedwait(&scratch->changed, &scratch->mutex, &until);
    }
    bool is_ending = scratch->is_ending;
    (void) pthread_mutex_unlock(&scratch->mutex);
    if (!is_ending)
        wb_session_cancel(scratch->player);
    return NULL;
}

static void begin_watching(wb_scratch *scratch)
{
    if (scratch->ledger->context->cancelled == NULL)
        return;
    (void) pthread_mutex_init(&scratch->mutex, NULL);
    (void) pthread_cond_init(&scratch->changed, NULL);
    scratch->is_watched = pthread_create(&scratch->watcher, NULL, watch, scratch) == 0;
}

static void end_watching(wb_scratch *scratch)
{
    if (!scratch->is_watched)
        return;
    (void) pthread_mutex_lock(&scratch->mutex);
    scratch->is_ending = true;
    (void) pthread_cond_signal(&scratch->changed);
    (void) pthread_mutex_unlock(&scratch->mutex);
    (void) pthread_join(scratch->watcher, NULL);
    (void) pthread_cond_destroy(&scratch->changed);
    (void) pthread_mutex_destroy(&scratch->mutex);
    scratch->is_watched = false;
}

/* ---- all ---- */

bool wb_scratch_open(wb_scratch *scratch, const wb_ledger *ledger, wb_error *err)
{
    *scratch = (wb_scratch){.ledger = ledger};
    if (!wb_context_open(ledger->context, "scratch", &scratch->keeper, err) ||
        !set_up_keeper(scratch, err) || !sweep(scratch, err) || !make_database(scratch, err) ||
        !wb_context_open(ledger->context, "scratch", &scratch->player, err))
        return false;
    begin_watching(scratch);
    return wb_scratch_submit_settings(scratch, false, err) &&
           wb_session_collect(scratch->player, err);
}

void wb_scratch_close(wb_scratch *scratch)
{
    wb_error err;
    end_watching(scratch);
    wb_session_close(scratch->player);
    if (scratch->exists &&
        !wb_session_execf(scratch->keeper, &err, "DROP DATABASE IF EXISTS `%s`", scratch->name))
        wb_context_warn(scratch->ledger->context,
                        "the scratch database \"%s\" could not be dropped, which a later run will"
                        " do: %s",
                        scratch->name, err.message);
    wb_session_close(scratch->keeper);
    *scratch = (wb_scratch){.ledger = scratch->ledger};
}
