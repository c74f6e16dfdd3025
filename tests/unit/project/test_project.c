#define _GNU_SOURCE
#include "base/buf.h"
#include "base/file.h"
#include "project/project.h"

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Each test has a folder of its own, in which it writes its files, and an environment that it
 * lists. */
typedef struct fixture {
    wb_arena *arena;
    char folder[64];
    const char *const *environment; /* name, value, ..., NULL */
    const wb_project_override *overrides;
    size_t override_count;
    const char *file; /* given by the caller; NULL: searched */
    const char *start;
    bool skip_required;
    wb_project *project;
    wb_error err;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof(*f));
    if (f == NULL)
        return -1;
    (void) snprintf(f->folder, sizeof(f->folder), "/tmp/whimbrel-project-XXXXXX");
    f->arena = wb_arena_new();
    *state = f;
    return mkdtemp(f->folder) != NULL ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void) about;
    (void) type;
    (void) walk;
    return remove(path);
}

static int tear_down(void **state)
{
    fixture *f = *state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    int result = nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    wb_arena_free(f->arena);
    free(f);
    return result;
}

static const char *path_of(fixture *f, const char *name)
{
    return wb_path_join(f->arena, f->folder, name);
}

static void write_file(fixture *f, const char *name, const char *text)
{
    const char *path = path_of(f, name);
    assert_true(wb_file_make_directory(wb_path_parent(f->arena, path), &f->err));
    assert_true(wb_file_write(path, wb_str_from(text), true, &f->err));
}

static const char *find_variable(void *arg, const char *name)
{
    const fixture *f = arg;
    for (size_t i = 0; f->environment != NULL && f->environment[i] != NULL; i += 2) {
        if (strcmp(f->environment[i], name) == 0)
            return f->environment[i + 1];
    }
    return NULL;
}

static bool load(fixture *f)
{
    wb_project_options options = {
        .file = f->file,
        .start_folder = f->start != NULL ? f->start : f->folder,
        .getenv = find_variable,
        .getenv_arg = f,
        .overrides = f->overrides,
        .override_count = f->override_count,
        .skip_required = f->skip_required,
    };
    f->err = (wb_error){0};
    f->project = NULL;
    return wb_project_load(&options, f->arena, &f->project, &f->err);
}

static const wb_database_config *load_one(fixture *f)
{
    if (!load(f))
        fail_msg("%s (%s) at %u:%u", f->err.message, f->err.detail, f->err.line, f->err.column);
    return &f->project->databases.items[0];
}

static const wb_database_config *load_text(fixture *f, const char *text)
{
    write_file(f, "whimbrel.yaml", text);
    return load_one(f);
}

static void load_bad(fixture *f, wb_status status, const char *message)
{
    if (load(f))
        fail_msg("accepted, instead of: %s", message);
    if (f->err.status != status || strstr(f->err.message, message) == NULL)
        fail_msg("%s: %s", wb_status_name(f->err.status), f->err.message);
}

static const wb_setting *setting_of(const fixture *f, const char *key)
{
    for (size_t i = 0; i < f->project->settings.count; i++) {
        if (strcmp(f->project->settings.items[i].key, key) == 0)
            return &f->project->settings.items[i];
    }
    fail_msg("no setting %s", key);
    return NULL;
}

static void override(fixture *f, const char *key, const char *value)
{
    wb_project_override *one = WB_NEW(f->arena, wb_project_override);
    *one = (wb_project_override){key, value, "--flag"};
    f->overrides = one;
    f->override_count = 1;
}

static void works_without_a_file(void **state)
{
    fixture *f = *state;
    static const char *const variables[] = {"DATABASE_URL", "postgres://u:geheim@h/d", NULL};
    const wb_database_config *database = load_one(f);
    assert_null(f->project->file);
    assert_int_equal(f->project->databases.count, 1);
    assert_string_equal(database->name, "default");
    assert_null(database->url_text);
    assert_int_equal(database->migrations.count, 1);
    assert_string_equal(database->migrations.items[0], path_of(f, "migrations"));
    f->environment = variables;
    assert_string_equal(load_one(f)->url_text, "postgres://u:geheim@h/d");
    assert_string_equal(setting_of(f, "url")->source, "DATABASE_URL");
}

