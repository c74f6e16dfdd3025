/* Session settings of a run: what is set before the first step and put back after a step whose
 * file has changed some. */
#include "engine/run_state.h"

static bool submit(const wb_run *run, const char *sql, wb_error *err)
{
    return wb_session_submit_sql(run->context->session, wb_str_from(sql), err);
}

static bool submit_postgres(const wb_run *run, bool restore, wb_error *err)
{
    char timeout[64];
    (void) snprintf(timeout, sizeof(timeout), "SET lock_timeout = %u",
                    run->context->config->lock_timeout_ms);
    return (!restore ||
            (submit(run, "RESET SESSION AUTHORIZATION", err) && submit(run, "RESET ALL", err))) &&
           submit(run, timeout, err);
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
    unsigned timeout_s = (run->context->config->lock_timeout_ms + 999) / 1000;
    if (timeout_s == 0)
        timeout_s = 86400; /* the server's own default: as good as no limit */
    WB_AUTO_BUF(sql, 0);
    wb_buf_printf(&sql,
                  "SET SESSION autocommit = 0, foreign_key_checks = 1, unique_checks = 1,"
                  " lock_wait_timeout = %u, innodb_lock_wait_timeout = %u, sql_mode = ",
                  timeout_s, timeout_s);
    wb_sql_literal(&sql, run->context->dialect, wb_str_from(strict_mode(run)));
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
