#define _GNU_SOURCE
#include "world.h"

#include "base/file.h"
#include "base/random.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

wb_engine tested_engine;
static const char *server_url;

bool is_sqlite(void)
{
    return tested_engine == WB_ENGINE_SQLITE;
}

bool is_postgres(void)
{
    return tested_engine == WB_ENGINE_POSTGRES;
}

bool is_mariadb(void)
{
    return tested_engine == WB_ENGINE_MARIADB;
}

void world_main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "sqlite";
    if (strcmp(name, "postgres") == 0) {
        tested_engine = WB_ENGINE_POSTGRES;
        server_url = getenv("WB_TEST_POSTGRES_URL");
    } else if (strcmp(name, "mariadb") == 0) {
        tested_engine = WB_ENGINE_MARIADB;
        server_url = getenv("WB_TEST_MARIADB_URL");
    }
    if (is_sqlite() || server_url != NULL)
        return;
    const char *required = getenv("WB_REQUIRE");
    bool is_required = required != NULL && strstr(required, name) != NULL;
    (void) fprintf(stderr, "no %s server%s\n", name,
                   is_required ? ", but WB_REQUIRE names it" : "");
    exit(is_required ? 1 : 77);
}

static wb_session *connect_to(world *it, const char *url)
{
    wb_url parsed;
    wb_session *session = NULL;
    wb_connect_options how = {.name = "test"};
    if (!wb_url_parse(url, it->arena, &parsed, &it->err) ||
        !wb_session_open(&parsed, &how, &session, &it->err))
        fail_msg("cannot connect: %s", it->err.message);
    return session;
}

/* The server's URL with another database's name in it. */
static void make_url(world *it)
{
    if (is_sqlite()) {
        (void) snprintf(it->url, sizeof(it->url), "sqlite:%s/app.db", it->folder);
        return;
    }
    const char *slash = strrchr(server_url, '/');
    const char *query = strchr(slash, '?');
    (void) snprintf(it->url, sizeof(it->url), "%.*s/%s%s", (int) (slash - server_url), server_url,
                    it->database, query != NULL ? query : "");
}

static void on_server(world *it, const char *format)
{
    if (is_sqlite())
        return;
    wb_session *session = connect_to(it, server_url);
    if (!wb_session_execf(session, &it->err, "%s %s%s", format, it->database,
                          is_postgres() && format[0] == 'D' ? " WITH (FORCE)" : ""))
        fail_msg("%s: %s", format, it->err.message);
    wb_session_close(session);
}

int world_setup(void **state)
{
    world *it = wb_calloc(1, sizeof(*it));
    it->engine = tested_engine;
    it->arena = wb_arena_new();
    (void) snprintf(it->folder, sizeof(it->folder), "/tmp/wb-run-XXXXXX");
    assert_non_null(mkdtemp(it->folder));
    char random[13];
    wb_random_hex(random, 12);
    (void) snprintf(it->database, sizeof(it->database), "wb_%s", random);
    make_url(it);
    on_server(it, "CREATE DATABASE");
    assert_true(
        wb_file_make_directory(wb_path_join(it->arena, it->folder, "migrations"), &it->err));
    *state = it;
    return 0;
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void) about;
    (void) kind;
    (void) place;
    return remove(path);
}