static void has_a_default_for_everything_that_can_have_one(void **state)
{
    fixture *f = *state;
    const wb_database_config *database = load_one(f);
    assert_string_equal(f->project->file_template, "%Y%m%d_%H%M-{revision}_{slug}.sql");
    assert_int_equal(f->project->slug_length, 40);
    assert_string_equal(f->project->timezone, "UTC");
    assert_string_equal(f->project->log_level, "normal");
    assert_int_equal(f->project->require_env.count, 0);
    assert_null(database->direct_url_text);
    assert_null(database->schema);
    assert_null(database->seeds);
    assert_null(database->ledger_schema);
    assert_string_equal(database->ledger_prefix, "whimbrel_");
    assert_int_equal(database->lock_timeout_ms, 2000);
    assert_int_equal(database->lock_retries, 10);
    assert_int_equal(database->connect_timeout_ms, 10000);
    assert_string_equal(database->transaction, "each");
}

static void reads_every_key_of_one_database(void **state)
{
    fixture *f = *state;
    const wb_database_config *database = load_text(f, "file_template: '{seq}_{slug}.sql'\n"
                                                      "slug_length: 20\n"
                                                      "timezone: LOCAL\n"
                                                      "log_level: verbose\n"
                                                      "url: postgresql://h/d\n"
                                                      "direct_url: postgresql://h2/d\n"
                                                      "migrations: [a, /b]\n"
                                                      "schema: schema.sql\n"
                                                      "seeds: ./seeds\n"
                                                      "ledger:\n"
                                                      "  schema: ops\n"
                                                      "  prefix: wb_\n"
                                                      "lock_timeout: 0\n"
                                                      "lock_retries: 3\n"
                                                      "connect_timeout: 1m\n"
                                                      "transaction: all\n");
    assert_string_equal(f->project->file, path_of(f, "whimbrel.yaml"));
    assert_string_equal(f->project->folder, f->folder);
    assert_string_equal(f->project->file_template, "{seq}_{slug}.sql");
    assert_int_equal(f->project->slug_length, 20);
    assert_string_equal(f->project->timezone, "local");
    assert_string_equal(f->project->log_level, "verbose");
    assert_string_equal(database->url_text, "postgresql://h/d");
    assert_string_equal(database->direct_url_text, "postgresql://h2/d");
    assert_int_equal(database->migrations.count, 2);
    assert_string_equal(database->migrations.items[0], path_of(f, "a"));
    assert_string_equal(database->migrations.items[1], "/b");
    assert_string_equal(database->schema, path_of(f, "schema.sql"));
    assert_string_equal(database->seeds, path_of(f, "./seeds"));
    assert_string_equal(database->ledger_schema, "ops");
    assert_string_equal(database->ledger_prefix, "wb_");
    assert_int_equal(database->lock_timeout_ms, 0);
    assert_int_equal(database->lock_retries, 3);
    assert_int_equal(database->connect_timeout_ms, 60000);
    assert_string_equal(database->transaction, "all");
}

static void reads_several_databases_in_their_order(void **state)
{
    fixture *f = *state;
    static const char *const variables[] = {"DATABASE_URL_SPECS", "postgresql://h/specs", NULL};
    f->environment = variables;
    load_text(f, "x-common: &common {lock_timeout: 5s, ledger: {prefix: wb_}}\n"
                 "databases:\n"
                 "  specs: {url: \"${DATABASE_URL_SPECS}\", schema: schema/specs}\n"
                 "  auth: {<<: *common, url: \"${DATABASE_URL_AUTH:-sqlite:auth.db}\", "
                 "migrations: sql}\n");
    assert_int_equal(f->project->databases.count, 2);
    const wb_database_config *specs = wb_project_database(f->project, "specs");
    const wb_database_config *auth = wb_project_database(f->project, "auth");
    assert_ptr_equal(specs, &f->project->databases.items[0]);
    assert_ptr_equal(auth, &f->project->databases.items[1]);
    assert_null(wb_project_database(f->project, "default"));
    assert_string_equal(specs->url_text, "postgresql://h/specs");
    assert_string_equal(specs->migrations.items[0], path_of(f, "migrations/specs"));
    assert_int_equal(specs->lock_timeout_ms, 2000);
    assert_string_equal(auth->url_text, wb_arena_printf(f->arena, "sqlite:%s/auth.db", f->folder));
    assert_string_equal(auth->migrations.items[0], path_of(f, "sql"));
    assert_int_equal(auth->lock_timeout_ms, 5000);
    assert_string_equal(auth->ledger_prefix, "wb_");
}

