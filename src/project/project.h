/* The project: whimbrel.yaml, the environment and what the caller sets, as plain structs in which
 * every value knows where it came from. */
#ifndef WB_PROJECT_PROJECT_H
#define WB_PROJECT_PROJECT_H

#include "project/url.h"

/* Looks up an environment variable; the library itself never reads the environment. */
typedef const char *wb_getenv_fn(void *arg, const char *name);

typedef enum wb_origin {
    WB_FROM_DEFAULT,
    WB_FROM_FILE,
    WB_FROM_ENVIRONMENT,
    WB_FROM_CALLER /* a command-line flag, or a field of the library's options */
} wb_origin;

typedef struct wb_setting {
    const char *key;   /* full name: "databases.auth.url", "timezone" */
    const char *value; /* as in force; secrets are masked in what wb_project_settings gives */
    wb_origin origin;
    const char *source; /* the file, variable or flag that set it */
    unsigned line;      /* in the file; 0 elsewhere */
    unsigned column;
} wb_setting;

typedef struct wb_database_config {
    const char *name;            /* key under `databases`; "default" where there is none */
    const char *url_text;        /* expanded; holds secrets; NULL where not set */
    const char *direct_url_text; /* past a pooler, for what changes the database; NULL if not set */
    wb_text_list migrations;     /* folders, relative ones resolved against the project */
    const char *schema;          /* desired schema: folder or file; NULL where not set */
    const char *seeds;
    const char *ledger_schema;      /* NULL: where the engine puts unqualified tables */
    const char *ledger_prefix;      /* "whimbrel_" */
    unsigned lock_timeout_ms;       /* waits of one statement for an object's lock */
    unsigned lock_retries;          /* how often a step is tried again */
    unsigned statement_deadline_ms; /* how long one statement may run; 0: no limit */
    unsigned reconnect_timeout_ms;  /* how long a lost connection is tried again; 0: not at all */
    const char *lock_tables_first;  /* "yes" or "no" */
    unsigned connect_timeout_ms;
    const char *transaction; /* "each" or "all" */
} wb_database_config;

typedef struct wb_project {
    const char *file;                      /* path of whimbrel.yaml; NULL where there is none */
    const char *folder;                    /* against which relative paths are resolved */
    const char *file_template;             /* name of a new revision file */
    unsigned slug_length;                  /* longest slug in a file name */
    const char *timezone;                  /* "UTC" or "local", of the dates in file names */
    const char *log_level;                 /* "quiet", "normal" or "verbose" */
    wb_text_list require_env;              /* variables that must be set */
    WB_LIST(wb_database_config) databases; /* at least one, in the file's order */
    WB_LIST(wb_setting) settings;          /* all in force, for `whimbrel config`; masked */
} wb_project;

typedef struct wb_project_override {
    const char *key; /* "url", "migrations", "databases.auth.url", ... */
    const char *value;
    const char *source; /* how the caller names it: "--url" */
} wb_project_override;

typedef struct wb_project_options {
    const char *file;         /* NULL: whimbrel.yaml is searched from `start_folder` upwards */
    const char *start_folder; /* NULL: "." */
    wb_getenv_fn *getenv;     /* NULL: no variable is set */
    void *getenv_arg;
    const wb_project_override *overrides;
    size_t override_count;
    bool skip_required; /* do not demand `require_env`; for commands that touch no database */
} wb_project_options;

/* Reads the project. With no file at all, DATABASE_URL and ./migrations work. The arena owns the
 * result.
 *
 * Of each setting the first of these counts: the caller's overrides;
 * WHIMBREL_DATABASES_<NAME>_<KEY> and WHIMBREL_<KEY> in the environment, where not empty; the file;
 * DATABASE_URL, for the url of an only database; the default. Several overrides of a list add up. A
 * key without a database's name is for all databases; url, direct_url, migrations, schema and seeds
 * want the name where there are several.
 *
 * Relative paths, also those of SQLite files in URLs, begin at the project's folder when they come
 * from the file or the environment, and at the current folder when they come from the caller.
 *
 * With `skip_required`, a url whose variable is not set is NULL; otherwise that is an error.
 *
 * Fails with CONFIG on a file that cannot be read as one, an unknown key (with the nearest known
 * one), a duplicate key, a wrong type, a value out of range, a bad URL; with ENVIRONMENT on
 * variables of ${VAR}, ${VAR:?...} or `require_env` that are not set, all of them named at once;
 * with USAGE on an override that fits no key; with IO. Only values in force are expanded. No error
 * quotes a password. */
bool wb_project_load(const wb_project_options *options, wb_arena *arena, wb_project **ret_project,
                     wb_error *err);
/* The database of that name; NULL where there is none. */
const wb_database_config *wb_project_database(const wb_project *project, const char *name);

#endif