int world_teardown(void **state)
{
    world *it = *state;
    world_close(it);
    wb_session_close(it->session);
    on_server(it, "DROP DATABASE");
    (void) nftw(it->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    wb_arena_free(it->arena);
    free(it);
    return 0;
}

void world_set(world *it, const char *key, const char *value)
{
    it->overrides[it->override_count++] = (wb_override){key, value, "test"};
}

void add_file(world *it, const char *name, const char *text)
{
    const char *path = wb_arena_printf(it->arena, "%s/migrations/%s", it->folder, name);
    if (!wb_file_write(path, wb_str_from(text), true, &it->err))
        fail_msg("%s", it->err.message);
}

void add_revision(world *it, const char *id, const char *revises, const char *up, const char *down)
{
    const char *text = wb_arena_printf(
        it->arena, "-- revision %s\n-- revision: %s\n-- revises: %s\n\n-- migrate:up\n%s\n%s%s\n",
        id, id, revises, up, down != NULL ? "-- migrate:down\n" : "", down != NULL ? down : "");
    add_file(it, wb_arena_printf(it->arena, "%s.sql", id), text);
}

void world_open(world *it)
{
    if (it->workspace != NULL)
        return;
    wb_override all[10] = {
        {"url", it->url, "test"},
        {"migrations", wb_path_join(it->arena, it->folder, "migrations"), "test"}};
    memcpy(all + 2, it->overrides, sizeof(it->overrides));
    wb_open_options options = {.folder = it->folder,
                               .overrides = all,
                               .override_count = it->override_count + 2,
                               .command = "test",
                               .who = "tester",
                               .host = "here",
                               .event = it->event,
                               .event_arg = it->event_arg};
    if (!wb_open(&options, &it->workspace, &it->err))
        fail_msg("cannot open: %s", it->err.message);
    it->target = wb_target_at(it->workspace, 0);
}

void world_close(world *it)
{
    wb_close(it->workspace);
    it->workspace = NULL;
    it->target = NULL;
}

typedef bool command_fn(wb_target *target, const wb_run_options *options, wb_arena *arena,
                        wb_plan_info *ret_plan, wb_error *err);

static bool run(world *it, command_fn *command, const char *target)
{
    world_open(it);
    wb_run_options options = it->options;
    options.targets = &target;
    options.target_count = target != NULL ? 1 : 0;
    bool ok = command(it->target, &options, it->arena, &it->plan, &it->err);
    world_close(it);
    return ok;
}

bool upgrade(world *it, const char *target)
{
    return run(it, wb_upgrade, target);
}

bool downgrade(world *it, const char *target)
{
    return run(it, wb_downgrade, target);
}

bool stamp(world *it, const char *target)
{
    return run(it, wb_stamp, target);
}

void assert_upgrade(world *it, const char *target)
{
    if (!upgrade(it, target))
        fail_msg("upgrade failed: %s (%s:%u) %s", it->err.message, it->err.file, it->err.line,
                 it->err.detail);
}

void assert_fails(world *it, bool ok, wb_status status)
{
    if (ok)
        fail_msg("it succeeded, %s was expected", wb_status_name(status));
    if (it->err.status != status)
        fail_msg("%s was expected, it is %s: %s", wb_status_name(status),
                 wb_status_name(it->err.status), it->err.message);
}

static wb_session *second(world *it)
{
    if (it->session == NULL)
        it->session = connect_to(it, it->url);
    return it->session;
}

wb_session *world_connect(world *it)
{
    return connect_to(it, it->url);
}

static bool take_number(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    int64_t *number = arg;
    *number = wb_row_int(row, 0);
    return true;
}

int64_t query_int(world *it, const char *sql)
{
    int64_t number = -1;
    wb_error err;
    if (!wb_session_query(second(it), wb_str_from(sql), NULL, 0, take_number, &number, &err))
        fail_msg("%s: %s", sql, err.message);
    return number;
}

void execute(world *it, const char *sql)
{
    wb_error err;
    if (!wb_session_exec(second(it), wb_str_from(sql), &err))
        fail_msg("%s: %s", sql, err.message);
}

bool has_table(world *it, const char *name)
{
    static const char *const queries[] = {
        [WB_ENGINE_SQLITE] = "SELECT count(*) FROM sqlite_master WHERE name = '%s'",
        [WB_ENGINE_POSTGRES] = "SELECT count(*) FROM pg_class WHERE relname = '%s'",
        [WB_ENGINE_MARIADB] = "SELECT count(*) FROM information_schema.tables"
                              " WHERE table_schema = database() AND table_name = '%s'",
    };
    const char *query = queries[tested_engine];
    size_t at = 0;
    (void) wb_str_find(wb_str_from(query), WB_STR("%s"), &at);
    return query_int(it, wb_arena_printf(it->arena, "%.*s%s%s", (int) at, query, name,
                                         query + at + 2)) > 0;
}

int64_t applied_count(world *it)
{
    return has_table(it, "whimbrel_history")
               ? query_int(it, "SELECT count(*) FROM whimbrel_history")
               : 0;
}