static void finds_the_file_upwards_and_begins_paths_at_its_folder(void **state)
{
    fixture *f = *state;
    write_file(f, "whimbrel.yaml", "url: sqlite:app.db\n");
    write_file(f, "a/b/note", "");
    f->start = path_of(f, "a/b");
    const wb_database_config *database = load_one(f);
    assert_string_equal(wb_path_base(f->project->file), "whimbrel.yaml");
    char *folder = realpath(f->folder, NULL);
    assert_string_equal(f->project->folder, folder);
    assert_string_equal(database->url_text, wb_arena_printf(f->arena, "sqlite:%s/app.db", folder));
    free(folder);
}

static void takes_the_file_that_the_caller_or_the_environment_names(void **state)
{
    fixture *f = *state;
    write_file(f, "one.yaml", "url: 'sqlite::memory:'\nslug_length: 1\n");
    write_file(f, "two.yaml", "url: 'sqlite::memory:'\nslug_length: 2\n");
    const char *const environment[] = {"WHIMBREL_CONFIG", path_of(f, "two.yaml"), NULL};
    f->environment = environment;
    (void) load_one(f);
    assert_int_equal(f->project->slug_length, 2);
    f->file = path_of(f, "one.yaml");
    (void) load_one(f);
    assert_int_equal(f->project->slug_length, 1);
    f->file = path_of(f, "none.yaml");
    load_bad(f, WB_E_IO, "none.yaml");
    f->file = NULL;
    const char *const missing[] = {"WHIMBREL_CONFIG", path_of(f, "none.yaml"), NULL};
    f->environment = missing;
    load_bad(f, WB_E_IO, "none.yaml");
    assert_non_null(strstr(f->err.detail, "WHIMBREL_CONFIG"));
}

static void does_not_pass_over_whimbrel_yml(void **state)
{
    fixture *f = *state;
    write_file(f, "a/whimbrel.yml", "url: sqlite:app.db\n");
    f->start = path_of(f, "a");
    load_bad(f, WB_E_CONFIG, "whimbrel.yml");
    write_file(f, "whimbrel.yaml", "url: sqlite:app.db\n");
    load_bad(f, WB_E_CONFIG, "whimbrel.yml"); /* which is nearer */
    write_file(f, "a/whimbrel.yaml", "url: sqlite:app.db\n");
    (void) load_one(f);
}

static void takes_the_caller_before_the_environment_before_the_file(void **state)
{
    fixture *f = *state;
    static const char *const variables[] = {
        "WHIMBREL_LOCK_TIMEOUT", "3s", "WHIMBREL_URL", "", "DATABASE_URL", "sqlite:wrong.db", NULL,
    };
    const wb_database_config *database =
        load_text(f, "url: 'sqlite::memory:'\nlock_timeout: 4s\nlock_retries: 5\n");
    const wb_setting *setting = setting_of(f, "lock_timeout");
    assert_int_equal(database->lock_timeout_ms, 4000);
    assert_int_equal(setting->origin, WB_FROM_FILE);
    assert_string_equal(setting->source, path_of(f, "whimbrel.yaml"));
    assert_int_equal(setting->line, 2);
    assert_int_equal(setting->column, 15);
    assert_int_equal(setting_of(f, "transaction")->origin, WB_FROM_DEFAULT);

    f->environment = variables;
    database = load_one(f);
    setting = setting_of(f, "lock_timeout");
    assert_int_equal(database->lock_timeout_ms, 3000);
    assert_string_equal(database->url_text, "sqlite::memory:"); /* empty ones do not count */
    assert_int_equal(setting->origin, WB_FROM_ENVIRONMENT);
    assert_string_equal(setting->source, "WHIMBREL_LOCK_TIMEOUT");
    assert_int_equal(setting->line, 0);

    override(f, "lock_timeout", "1s");
    database = load_one(f);
    setting = setting_of(f, "lock_timeout");
    assert_int_equal(database->lock_timeout_ms, 1000);
    assert_int_equal(database->lock_retries, 5);
    assert_int_equal(setting->origin, WB_FROM_CALLER);
    assert_string_equal(setting->source, "--flag");
}

