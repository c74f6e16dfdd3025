/* Session settings of a run: what is set before the first step and put back after a step whose
 * file has changed some. */
#include "engine/run_state.h"

static bool submit(const wb_run *run, const char *sql, wb_error *err)
{
    return wb_session_submit_sql(run->context->session, wb_str_from(sql), err);
}

/* What a session of PostgreSQL is given. */
static const struct {
    const char *name;
    const char *value;       /* NULL: as the project says */
    unsigned version;        /* the first that has it */
    bool is_for_transaction; /* also where settings are made anew for each transaction */
} postgres_settings[] = {
    {"lock_timeout", NULL, 0, true},
    {"statement_timeout", NULL, 0, true},
    /* A server notices only now and then that its client is gone. Until then the statement goes on
     * and keeps its locks, so it is made to look. */
    {"tcp_keepalives_idle", "15", 0, false},
    {"tcp_keepalives_interval", "5", 0, false},
    {"tcp_keepalives_count", "5", 0, false},
    {"tcp_user_timeout", "40s", 120000, false},
    {"client_connection_check_interval", "2s", 140000, true},
    {"idle_in_transaction_session_timeout", "10min", 0, true},
};

static unsigned project_value(const wb_run *run, const char *name)
{
    const wb_database_config *config = run->context->config;
    return strcmp(name, "lock_timeout") == 0 ? config->lock_timeout_ms
                                             : config->statement_deadline_ms;
}

/* Only Linux can tell while a statement runs that the client is gone; others refuse the setting.
 * With no deadline the server's own limit holds, or that of the URL. */
static bool is_allowed(const wb_run *run, size_t index)
{
    bool needs_linux =
        strcmp(postgres_settings[index].name, "client_connection_check_interval") == 0;
    bool is_deadline = strcmp(postgres_settings[index].name, "statement_timeout") == 0;
    return run->context->session->version >= postgres_settings[index].version &&
           (!needs_linux || run->ledger->is_linux) &&
           (!is_deadline || run->context->config->statement_deadline_ms > 0);
}

static void add_postgres(const wb_run *run, bool is_local, wb_buf *sql)
{
    const char *gap = "SELECT ";
    for (size_t i = 0; i < sizeof(postgres_settings) / sizeof(postgres_settings[0]); i++) {
        if ((is_local && !postgres_settings[i].is_for_transaction) || !is_allowed(run, i))
            continue;
        wb_buf_printf(sql, "%spg_catalog.set_config('%s', '", gap, postgres_settings[i].name);
        if (postgres_settings[i].value != NULL)
            wb_buf_puts(sql, postgres_settings[i].value);
        else
            wb_buf_printf(sql, "%u", project_value(run, postgres_settings[i].name));
        wb_buf_printf(sql, "', %s)", is_local ? "true" : "false");
        gap = ", ";
    }
}

void wb_settings_add_local(const wb_run *run, wb_buf *sql)
{
    add_postgres(run, true, sql);
}

static bool submit_postgres(const wb_run *run, bool restore, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    if (restore &&
        (!submit(run, "RESET SESSION AUTHORIZATION", err) || !submit(run, "RESET ALL", err)))
        return false;
    if (run->ledger->is_pooled)
        return true;
    add_postgres(run, false, &sql);
    /* Behind a failure of what shares a round trip with them they would be undone, so, as the run
     * begins, they have one of their own. */
    return submit(run, wb_buf_text(&sql), err) &&
           (restore || wb_session_collect(run->context->session, err));
}

/* The server's sql_mode, made strict: otherwise MariaDB cuts and zeroes values without an error. */
static const char *strict_mode(const wb_run *run)
{
    const char *mode = run->ledger->sql_mode != NULL ? run->ledger->sql_mode : "";
    if (strstr(mode, "STRICT_") != NULL)
        return mode;
    return wb_arena_printf(run->context->arena, "%s%sSTRICT_TRANS_TABLES", mode,
                           mode[0] != '\0' ? "," : "");
}

static bool submit_mariadb(const wb_run *run, bool restore, wb_error *err)
{
    const wb_ledger *ledger = run->ledger;
    unsigned deadline_ms = run->context->config->statement_deadline_ms;
    unsigned timeout_s = (run->context->config->lock_timeout_ms + 999) / 1000;
    if (timeout_s == 0)
        timeout_s = 86400; /* the server's own default: as good as no limit */
    WB_AUTO_BUF(sql, 0);
    wb_buf_printf(&sql,
                  "SET SESSION autocommit = 0, foreign_key_checks = 1, unique_checks = 1,"
                  " lock_wait_timeout = %u, innodb_lock_wait_timeout = %u,"
                  " wait_timeout = 28800, sql_mode = ",
                  timeout_s, timeout_s);
    wb_sql_literal(&sql, run->context->dialect, wb_str_from(strict_mode(run)));
    if (deadline_ms > 0) /* MySQL has another name for it, so it is not set without need */
        wb_buf_printf(&sql, ", max_statement_time = %u", (deadline_ms + 999) / 1000);
    if (!restore) /* from when the first step's duration counts, see WB_Q_INSERT */
        wb_buf_puts(&sql, ", @whimbrel_at = utc_timestamp(6)");
    bool ok = wb_session_submit_sql(run->context->session, wb_buf_str(&sql), err);
    if (!ok || !restore || ledger->database == NULL)
        return ok;
    if (!submit(run, "UNLOCK TABLES", err) ||
        !submit(run, "SET SESSION time_zone = DEFAULT", err) ||
        !submit(run, "SET NAMES utf8mb4", err))
        return false;
    wb_buf_reset(&sql);
    wb_buf_puts(&sql, "USE ");
    wb_sql_identifier(&sql, run->context->dialect, wb_str_from(ledger->database));
    return wb_session_submit_sql(run->context->session, wb_buf_str(&sql), err);
}

bool wb_settings_submit(const wb_run *run, bool restore, wb_error *err)
{
    switch (run->context->dialect->id) {
    case WB_POSTGRES:
        return submit_postgres(run, restore, err);
    case WB_MARIADB:
        return submit_mariadb(run, restore, err);
    case WB_SQLITE:
        return !restore || wb_sqlite_guard_restore(run, err);
    case WB_DIALECT_COUNT:
        break;
    }
    return true;
}
