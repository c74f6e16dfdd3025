/* The parameters of a SQLite URL. */
#include "driver/sqlite/sqlite_session.h"

enum { DEFAULT_TIMEOUT_MS = 5000, LONGEST_TIMEOUT_MS = 86400000 };

static bool read_timeout(wb_sqlite_settings *settings, const char *value)
{
    uint64_t number = 0;
    if (!wb_str_to_u64(wb_str_from(value), &number) || number > LONGEST_TIMEOUT_MS)
        return false;
    settings->timeout_ms = (unsigned) number;
    return true;
}

static bool read_mode(wb_sqlite_settings *settings, const char *value)
{
    wb_str mode = wb_str_from(value);
    settings->read_only = settings->read_only || wb_str_is(mode, "ro");
    settings->must_exist = wb_str_is(mode, "ro") || wb_str_is(mode, "rw");
    settings->in_memory = settings->in_memory || wb_str_is(mode, "memory");
    return settings->must_exist || settings->in_memory || wb_str_is(mode, "rwc");
}

static bool read_cache(wb_sqlite_settings *settings, const char *value)
{
    bool is_shared = wb_str_is(wb_str_from(value), "shared");
    settings->open_flags |= is_shared ? SQLITE_OPEN_SHAREDCACHE : SQLITE_OPEN_PRIVATECACHE;
    return is_shared || wb_str_is(wb_str_from(value), "private");
}

static bool read_flag(const char *value, bool *ret_flag)
{
    *ret_flag = wb_str_is(wb_str_from(value), "true");
    return *ret_flag || wb_str_is(wb_str_from(value), "false");
}

static bool read_immutable(wb_sqlite_settings *settings, const char *value)
{
    return read_flag(value, &settings->is_immutable);
}

static bool read_nolock(wb_sqlite_settings *settings, const char *value)
{
    return read_flag(value, &settings->has_no_lock);
}

static bool read_vfs(wb_sqlite_settings *settings, const char *value)
{
    settings->vfs = value;
    return value[0] != '\0';
}

static const struct {
    const char *name;
    bool (*read)(wb_sqlite_settings *settings, const char *value);
    const char *expects;
} parameters[] = {
    {"timeout", read_timeout, "milliseconds, at most a day"},
    {"mode", read_mode, "one of ro, rw, rwc, memory"},
    {"cache", read_cache, "one of shared, private"},
    {"immutable", read_immutable, "true or false"},
    {"nolock", read_nolock, "true or false"},
    {"vfs", read_vfs, "the name of a virtual file system"},
};
enum { PARAMETER_COUNT = sizeof(parameters) / sizeof(parameters[0]) };

static bool read_parameter(wb_sqlite_settings *settings, const wb_url_parameter *given,
                           wb_error *err)
{
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        if (!wb_str_is(wb_str_from(given->name), parameters[i].name))
            continue;
        if (parameters[i].read(settings, given->value))
            return true;
        return wb_fail(err, WB_E_CONFIG, "parameter '%s' of the SQLite URL must be %s, not '%s'",
                       given->name, parameters[i].expects, given->value);
    }
    wb_fail(err, WB_E_CONFIG, "parameter '%s' of the URL is not known for SQLite", given->name);
    WB_AUTO_BUF(known, 0);
    for (size_t i = 0; i < PARAMETER_COUNT; i++)
        wb_buf_printf(&known, "%s%s", i == 0 ? "" : ", ", parameters[i].name);
    return wb_hint(err, "Known are: %s.", wb_buf_text(&known));
}

bool wb_sqlite_settings_read(const wb_url *url, const wb_connect_options *options,
                             wb_sqlite_settings *ret_settings, wb_error *err)
{
    if (url->database == NULL || url->database[0] == '\0') {
        wb_fail(err, WB_E_CONFIG, "the SQLite URL names no file");
        return wb_hint(err, "Write it as sqlite:path/to/file.db, or sqlite::memory:.");
    }
    wb_sqlite_settings settings = {
        .timeout_ms = DEFAULT_TIMEOUT_MS,
        .read_only = options->read_only,
        .in_memory = strcmp(url->database, ":memory:") == 0,
    };
    for (size_t i = 0; i < url->parameters.count; i++) {
        if (!read_parameter(&settings, &url->parameters.items[i], err))
            return false;
    }
    *ret_settings = settings;
    return true;
}