static void reads_variables_of_one_database_among_several(void **state)
{
    fixture *f = *state;
    static const char *const variables[] = {
        "WHIMBREL_DATABASES_MY_AUTH_URL",
        "sqlite:/env.db",
        "WHIMBREL_LOCK_RETRIES",
        "7",
        "WHIMBREL_DATABASES_SPECS_LOCK_RETRIES",
        "8",
        "DATABASE_URL",
        "sqlite:/not.db",
        NULL,
    };
    f->environment = variables;
    load_text(f, "databases:\n  my-auth: {url: 'sqlite:/a.db'}\n  specs: {}\n");
    const wb_database_config *auth = wb_project_database(f->project, "my-auth");
    const wb_database_config *specs = wb_project_database(f->project, "specs");
    assert_string_equal(auth->url_text, "sqlite:/env.db");
    assert_int_equal(auth->lock_retries, 7);
    assert_int_equal(specs->lock_retries, 8);
    assert_null(specs->url_text); /* DATABASE_URL could mean either */
}

static void refuses_a_variable_that_may_mean_several_databases(void **state)
{
    fixture *f = *state;
    static const char *const variables[] = {"WHIMBREL_URL", "sqlite:/env.db", NULL};
    f->environment = variables;
    write_file(f, "whimbrel.yaml", "databases:\n  auth: {}\n  specs: {}\n");
    load_bad(f, WB_E_CONFIG, "WHIMBREL_URL does not say which database");
    assert_non_null(strstr(f->err.hint, "WHIMBREL_DATABASES_AUTH_URL"));
    write_file(f, "whimbrel.yaml", "databases:\n  auth: {}\n");
    assert_string_equal(load_one(f)->url_text, "sqlite:/env.db");
}

static void needs_no_environment(void **state)
{
    fixture *f = *state;
    write_file(f, "whimbrel.yaml", "url: \"sqlite:${NONE:-x}.db\"\n");
    wb_project_options options = {.start_folder = f->folder};
    assert_true(wb_project_load(&options, f->arena, &f->project, &f->err));
    assert_string_equal(f->project->databases.items[0].url_text,
                        wb_arena_printf(f->arena, "sqlite:%s/x.db", f->folder));
}

static void reads_a_list_of_the_environment_like_a_search_path(void **state)
{
    fixture *f = *state;
    static const char *const variables[] = {"WHIMBREL_MIGRATIONS", "a::/b", NULL};
    f->environment = variables;
    const wb_database_config *database = load_one(f);
    assert_int_equal(database->migrations.count, 2);
    assert_string_equal(database->migrations.items[0], path_of(f, "a"));
    assert_string_equal(database->migrations.items[1], "/b");
}

static void takes_overrides_of_any_setting(void **state)
{
    fixture *f = *state;
    write_file(f, "whimbrel.yaml",
               "databases:\n"
               "  auth: {url: 'sqlite:/a.db', migrations: m}\n"
               "  specs: {url: \"${NOT_SET}\"}\n");
    static const wb_project_override overrides[] = {
        {"databases.specs.url", "sqlite:s.db", "--url"},
        {"databases.auth.migrations", "x", "--migrations"},
        {"databases.auth.migrations", "y:z", "--migrations"},
        {"ledger.prefix", "p_", NULL},
        {"timezone", "local", "--timezone"},
        {"timezone", "utc", "--timezone"},
        {"log_level", NULL, "--quiet"},
    };
    f->overrides = overrides;
    f->override_count = sizeof(overrides) / sizeof(overrides[0]);
    const wb_database_config *auth = load_one(f);
    const wb_database_config *specs = wb_project_database(f->project, "specs");
    /* what the caller names begins where the caller is */
    assert_string_equal(specs->url_text, "sqlite:s.db");
    assert_int_equal(auth->migrations.count, 2);
    assert_string_equal(auth->migrations.items[0], "x");
    assert_string_equal(auth->migrations.items[1], "y:z");
    assert_string_equal(auth->ledger_prefix, "p_");
    assert_string_equal(specs->ledger_prefix, "p_");
    assert_string_equal(f->project->timezone, "UTC");
    assert_string_equal(f->project->log_level, "normal");
}

