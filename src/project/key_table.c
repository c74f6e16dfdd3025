#include "project/key_table.h"

#include "base/buf.h"
#include "project/duration.h"
#include "project/project.h"

#define OF_PROJECT(field)  .offset = offsetof(wb_project, field)
#define OF_DATABASE(field) .is_of_database = true, .offset = offsetof(wb_database_config, field)

static const wb_config_key keys[] = {
    {.name = "require_env",
     OF_PROJECT(require_env),
     .type = WB_KEY_LIST,
     .help = "Environment variables that must be set and not empty."},
    {.name = "file_template",
     OF_PROJECT(file_template),
     .type = WB_KEY_TEXT,
     .fallback = "%Y%m%d_%H%M-{revision}_{slug}.sql",
     .variable = "WHIMBREL_FILE_TEMPLATE",
     .help = "Name of a new revision file."},
    {.name = "slug_length",
     OF_PROJECT(slug_length),
     .type = WB_KEY_NUMBER,
     .fallback = "40",
     .variable = "WHIMBREL_SLUG_LENGTH",
     .min = 1,
     .max = 200,
     .help = "Longest slug in a file name, in characters."},
    {.name = "timezone",
     OF_PROJECT(timezone),
     .type = WB_KEY_CHOICE,
     .fallback = "UTC",
     .variable = "WHIMBREL_TIMEZONE",
     .choices = "UTC|local",
     .help = "Time zone of the dates in file names."},
    {.name = "log_level",
     OF_PROJECT(log_level),
     .type = WB_KEY_CHOICE,
     .fallback = "normal",
     .variable = "WHIMBREL_LOG_LEVEL",
     .choices = "quiet|normal|verbose",
     .help = "How much is reported while working."},
    {.name = "url",
     OF_DATABASE(url_text),
     .is_of_one = true,
     .is_secret = true,
     .type = WB_KEY_URL,
     .variable = "WHIMBREL_URL",
     .help = "The database."},
    {.name = "direct_url",
     OF_DATABASE(direct_url_text),
     .is_of_one = true,
     .is_secret = true,
     .type = WB_KEY_URL,
     .variable = "WHIMBREL_DIRECT_URL",
     .help = "The same database past a pooler; calls that change the database go there."},
    {.name = "migrations",
     OF_DATABASE(migrations),
     .is_of_one = true,
     .type = WB_KEY_PATHS,
     .fallback = "migrations",
     .variable = "WHIMBREL_MIGRATIONS",
     .help = "Folder of the revision files, or a list of folders."},
    {.name = "schema",
     OF_DATABASE(schema),
     .is_of_one = true,
     .type = WB_KEY_PATH,
     .variable = "WHIMBREL_SCHEMA",
     .help = "Desired schema: a folder or a file of SQL."},
    {.name = "seeds",
     OF_DATABASE(seeds),
     .is_of_one = true,
     .type = WB_KEY_PATH,
     .variable = "WHIMBREL_SEEDS",
     .help = "Folder of the seed data."},
    {.name = "ledger.schema",
     OF_DATABASE(ledger_schema),
     .type = WB_KEY_TEXT,
     .variable = "WHIMBREL_LEDGER_SCHEMA",
     .help = "Schema of Whimbrel's own tables; without it, where the engine puts unqualified "
             "tables."},
    {.name = "ledger.prefix",
     OF_DATABASE(ledger_prefix),
     .type = WB_KEY_NAME,
     .fallback = "whimbrel_",
     .variable = "WHIMBREL_LEDGER_PREFIX",
     .max = 32,
     .help = "What the names of Whimbrel's own tables begin with."},
    {.name = "lock_timeout",
     OF_DATABASE(lock_timeout_ms),
     .type = WB_KEY_DURATION,
     .fallback = "2s",
     .variable = "WHIMBREL_LOCK_TIMEOUT",
     .max = WB_DURATION_MAX_MS,
     .help = "How long a statement waits for the lock of an object; 0 waits without limit."},
    {.name = "lock_retries",
     OF_DATABASE(lock_retries),
     .type = WB_KEY_NUMBER,
     .fallback = "10",
     .variable = "WHIMBREL_LOCK_RETRIES",
     .max = 1000,
     .help = "How often a step that waited too long is tried again."},
    {.name = "statement_deadline",
     OF_DATABASE(statement_deadline_ms),
     .type = WB_KEY_DURATION,
     .fallback = "0",
     .variable = "WHIMBREL_STATEMENT_DEADLINE",
     .max = WB_DURATION_MAX_MS,
     .help = "How long one statement may run; 0 sets no limit."},
    {.name = "reconnect_timeout",
     OF_DATABASE(reconnect_timeout_ms),
     .type = WB_KEY_DURATION,
     .fallback = "30s",
     .variable = "WHIMBREL_RECONNECT_TIMEOUT",
     .max = WB_DURATION_MAX_MS,
     .help = "How long a run that lost its connection tries to get another; 0 gives up at once."},
    {.name = "lock_tables_first",
     OF_DATABASE(lock_tables_first),
     .type = WB_KEY_CHOICE,
     .fallback = "yes",
     .variable = "WHIMBREL_LOCK_TABLES_FIRST",
     .choices = "yes|no",
     .help = "Whether a revision takes the locks of all its tables before it does anything "
             "(PostgreSQL)."},
    {.name = "connect_timeout",
     OF_DATABASE(connect_timeout_ms),
     .type = WB_KEY_DURATION,
     .fallback = "10s",
     .variable = "WHIMBREL_CONNECT_TIMEOUT",
     .min = 1,
     .max = WB_DURATION_MAX_MS,
     .help = "How long connecting may take."},
    {.name = "transaction",
     OF_DATABASE(transaction),
     .type = WB_KEY_CHOICE,
     .fallback = "each",
     .variable = "WHIMBREL_TRANSACTION",
     .choices = "each|all",
     .help = "A transaction for each revision, or one for all."},
};

enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]) };
_Static_assert((int) KEY_COUNT <= (int) WB_CONFIG_KEY_MAX, "raise WB_CONFIG_KEY_MAX");

const wb_config_key *wb_config_keys(size_t *ret_count)
{
    *ret_count = KEY_COUNT;
    return keys;
}

const wb_config_key *wb_config_key_find(const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    }
    return NULL;
}

static const char *choices_text(const char *choices, wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    wb_str rest = wb_str_from(choices);
    wb_str one;
    wb_buf_puts(&text, "one of");
    while (wb_str_split(&rest, '|', &one))
        wb_buf_printf(&text, "%s %.*s", text.len > 6 ? "," : "", WB_STR_ARG(one));
    return wb_str_dup(arena, wb_buf_str(&text));
}

const char *wb_config_key_type_text(const wb_config_key *key, wb_arena *arena)
{
    switch (key->type) {
    case WB_KEY_TEXT:
        return "a text";
    case WB_KEY_NAME:
        return wb_arena_printf(arena, "a name of at most %u letters, digits and _", key->max);
    case WB_KEY_CHOICE:
        return choices_text(key->choices, arena);
    case WB_KEY_PATH:
        return "a path";
    case WB_KEY_URL:
        return "a database URL";
    case WB_KEY_NUMBER:
        return wb_arena_printf(arena, "a number from %u to %u", key->min, key->max);
    case WB_KEY_DURATION:
        return "a duration such as 500ms, 2s, 1m";
    case WB_KEY_LIST:
        return "a text or a list of texts";
    case WB_KEY_PATHS:
        return "a path or a list of paths";
    }
    return "a value";
}

const char *wb_config_variable_form(wb_str name, wb_arena *arena)
{
    char *form = wb_str_dup(arena, name);
    for (char *c = form; *c != '\0'; c++) {
        *c = wb_to_upper(*c);
        if (*c == '-')
            *c = '_';
    }
    return form;
}
