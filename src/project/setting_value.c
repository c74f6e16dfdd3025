/* The text of a setting, checked by its type and written to its field. */
#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "project/duration.h"
#include "project/project_reader.h"

/* Says where a bad value comes from. A value that the caller gave is the caller's fault. */
static bool blame(const wb_project_reader *reader, const wb_raw_setting *setting, wb_error *err)
{
    switch (setting->origin) {
    case WB_FROM_FILE:
        if (setting->key->is_secret)
            return wb_yaml_show_secret(reader->file->yaml, setting->node, err);
        return wb_yaml_show_node(reader->file->yaml, setting->node, err);
    case WB_FROM_ENVIRONMENT:
        return wb_detail(err, "It comes from the environment variable %s.", setting->source);
    case WB_FROM_CALLER:
        err->status = WB_E_USAGE;
        return wb_detail(err, "It comes from %s.", setting->source);
    case WB_FROM_DEFAULT:
        break;
    }
    return false;
}

static bool fail_value(const wb_project_reader *reader, const wb_raw_setting *setting,
                       const char *text, wb_error *err)
{
    enum { SHOWN = 80 };
    wb_str shown = wb_str_from(text);
    const char *dots = shown.len > SHOWN ? "..." : "";
    if (shown.len > SHOWN)
        shown.len = wb_utf8_floor(shown, SHOWN);
    (void) wb_fail(err, WB_E_CONFIG, "\"%s\" is \"%.*s%s\", but must be %s", setting->name,
                   WB_STR_ARG(shown), dots, wb_config_key_type_text(setting->key, reader->arena));
    bool is_bare = setting->key->type == WB_KEY_DURATION && text[0] != '\0' &&
                   text[strspn(text, "0123456789")] == '\0';
    if (is_bare)
        (void) wb_hint(err, "Add the unit: ms, s, m or h.");
    return blame(reader, setting, err);
}

static bool fail_empty(const wb_project_reader *reader, const wb_raw_setting *setting,
                       wb_error *err)
{
    (void) wb_fail(err, WB_E_CONFIG, "\"%s\" is empty", setting->name);
    return blame(reader, setting, err);
}

static const char *resolved(const wb_project_reader *reader, const wb_raw_setting *setting,
                            const char *path)
{
    if (setting->origin == WB_FROM_CALLER)
        return path;
    return wb_path_join(reader->arena, reader->project->folder, path);
}

static bool is_name(const char *text, unsigned longest)
{
    size_t length = 0;
    for (; text[length] != '\0'; length++) {
        char c = text[length];
        if (c != '_' && !wb_is_alpha(c) && !(length > 0 && wb_is_digit(c)))
            return false;
    }
    return length > 0 && length <= longest;
}

/* The choice in the spelling of the table; NULL where there is none. */
static const char *find_choice(const char *choices, const char *text, wb_arena *arena)
{
    wb_str rest = wb_str_from(choices);
    wb_str one;
    while (wb_str_split(&rest, '|', &one)) {
        if (wb_str_is_nocase(one, text))
            return wb_str_dup(arena, one);
    }
    return NULL;
}

static bool store_text(const wb_project_reader *reader, const wb_raw_setting *setting,
                       const char **field, wb_error *err)
{
    const char *text = setting->texts.items[0];
    const wb_config_key *key = setting->key;
    bool is_fine = true;
    if (text[0] == '\0')
        return fail_empty(reader, setting, err);
    if (key->type == WB_KEY_CHOICE) {
        *field = find_choice(key->choices, text, reader->arena);
        is_fine = *field != NULL;
    } else if (key->type == WB_KEY_PATH) {
        *field = resolved(reader, setting, text);
    } else {
        *field = text;
        is_fine = key->type != WB_KEY_NAME || is_name(text, key->max);
    }
    return is_fine || fail_value(reader, setting, text, err);
}