static void refuses_overrides_that_fit_nothing(void **state)
{
    fixture *f = *state;
    write_file(f, "whimbrel.yaml", "databases:\n  auth: {}\n  specs: {}\n");
    static const struct {
        const char *key;
        const char *value;
        const char *message;
        const char *hint;
    } cases[] = {
        {"lock_timout", "1s", "\"lock_timout\" is not known", "lock_timeout"},
        {"databases.auth.timezone", "UTC", "not known", ""},
        {"databases.auth", "x", "not known", ""},
        {"databases.aut.url", "x", "no database \"aut\"", "\"auth\", \"specs\""},
        {"url", "sqlite:x", "2 databases", "databases.auth.url"},
        {"lock_timeout", "soon", "\"databases.auth.lock_timeout\" is \"soon\"", ""},
        {"lock_timeout", "5", "must be a duration", "unit"},
        {"databases.auth.url", "app.db", "is a path", "sqlite:app.db"},
        {"slug_length", "0", "must be a number from 1 to 200", ""},
        {"slug_length", "", "must be a number", ""},
        {"timezone", "", "\"timezone\" is empty", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        override(f, cases[i].key, cases[i].value);
        load_bad(f, WB_E_USAGE, cases[i].message);
        assert_non_null(strstr(f->err.hint, cases[i].hint));
        if (strstr(f->err.message, "databases, name") == NULL)
            assert_non_null(strstr(f->err.detail, "--flag"));
    }
}

static void names_all_missing_variables_at_once(void **state)
{
    fixture *f = *state;
    static const char *const variables[] = {"SET", "x", "EMPTY", "", NULL};
    f->environment = variables;
    write_file(f, "whimbrel.yaml",
               "require_env:\n"
               "  - SET\n"
               "  - NONE_A\n"
               "  - EMPTY\n"
               "databases:\n"
               "  a: {url: \"${NONE_B:?ask the team}\"}\n"
               "  b: {url: \"${NONE_A}${NONE_C}\", seeds: \"${NONE_D}/x\"}\n");
    load_bad(f, WB_E_ENVIRONMENT,
             "5 environment variables are not set: NONE_A, EMPTY, NONE_B, NONE_C, NONE_D");
    assert_non_null(strstr(f->err.detail, "NONE_B is needed in line 6: ask the team."));
    assert_int_equal(f->err.line, 3);
    assert_int_equal(f->err.column, 5);
    write_file(f, "whimbrel.yaml", "url: 'sqlite::memory:'\nseeds: a/${NONE}\n");
    load_bad(f, WB_E_ENVIRONMENT, "the environment variable NONE is not set");
    assert_int_equal(f->err.line, 2);
    assert_string_equal(f->err.excerpt, "seeds: a/${NONE}");
}

static void expands_only_what_is_in_force(void **state)
{
    fixture *f = *state;
    write_file(f, "whimbrel.yaml", "url: \"${NONE}\"\n");
    load_bad(f, WB_E_ENVIRONMENT, "NONE");
    override(f, "url", "sqlite::memory:");
    assert_string_equal(load_one(f)->url_text, "sqlite::memory:");
}

static void demands_no_variables_of_commands_that_touch_no_database(void **state)
{
    fixture *f = *state;
    f->skip_required = true;
    const wb_database_config *database =
        load_text(f, "require_env: [NONE_A]\nurl: \"${NONE_B}\"\n");
    assert_null(database->url_text);
    write_file(f, "whimbrel.yaml", "migrations: \"${NONE}\"\n");
    load_bad(f, WB_E_ENVIRONMENT, "NONE"); /* such a command still wants the files */
}

static void takes_an_empty_expansion_for_not_set(void **state)
{
    fixture *f = *state;
    const wb_database_config *database = load_text(f, "url: 'sqlite::memory:'\n"
                                                      "direct_url: \"${NONE:-}\"\n"
                                                      "lock_timeout: \"${NONE:-}\"\n"
                                                      "migrations: [\"${NONE:-}\", a]\n");
    assert_null(database->direct_url_text);
    assert_int_equal(database->lock_timeout_ms, 2000);
    assert_int_equal(database->migrations.count, 1);
    write_file(f, "whimbrel.yaml", "url: ''\n");
    load_bad(f, WB_E_CONFIG, "empty");
}

static void keeps_passwords_out_of_the_settings(void **state)
{
    fixture *f = *state;
    static const char *const variables[] = {"SECRET", "geheim", NULL};
    f->environment = variables;
    const wb_database_config *database =
        load_text(f, "url: \"postgresql://u:${SECRET}@h/d?sslpassword=${SECRET}\"\n"
                     "direct_url: host=h password='${SECRET}'\n");
    assert_non_null(strstr(database->url_text, "geheim"));
    assert_string_equal(setting_of(f, "url")->value, "postgresql://u:***@h/d?sslpassword=***");
    assert_string_equal(setting_of(f, "direct_url")->value, "host=h password=***");
    for (size_t i = 0; i < f->project->settings.count; i++)
        assert_null(strstr(f->project->settings.items[i].value, "geheim"));
}

static void keeps_passwords_out_of_errors(void **state)
{
    fixture *f = *state;
    static const char *const texts[] = {
        "url: \"postgresql://u:geheim@h:x/d\"\n",
        "url: \"postgresql://u:geheim@h/d\"\n  bad: 1\n",
        "url: [\"postgresql://u:geheim@h/d\"]\n",
        "urll: \"postgresql://u:geheim@h/d\"\n",
        "url: \"postgresql://u:geheim@h/d\n",
        "url: postgresql://u:geheim@h/d#x\n",
        "url: \"${NONE:-postgresql://u:geheim@h/d}${NONE}\"\n",
        "url: \"${NONE:-postgresql://u:geheim@h/d\"\n",
        "url: host=h pasword=geheim password=geheim\n",
        "postgresql://u:geheim@h/d\n",
        "- postgresql://u:geheim@h/d\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        write_file(f, "whimbrel.yaml", texts[i]);
        if (load(f))
            fail_msg("accepted: %s", texts[i]);
        if (strstr(f->err.message, "geheim") != NULL || strstr(f->err.detail, "geheim") != NULL ||
            strstr(f->err.hint, "geheim") != NULL || strstr(f->err.excerpt, "geheim") != NULL)
            fail_msg("%s: %s %s %s", texts[i], f->err.message, f->err.hint, f->err.excerpt);
    }
}

static void refuses_faulty_settings_and_shows_the_place(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *text;
        const char *message;
        const char *hint;
        unsigned line;
        unsigned column;
    } cases[] = {
        {"slug_lenght: 3\n", "\"slug_lenght\" is not known", "\"slug_length\"", 1, 1},
        {"databases:\n  a:\n    migratons: x\n", "\"migratons\" is not known", "\"migrations\"", 3,
         5},
        {"databases: {a: {timezone: UTC}}\n", "\"timezone\" is not known", "", 1, 17},
        {"ledger: {prefx: x}\n", "\"prefx\" is not known", "\"prefix\"", 1, 10},
        {"ledger.prefix: x\n", "\"ledger.prefix\" is not known", "ledger", 1, 1},
        {"database: {a: {}}\n", "\"database\" is not known", "\"databases\"", 1, 1},
        {"databases: {x-a: 1}\n", "\"x-a\" must have keys", "", 1, 18},
        {"url: sqlite:a.db\ndatabases: {a: {}}\n", "there is also \"databases\"", "x-common", 1, 1},
        {"databases: {a: {}}\nledger: {prefix: x}\n", "\"prefix\" stands at the top", "", 2, 10},
        {"databases: {}\n", "names no database", "", 1, 12},
        {"databases:\n", "must have keys", "", 1, 11},
        {"databases: [a]\n", "must have keys", "", 1, 12},
        {"databases: {a: sqlite}\n", "\"a\" must have keys", "", 1, 16},
        {"databases: {1a: {}}\n", "\"1a\" cannot be the name", "letter", 1, 13},
        {"databases: {a.b: {}}\n", "\"a.b\" cannot be the name", "letter", 1, 13},
        {"databases: {'': {}}\n", "\"\" cannot be the name", "letter", 1, 13},
        {"databases: {a-b: {}, A_B: {}}\n", "hard to tell apart", "", 1, 22},
        {"databases: {a: {}, a: {}}\n", "\"a\" is there twice", "", 1, 20},
        {"url:\n", "\"url\" has no value", "remove the line", 1, 5},
        {"url: {a: b}\n", "\"url\" must be a database URL", "quotes", 1, 6},
        {"url: [a]\n", "\"url\" must be a database URL", "quotes", 1, 6},
        {"url: app.db\n", "\"app.db\" is a path", "sqlite:app.db", 1, 6},
        {"migrations: [a, [b]]\n", "\"migrations\" must be a path or a list", "", 1, 13},
        {"migrations: [a, ~]\n", "\"migrations\" must be a path or a list", "", 1, 13},
        {"migrations: ['']\n", "\"migrations\" is empty", "", 1, 13},
        {"ledger: x\n", "\"ledger\" must have keys", "farther to the right", 1, 9},
        {"ledger: {prefix: a-b}\n", "\"ledger.prefix\" is \"a-b\"", "", 1, 18},
        {"ledger: {prefix: 1a}\n", "\"ledger.prefix\" is \"1a\"", "", 1, 18},
        {"ledger: {prefix: a23456789012345678901234567890123}\n", "at most 32", "", 1, 18},
        {"lock_timeout: 2\n", "must be a duration", "unit", 1, 15},
        {"lock_timeout: 25h\n", "must be a duration", "", 1, 15},
        {"connect_timeout: 0\n", "\"connect_timeout\" is \"0\"", "", 1, 18},
        {"slug_length: 201\n", "a number from 1 to 200", "", 1, 14},
        {"lock_retries: -1\n", "a number from 0 to 1000", "", 1, 15},
        {"transaction: both\n", "one of each, all", "", 1, 14},
        {"timezone: Europe/Rome\n", "one of UTC, local", "", 1, 11},
        {"seeds: ''\n", "\"seeds\" is empty", "", 1, 8},
        {"seeds: \"${A\"\n", "is not closed", "$$", 1, 8},
        {"migrations: [\"${A\"]\n", "is not closed", "$$", 1, 14},
        {"timezone: 123456789012345678901234567890123456789012345678901234567890"
         "123456789012345678901234567890\n",
         "7890...\", but must be", "", 1, 11},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_file(f, "whimbrel.yaml", cases[i].text);
        load_bad(f, WB_E_CONFIG, cases[i].message);
        if (strstr(f->err.hint, cases[i].hint) == NULL)
            fail_msg("%s: %s", cases[i].text, f->err.hint);
        assert_string_equal(f->err.file, path_of(f, "whimbrel.yaml"));
        if (f->err.line != cases[i].line || f->err.column != cases[i].column)
            fail_msg("%s: %u:%u", cases[i].text, f->err.line, f->err.column);
        assert_string_not_equal(f->err.excerpt, "");
    }
}

