/* Which source a setting is taken from: the caller, the environment, the file, DATABASE_URL, the
 * default, in this order. The file's value is expanded only when its turn comes, so a variable that
 * is overridden need not be set. */
#include "base/buf.h"
#include "base/suggest.h"
#include "project/project_reader.h"

#include <assert.h>

static const char database_prefix[] = "databases.";
static const char variable_prefix[] = "WHIMBREL_";

const char *wb_reader_variable(const wb_project_reader *reader, const char *name)
{
    if (reader->options->getenv == NULL)
        return NULL;
    const char *value = reader->options->getenv(reader->options->getenv_arg, name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static size_t key_index(const wb_config_key *key)
{
    size_t count = 0;
    return (size_t) (key - wb_config_keys(&count));
}

static bool is_list(const wb_config_key *key)
{
    return key->type == WB_KEY_LIST || key->type == WB_KEY_PATHS;
}

static bool fail_override(const wb_project_override *override, wb_error *err)
{
    return wb_detail(err, "It comes from %s.",
                     override->source != NULL ? override->source : "the caller");
}

static bool fail_unknown_key(const wb_project_reader *reader, const wb_project_override *override,
                             const char *name, wb_error *err)
{
    const char *known[WB_CONFIG_KEY_MAX];
    size_t count = 0;
    const wb_config_key *keys = wb_config_keys(&count);
    for (size_t i = 0; i < count; i++)
        known[i] = keys[i].name;
    (void) wb_fail(err, WB_E_USAGE, "the setting \"%s\" is not known", override->key);
    const char *near = wb_suggest(reader->arena, wb_str_from(name), known, count);
    if (near != NULL)
        (void) wb_hint(err, "%s", near);
    return fail_override(override, err);
}

/* "auth" of "databases.auth.url"; sets *ret_key to what stands behind it. */
static bool find_database(const wb_project_reader *reader, const wb_project_override *override,
                          const char **ret_key, size_t *ret_index, wb_error *err)
{
    wb_str rest = wb_str_from(override->key + sizeof(database_prefix) - 1);
    wb_str name = rest;
    (void) wb_str_split(&rest, '.', &name);
    *ret_key = name.ptr + name.len + (name.ptr[name.len] == '.' ? 1 : 0);
    const wb_config_file *file = reader->file;
    WB_AUTO_BUF(names, 512);
    for (size_t i = 0; i < file->databases.count; i++) {
        if (wb_str_is(name, file->databases.items[i].name)) {
            *ret_index = i;
            return true;
        }
        wb_buf_printf(&names, "%s\"%s\"", i == 0 ? "" : ", ", file->databases.items[i].name);
    }
    (void) wb_fail(err, WB_E_USAGE, "the project has no database \"%.*s\"", WB_STR_ARG(name));
    (void) wb_hint(err, "It has %s.", wb_buf_text(&names));
    return fail_override(override, err);
}

static bool fail_ambiguous(const wb_project_reader *reader, const char *key, wb_error *err)
{
    const wb_config_file *file = reader->file;
    (void) wb_fail(err, WB_E_USAGE, "\"%s\" is not enough: the project has %zu databases", key,
                   file->databases.count);
    return wb_hint(err, "Name one of them: databases.%s.%s", file->databases.items[0].name, key);
}

static bool find_override(const wb_project_reader *reader, const wb_project_override *override,
                          wb_override_target *target, wb_error *err)
{
    const char *name = override->key;
    target->database = SIZE_MAX;
    bool has_database = wb_str_has_prefix(wb_str_from(name), wb_str_from(database_prefix));
    if (has_database && !find_database(reader, override, &name, &target->database, err))
        return false;
    target->key = wb_config_key_find(name);
    if (target->key == NULL || (has_database && !target->key->is_of_database))
        return fail_unknown_key(reader, override, name, err);
    if (!has_database && target->key->is_of_one && reader->file->databases.count > 1) {
        (void) fail_ambiguous(reader, name, err);
        return fail_override(override, err);
    }
    return true;
}

bool wb_settings_find_overrides(wb_project_reader *reader, wb_error *err)
{
    const wb_project_options *options = reader->options;
    reader->targets = WB_NEW_ARRAY(reader->arena, wb_override_target, options->override_count);
    for (size_t i = 0; i < options->override_count; i++) {
        if (!find_override(reader, &options->overrides[i], &reader->targets[i], err))
            return false;
    }
    return true;
}

static void take_overrides(const wb_project_reader *reader, size_t database,
                           wb_raw_setting *setting)
{
    for (size_t i = 0; i < reader->options->override_count; i++) {
        const wb_project_override *override = &reader->options->overrides[i];
        const wb_override_target *target = &reader->targets[i];
        bool is_meant = target->database == SIZE_MAX || target->database == database;
        if (target->key != setting->key || !is_meant || override->value == NULL)
            continue;
        setting->origin = WB_FROM_CALLER;
        setting->source = wb_arena_strdup(reader->arena, override->source != NULL ? override->source
                                                                                  : "the caller");
        if (!is_list(setting->key))
            setting->texts.count = 0;
        WB_LIST_ADD(reader->arena, &setting->texts,
                    wb_arena_strdup(reader->arena, override->value));
    }
}

/* Lists in the environment are written like PATH. */
static void take_variable(const wb_project_reader *reader, const char *name, const char *value,
                          wb_raw_setting *setting)
{
    setting->origin = WB_FROM_ENVIRONMENT;
    setting->source = name;
    if (!is_list(setting->key)) {
        WB_LIST_ADD(reader->arena, &setting->texts, wb_arena_strdup(reader->arena, value));
        return;
    }
    wb_str rest = wb_str_from(value);
    wb_str one;
    while (wb_str_split(&rest, ':', &one)) {
        if (one.len > 0)
            WB_LIST_ADD(reader->arena, &setting->texts, wb_str_dup(reader->arena, one));
    }
}

/* WHIMBREL_DATABASES_AUTH_URL. */
static const char *variable_of_database(const wb_project_reader *reader, const wb_config_key *key,
                                        const char *database)
{
    const char *name = wb_config_variable_form(wb_str_from(database), reader->arena);
    return wb_arena_printf(reader->arena, "%sDATABASES_%s_%s", variable_prefix, name,
                           key->variable + sizeof(variable_prefix) - 1);
}

static bool take_environment(const wb_project_reader *reader, const wb_config_database *database,
                             wb_raw_setting *setting, wb_error *err)
{
    const wb_config_key *key = setting->key;
    if (key->variable == NULL)
        return true;
    if (database != NULL && database->is_named) {
        const char *name = variable_of_database(reader, key, database->name);
        const char *value = wb_reader_variable(reader, name);
        if (value != NULL) {
            take_variable(reader, name, value, setting);
            return true;
        }
    }
    const char *value = wb_reader_variable(reader, key->variable);
    if (value == NULL)
        return true;
    if (key->is_of_one && reader->file->databases.count > 1) {
        assert(database != NULL); /* such a key belongs to a database */
        (void) wb_fail(err, WB_E_CONFIG,
                       "the environment variable %s does not say which database it is for",
                       key->variable);
        return wb_hint(err, "The project has %zu databases. Set %s instead.",
                       reader->file->databases.count,
                       variable_of_database(reader, key, database->name));
    }
    take_variable(reader, key->variable, value, setting);
    return true;
}

/* Notes where the variables that were just found missing are needed. */
static void place_missing(wb_project_reader *reader, size_t first, const wb_yaml_node *node)
{
    for (size_t i = first; i < reader->missing.count; i++) {
        reader->missing.items[i].line = node->line;
        reader->missing.items[i].column = node->column;
    }
}

/* Adds the expanded text of a node. What is empty because its variables are counts as not set, as
 * in "${DIRECT_URL:-}". */
static bool take_node(wb_project_reader *reader, const wb_yaml_node *node, wb_raw_setting *setting,
                      wb_error *err)
{
    const wb_project_options *options = reader->options;
    size_t first = reader->missing.count;
    const char *text = NULL;
    if (!wb_expand(node->text, options->getenv, options->getenv_arg, reader->arena,
                   &reader->missing, &text, err)) {
        (void) wb_while(err, "reading \"%s\"", setting->name);
        if (setting->key->is_secret)
            return wb_yaml_show_secret(reader->file->yaml, node, err);
        return wb_yaml_show_node(reader->file->yaml, node, err);
    }
    bool is_missing = reader->missing.count > first;
    if (is_missing && options->skip_required && setting->key->type == WB_KEY_URL)
        reader->missing.count = first;
    place_missing(reader, first, node);
    if (is_missing || (text[0] == '\0' && wb_has_variable(node->text)))
        return true;
    WB_LIST_ADD(reader->arena, &setting->texts, text);
    return true;
}

static bool take_file(wb_project_reader *reader, const wb_yaml_node *node, wb_raw_setting *setting,
                      wb_error *err)
{
    if (node == NULL)
        return true;
    setting->origin = WB_FROM_FILE;
    setting->source = reader->project->file;
    setting->node = node;
    if (node->kind == WB_YAML_SCALAR)
        return take_node(reader, node, setting, err);
    for (size_t i = 0; i < node->count; i++) {
        if (!take_node(reader, node->items[i], setting, err))
            return false;
    }
    return true;
}

static void take_default(const wb_project_reader *reader, const wb_config_database *database,
                         wb_raw_setting *setting)
{
    static const char url_variable[] = "DATABASE_URL";
    setting->node = NULL;
    bool is_url = strcmp(setting->key->name, "url") == 0;
    const char *url = wb_reader_variable(reader, url_variable);
    if (is_url && url != NULL && reader->file->databases.count == 1) {
        take_variable(reader, url_variable, url, setting);
        return;
    }
    setting->origin = WB_FROM_DEFAULT;
    setting->source = "default";
    const char *fallback = setting->key->fallback;
    if (fallback == NULL)
        return;
    /* Two databases must not share a folder by oversight. */
    if (setting->key->type == WB_KEY_PATHS && database != NULL && database->is_named)
        fallback = wb_arena_printf(reader->arena, "%s/%s", fallback, database->name);
    WB_LIST_ADD(reader->arena, &setting->texts, fallback);
}

bool wb_setting_choose(wb_project_reader *reader, const wb_config_key *key, size_t database,
                       wb_raw_setting *ret_setting, wb_error *err)
{
    const wb_config_file *file = reader->file;
    const wb_config_database *from = key->is_of_database ? &file->databases.items[database] : NULL;
    const wb_yaml_node *const *values = from != NULL ? from->values : file->values;
    *ret_setting = (wb_raw_setting){.key = key, .name = key->name};
    if (from != NULL && from->is_named)
        ret_setting->name =
            wb_arena_printf(reader->arena, "%s%s.%s", database_prefix, from->name, key->name);
    take_overrides(reader, database, ret_setting);
    if (ret_setting->texts.count > 0)
        return true;
    if (!take_environment(reader, from, ret_setting, err))
        return false;
    if (ret_setting->texts.count > 0)
        return true;
    if (!take_file(reader, values[key_index(key)], ret_setting, err))
        return false;
    if (ret_setting->texts.count == 0)
        take_default(reader, from, ret_setting);
    return true;
}