static bool store_number(const wb_project_reader *reader, const wb_raw_setting *setting,
                         unsigned *field, wb_error *err)
{
    const char *text = setting->texts.items[0];
    const wb_config_key *key = setting->key;
    uint64_t number = 0;
    bool is_fine = false;
    if (key->type == WB_KEY_DURATION) {
        unsigned duration_ms = 0;
        is_fine = wb_duration_parse(wb_str_from(text), &duration_ms);
        number = duration_ms;
    } else {
        is_fine = wb_str_to_u64(wb_str_from(text), &number);
    }
    if (!is_fine || number < key->min || number > key->max)
        return fail_value(reader, setting, text, err);
    *field = (unsigned) number;
    return true;
}

static bool store_list(const wb_project_reader *reader, const wb_raw_setting *setting,
                       wb_text_list *field, wb_error *err)
{
    for (size_t i = 0; i < setting->texts.count; i++) {
        const char *text = setting->texts.items[i];
        if (text[0] == '\0')
            return fail_empty(reader, setting, err);
        if (setting->key->type == WB_KEY_PATHS)
            text = resolved(reader, setting, text);
        WB_LIST_ADD(reader->arena, field, text);
    }
    return true;
}

static bool store_url(const wb_project_reader *reader, const wb_raw_setting *setting,
                      const char **field, const char **ret_shown, wb_error *err)
{
    const char *text = setting->texts.items[0];
    const char *folder = setting->origin == WB_FROM_CALLER ? "." : reader->project->folder;
    wb_url url;
    if (!wb_url_resolve(text, folder, reader->arena, field, err) ||
        !wb_url_parse(*field, reader->arena, &url, err)) {
        (void) wb_while(err, "reading \"%s\"", setting->name);
        return blame(reader, setting, err);
    }
    *ret_shown = url.masked;
    return true;
}

static const char *joined(const wb_text_list *list, wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    for (size_t i = 0; i < list->count; i++)
        wb_buf_printf(&text, "%s%s", i == 0 ? "" : ", ", list->items[i]);
    return wb_str_dup(arena, wb_buf_str(&text));
}

/* Writes the field and gives the text that may be shown. */
static bool store_typed(const wb_project_reader *reader, const wb_raw_setting *setting, void *field,
                        const char **ret_shown, wb_error *err)
{
    *ret_shown = setting->texts.items[0];
    switch (setting->key->type) {
    case WB_KEY_TEXT:
    case WB_KEY_NAME:
    case WB_KEY_CHOICE:
    case WB_KEY_PATH:
        if (!store_text(reader, setting, field, err))
            return false;
        *ret_shown = *(const char *const *) field;
        return true;
    case WB_KEY_URL:
        return store_url(reader, setting, field, ret_shown, err);
    case WB_KEY_NUMBER:
    case WB_KEY_DURATION:
        return store_number(reader, setting, field, err);
    case WB_KEY_LIST:
    case WB_KEY_PATHS:
        if (!store_list(reader, setting, field, err))
            return false;
        *ret_shown = joined(field, reader->arena);
        return true;
    }
    return true;
}

/* The environment may hold any bytes; what is shown must be text. */
static bool check_texts(const wb_project_reader *reader, const wb_raw_setting *setting,
                        wb_error *err)
{
    for (size_t i = 0; i < setting->texts.count; i++) {
        size_t bad = 0;
        if (wb_utf8_is_valid(wb_str_from(setting->texts.items[i]), &bad))
            continue;
        (void) wb_fail(err, WB_E_CONFIG, "\"%s\" is not valid UTF-8", setting->name);
        return blame(reader, setting, err);
    }
    return true;
}

bool wb_setting_store(wb_project_reader *reader, const wb_raw_setting *setting, void *fields,
                      wb_error *err)
{
    if (setting->texts.count == 0)
        return true;
    const char *shown = NULL;
    void *field = (char *) fields + setting->key->offset;
    if (!check_texts(reader, setting, err) || !store_typed(reader, setting, field, &shown, err))
        return false;
    wb_setting entry = {
        .key = setting->name,
        .value = shown,
        .origin = setting->origin,
        .source = setting->source,
        .line = setting->node != NULL ? setting->node->line : 0,
        .column = setting->node != NULL ? setting->node->column : 0,
    };
    WB_LIST_ADD(reader->arena, &reader->project->settings, entry);
    return true;
}
