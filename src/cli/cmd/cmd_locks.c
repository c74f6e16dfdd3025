#include "cli/cli.h"

static const wb_example examples[] = {
    {"locks", "Show who works on each database of the project, and what it does now."},
    {"locks --json | jq '.[] | select(.held)'", "Let a program look at the locks that are held."},
    {.line = NULL}};

static void set_time(json_t *object, const char *key, int64_t time_us)
{
    wb_json_set(object, key,
                time_us < 0 ? json_null() : json_integer((json_int_t) (time_us / 1000)));
}

static void set_number(json_t *object, const char *key, int64_t number)
{
    wb_json_set(object, key, number == 0 ? json_null() : json_integer((json_int_t) number));
}

static json_t *to_json(const wb_lock_info *lock)
{
    json_t *object = json_object();
    wb_json_set(object, "target", wb_json_text(lock->target));
    wb_json_set(object, "engine", wb_json_text(lock->engine));
    wb_json_set(object, "kind", wb_json_text(lock->kind));
    wb_json_set(object, "held", json_boolean(lock->is_held));
    wb_json_set(object, "holder", wb_json_text_or_null(lock->holder));
    set_number(object, "connection", lock->connection);
    wb_json_set(object, "user", wb_json_text_or_null(lock->user));
    wb_json_set(object, "application", wb_json_text_or_null(lock->application));
    wb_json_set(object, "client", wb_json_text_or_null(lock->client));
    set_time(object, "held_ms", lock->held_us);
    wb_json_set(object, "command", wb_json_text_or_null(lock->command));
    wb_json_set(object, "started_by", wb_json_text_or_null(lock->started_by));
    wb_json_set(object, "started_on", wb_json_text_or_null(lock->started_on));
    wb_json_set(object, "state", wb_json_text_or_null(lock->state));
    set_time(object, "state_ms", lock->state_us);
    wb_json_set(object, "wait", wb_json_text_or_null(lock->wait));
    wb_json_set(object, "statement", wb_json_text_or_null(lock->statement));
    set_number(object, "token", lock->token);
    set_time(object, "heartbeat_age_ms", lock->beat_age_us);
    return object;
}

/* "  user       app", the text wrapped under itself; nothing where nothing is known. */
static void put_field(wb_cli *cli, const char *name, const char *text, wb_arena *arena)
{
    enum { INDENT = 13, WIDTH = 80 };
    if (text == NULL || text[0] == '\0')
        return;
    WB_AUTO_BUF(line, 0);
    wb_buf_printf(&line, "  %-9s  ", name);
    wb_wrap(&line, wb_clean(arena, text), INDENT, INDENT, WIDTH);
    wb_put(&cli->out, "%s\n", wb_buf_text(&line));
}

static const char *run_text(const wb_lock_info *lock, wb_arena *arena)
{
    if (lock->command == NULL)
        return NULL;
    return wb_arena_printf(
        arena, "%s%s%s%s%s", lock->command, lock->started_by != NULL ? ", by " : "",
        lock->started_by != NULL ? lock->started_by : "", lock->started_on != NULL ? " on " : "",
        lock->started_on != NULL ? lock->started_on : "");
}

static const char *state_text(const wb_lock_info *lock, wb_arena *arena)
{
    if (lock->state == NULL || lock->state_us < 0)
        return lock->state;
    return wb_arena_printf(arena, "%s for %s", lock->state,
                           wb_duration_text(arena, lock->state_us));
}

static void put_details(wb_cli *cli, const wb_lock_info *lock, wb_arena *arena)
{
    put_field(cli, "run", run_text(lock, arena), arena);
    put_field(cli, "user", lock->user, arena);
    put_field(cli, "program", lock->application, arena);
    put_field(cli, "client", lock->client, arena);
    put_field(cli, "state", state_text(lock, arena), arena);
    put_field(cli, "waits for", lock->wait, arena);
    put_field(cli, "statement", lock->statement, arena);
    if (lock->beat_age_us >= 0)
        put_field(cli, "heartbeat",
                  wb_arena_printf(arena, "%s ago", wb_duration_text(arena, lock->beat_age_us)),
                  arena);
}

/* "auth: free", "specs: held for 12.31 s by pid 4711". */
static void put_lock(wb_cli *cli, const wb_lock_info *lock, wb_arena *arena)
{
    wb_put(&cli->out, "%s%s%s: ", wb_paint_begin(&cli->out, WB_PAINT_HEADING),
           wb_clean(arena, lock->target), wb_paint_begin(&cli->out, WB_PAINT_NONE));
    if (!lock->is_held) {
        wb_put(&cli->out, "free\n");
        return;
    }
    wb_put(&cli->out, "%sheld%s", wb_paint_begin(&cli->out, WB_PAINT_WARN),
           wb_paint_begin(&cli->out, WB_PAINT_NONE));
    if (lock->held_us >= 0)
        wb_put(&cli->out, " for %s", wb_duration_text(arena, lock->held_us));
    if (strcmp(lock->kind, "session") == 0)
        wb_put(&cli->out, " by %s %lld\n",
               strcmp(lock->engine, "PostgreSQL") == 0 ? "pid"
               : strcmp(lock->engine, "SQLite") == 0   ? "process"
                                                       : "connection",
               (long long) lock->connection);
    else
        wb_put(&cli->out, ": %s\n", wb_clean(arena, lock->holder));
    put_details(cli, lock, arena);
}

static bool show(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_lock_info lock = {0};
    json_t *array = arg;
    if (!wb_locks(target, arena, &lock, err))
        return false;
    if (cli->is_json)
        wb_json_add(array, to_json(&lock));
    else if (!cli->is_quiet)
        put_lock(cli, &lock, arena);
    return true;
}

static bool run(wb_cli *cli, wb_error *err)
{
    json_t *array = cli->is_json ? json_array() : NULL;
    bool ok = wb_cli_each(cli, show, array, err);
    if (ok && array != NULL)
        wb_json_print(&cli->out, array);
    else
        json_decref(array);
    return ok;
}

static const wb_option options[] = {{.name = NULL}};

const wb_command wb_cmd_locks = {
    .name = "locks",
    .summary = "show who works on each database",
    .description =
        "One runner at a time works on a database. Shows for each one whether its lock is free, or "
        "who holds it: since when, from where, and what it does at this moment. Texts within "
        "statements are not shown. What the server does not show to this user is left out.\n"
        "\n"
        "On PostgreSQL and MariaDB the server gives the lock back when its holder's connection "
        "ends, on SQLite the system when its process ends, on a Galera cluster another runner "
        "takes it over when its holder has given no sign "
        "for 15 seconds. So there is no command to remove a lock; to end a holder, end its "
        "process, or its connection on the server.",
    .options = options,
    .examples = examples,
    .needs = WB_NEEDS_DATABASE,
    .run = run,
};