static void refuses_bytes_of_the_environment_that_are_no_text(void **state)
{
    fixture *f = *state;
    static const char *const variables[] = {"WHIMBREL_SEEDS", "a\xff", NULL};
    f->environment = variables;
    load_bad(f, WB_E_CONFIG, "\"seeds\" is not valid UTF-8");
    assert_non_null(strstr(f->err.detail, "WHIMBREL_SEEDS"));
}

static void demands_what_the_caller_requires_even_without_a_file(void **state)
{
    fixture *f = *state;
    override(f, "require_env", "NONE");
    load_bad(f, WB_E_ENVIRONMENT, "NONE is not set");
    assert_int_equal(f->err.line, 0);
}

static void bounds_the_size_of_the_file(void **state)
{
    fixture *f = *state;
    char *text = wb_arena_alloc(f->arena, 1048580);
    memset(text, ' ', 1048579);
    memcpy(text, "slug_length: 1\n#", 16);
    text[1048576] = '\0';
    (void) load_text(f, text);
    text[1048576] = ' ';
    text[1048577] = '\0';
    write_file(f, "whimbrel.yaml", text);
    load_bad(f, WB_E_IO, "larger than 1048576 bytes");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(works_without_a_file),
        TEST(has_a_default_for_everything_that_can_have_one),
        TEST(reads_every_key_of_one_database),
        TEST(reads_several_databases_in_their_order),
        TEST(finds_the_file_upwards_and_begins_paths_at_its_folder),
        TEST(takes_the_file_that_the_caller_or_the_environment_names),
        TEST(does_not_pass_over_whimbrel_yml),
        TEST(takes_the_caller_before_the_environment_before_the_file),
        TEST(reads_variables_of_one_database_among_several),
        TEST(refuses_a_variable_that_may_mean_several_databases),
        TEST(needs_no_environment),
        TEST(reads_a_list_of_the_environment_like_a_search_path),
        TEST(takes_overrides_of_any_setting),
        TEST(refuses_overrides_that_fit_nothing),
        TEST(names_all_missing_variables_at_once),
        TEST(expands_only_what_is_in_force),
        TEST(demands_no_variables_of_commands_that_touch_no_database),
        TEST(takes_an_empty_expansion_for_not_set),
        TEST(keeps_passwords_out_of_the_settings),
        TEST(keeps_passwords_out_of_errors),
        TEST(refuses_faulty_settings_and_shows_the_place),
        TEST(refuses_bytes_of_the_environment_that_are_no_text),
        TEST(demands_what_the_caller_requires_even_without_a_file),
        TEST(bounds_the_size_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
