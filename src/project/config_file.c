/* The file has three levels: the top, a database below `databases`, and groups such as `ledger` in
 * either. A key with a dot in the table is in the group before its dot. */
#include "project/config_file.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/suggest.h"

#include <assert.h>

enum { LONGEST_NAME = 63 };

/* What is being read: where its values go, and what may stand there. */
typedef struct scope {
    const wb_yaml_file *yaml;
    const wb_yaml_node **project; /* NULL inside a database */
    const wb_yaml_node **database;
    const wb_yaml_node *first_database_key; /* the first that was met; NULL for none */
    const wb_yaml_node *databases;          /* the value of `databases`; NULL for none */
    wb_arena *arena;
} scope;

static bool is_fitting(const scope *s, const wb_config_key *key)
{
    return key->is_of_database || s->project != NULL;
}

/* The length of the group's name in "ledger.schema"; 0 for a key in no group. */
static size_t group_length(const wb_config_key *key)
{
    const char *dot = strchr(key->name, '.');
    return dot != NULL ? (size_t) (dot - key->name) : 0;
}

/* `group` is empty for the keys outside of any. */
static const wb_config_key *find_key(const scope *s, wb_str group, wb_str name)
{
    size_t count = 0;
    const wb_config_key *keys = wb_config_keys(&count);
    for (size_t i = 0; i < count; i++) {
        size_t length = group_length(&keys[i]);
        wb_str key_group = wb_str_make(keys[i].name, length);
        const char *key_name = keys[i].name + (length > 0 ? length + 1 : 0);
        if (is_fitting(s, &keys[i]) && wb_str_is_equal(key_group, group) &&
            wb_str_is(name, key_name))
            return &keys[i];
    }
    return NULL;
}

static bool is_group(const scope *s, wb_str name)
{
    size_t count = 0;
    const wb_config_key *keys = wb_config_keys(&count);
    for (size_t i = 0; i < count; i++) {
        size_t length = group_length(&keys[i]);
        if (length > 0 && is_fitting(s, &keys[i]) &&
            wb_str_is_equal(wb_str_make(keys[i].name, length), name))
            return true;
    }
    return false;
}

static bool fail_unknown(const scope *s, wb_str group, const wb_yaml_node *key, wb_error *err)
{
    const char *known[WB_CONFIG_KEY_MAX + 2];
    size_t known_count = 0;
    size_t count = 0;
    const wb_config_key *keys = wb_config_keys(&count);
    for (size_t i = 0; i < count; i++) {
        size_t length = group_length(&keys[i]);
        if (!is_fitting(s, &keys[i]))
            continue;
        if (length == 0 && group.len == 0)
            known[known_count++] = keys[i].name;
        else if (length > 0 && wb_str_is_equal(wb_str_make(keys[i].name, length), group))
            known[known_count++] = keys[i].name + length + 1;
    }
    if (group.len == 0)
        known[known_count++] = "ledger";
    if (group.len == 0 && s->project != NULL)
        known[known_count++] = "databases";
    (void) wb_fail(err, WB_E_CONFIG, "the key \"%.*s\" is not known", WB_STR_ARG(key->text));
    const char *near = wb_suggest(s->arena, key->text, known, known_count);
    WB_AUTO_BUF(all, 0);
    for (size_t i = 0; i < known_count; i++)
        wb_buf_printf(&all, "%s%s", i == 0 ? "" : ", ", known[i]);
    (void) wb_hint(err, "%s%sKnown here are: %s.", near != NULL ? near : "",
                   near != NULL ? " " : "", wb_buf_text(&all));
    return wb_yaml_show_node(s->yaml, key, err);
}

/* Texts and lists are told apart here; what the texts say is checked once they are expanded. */
static bool check_shape(const scope *s, const wb_config_key *key, const wb_yaml_node *value,
                        wb_error *err)
{
    bool takes_list = key->type == WB_KEY_LIST || key->type == WB_KEY_PATHS;
    bool is_fine = value->kind == WB_YAML_SCALAR || (takes_list && value->kind == WB_YAML_LIST);
    if (wb_yaml_is_null(value)) {
        (void) wb_fail(err, WB_E_CONFIG, "\"%s\" has no value", key->name);
        (void) wb_hint(err, "Write a value, or remove the line.");
        return wb_yaml_show_node(s->yaml, value, err);
    }
    for (size_t i = 0; is_fine && value->kind == WB_YAML_LIST && i < value->count; i++)
        is_fine = value->items[i]->kind == WB_YAML_SCALAR && !wb_yaml_is_null(value->items[i]);
    if (is_fine)
        return true;
    (void) wb_fail(err, WB_E_CONFIG, "\"%s\" must be %s", key->name,
                   wb_config_key_type_text(key, s->arena));
    (void) wb_hint(err,
                   "A text that begins with \"{\", \"[\", \"*\", \"&\" or \"%%\" needs quotes.");
    if (key->is_secret)
        return wb_yaml_show_secret(s->yaml, value, err);
    return wb_yaml_show_node(s->yaml, value, err);
}

static bool store(scope *s, const wb_config_key *key, const wb_yaml_pair *pair, wb_error *err)
{
    size_t count = 0;
    size_t index = (size_t) (key - wb_config_keys(&count));
    if (!check_shape(s, key, pair->value, err))
        return false;
    if (key->is_of_database && s->first_database_key == NULL)
        s->first_database_key = pair->key;
    const wb_yaml_node **values = key->is_of_database ? s->database : s->project;
    assert(values != NULL); /* find_key gives no key of the project inside a database */
    values[index] = pair->value;
    return true;
}

static bool check_map(const scope *s, const wb_yaml_node *key, const wb_yaml_node *value,
                      wb_error *err)
{
    if (value->kind == WB_YAML_MAP)
        return true;
    (void) wb_fail(err, WB_E_CONFIG, "\"%.*s\" must have keys with values below it",
                   WB_STR_ARG(key->text));
    (void) wb_hint(err,
                   "Write each of them in a line of its own, farther to the right than "
                   "\"%.*s\".",
                   WB_STR_ARG(key->text));
    return wb_yaml_show_node(s->yaml, value, err);
}

static bool read_group(scope *s, const wb_yaml_pair *group, wb_error *err)
{
    if (!check_map(s, group->key, group->value, err))
        return false;
    for (size_t i = 0; i < group->value->count; i++) {
        const wb_yaml_pair *pair = &group->value->pairs[i];
        const wb_config_key *key = find_key(s, group->key->text, pair->key->text);
        if (key == NULL)
            return fail_unknown(s, group->key->text, pair->key, err);
        if (!store(s, key, pair, err))
            return false;
    }
    return true;
}

/* Keys that begin with "x-" are for whoever wants to keep something in the file, such as parts that
 * are merged in elsewhere. */
static bool is_private(const scope *s, wb_str name)
{
    return s->project != NULL && wb_str_has_prefix(name, WB_STR("x-"));
}

static bool read_map(scope *s, const wb_yaml_node *map, wb_error *err)
{
    for (size_t i = 0; i < map->count; i++) {
        const wb_yaml_pair *pair = &map->pairs[i];
        wb_str name = pair->key->text;
        const wb_config_key *key = find_key(s, wb_str_make("", 0), name);
        if (is_private(s, name))
            continue;
        if (s->project != NULL && wb_str_is(name, "databases")) {
            if (!check_map(s, pair->key, pair->value, err))
                return false;
            s->databases = pair->value;
        } else if (is_group(s, name)) {
            if (!read_group(s, pair, err))
                return false;
        } else if (key == NULL) {
            return fail_unknown(s, wb_str_make("", 0), pair->key, err);
        } else if (!store(s, key, pair, err)) {
            return false;
        }
    }
    return true;
}

static bool is_database_name(wb_str name)
{
    if (name.len == 0 || name.len > LONGEST_NAME)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_inside = i > 0 && (wb_is_digit(c) || c == '-');
        if (!wb_is_alpha(c) && c != '_' && !is_inside)
            return false;
    }
    return true;
}

static bool read_database(const scope *top, const wb_yaml_pair *pair, wb_config_file *file,
                          wb_error *err)
{
    if (!is_database_name(pair->key->text)) {
        (void) wb_fail(err, WB_E_CONFIG, "\"%.*s\" cannot be the name of a database",
                       WB_STR_ARG(pair->key->text));
        (void) wb_hint(err,
                       "A name begins with a letter and has letters, digits, \"_\" and \"-\", "
                       "at most %d.",
                       (int) LONGEST_NAME);
        return wb_yaml_show_node(top->yaml, pair->key, err);
    }
    if (!check_map(top, pair->key, pair->value, err))
        return false;
    wb_config_database database = {.name = pair->key->text.ptr, .is_named = true};
    scope s = {.yaml = top->yaml, .database = database.values, .arena = top->arena};
    if (!read_map(&s, pair->value, err))
        return false;
    WB_LIST_ADD(top->arena, &file->databases, database);
    return true;
}

/* The environment knows databases by the upper-case form of their names. */
static bool check_distinct(const scope *top, wb_error *err)
{
    wb_map *seen = wb_map_new();
    bool ok = true;
    for (size_t i = 0; ok && i < top->databases->count; i++) {
        wb_yaml_pair *pair = &top->databases->pairs[i];
        const char *name = wb_config_variable_form(pair->key->text, top->arena);
        const wb_yaml_pair *other = wb_map_set(seen, wb_str_from(name), pair);
        if (other == NULL)
            continue;
        (void) wb_fail(err, WB_E_CONFIG,
                       "the databases \"%.*s\" and \"%.*s\" are hard to tell apart",
                       WB_STR_ARG(other->key->text), WB_STR_ARG(pair->key->text));
        (void) wb_hint(err, "Names must differ in more than upper case and punctuation.");
        ok = wb_yaml_show_node(top->yaml, pair->key, err);
    }
    wb_map_free(seen);
    return ok;
}

static bool fail_both_forms(const scope *s, wb_error *err)
{
    const wb_yaml_node *key = s->first_database_key;
    (void) wb_fail(err, WB_E_CONFIG, "\"%.*s\" stands at the top, but there is also \"databases\"",
                   WB_STR_ARG(key->text));
    (void) wb_detail(err, "At the top it would define a database of its own, called \"default\".");
    (void) wb_hint(err, "Move it below the databases that it is for. To give it to several, write "
                        "it once below a key such as \"x-common: &common\" and \"<<: *common\" in "
                        "each.");
    return wb_yaml_show_node(s->yaml, key, err);
}

bool wb_config_file_sort(const wb_yaml_file *yaml, wb_arena *arena, wb_config_file **ret_file,
                         wb_error *err)
{
    wb_config_file *file = WB_NEW(arena, wb_config_file);
    wb_config_database only = {.name = "default"};
    scope top = {
        .yaml = yaml,
        .project = file->values,
        .database = only.values,
        .arena = arena,
    };
    file->yaml = yaml;
    if (!read_map(&top, yaml->root, err))
        return false;
    if (top.databases != NULL && top.first_database_key != NULL)
        return fail_both_forms(&top, err);
    for (size_t i = 0; top.databases != NULL && i < top.databases->count; i++) {
        if (!read_database(&top, &top.databases->pairs[i], file, err))
            return false;
    }
    if (top.databases != NULL && file->databases.count == 0) {
        (void) wb_fail(err, WB_E_CONFIG, "\"databases\" names no database");
        return wb_yaml_show_node(yaml, top.databases, err);
    }
    if (top.databases != NULL && !check_distinct(&top, err))
        return false;
    if (top.databases == NULL)
        WB_LIST_ADD(arena, &file->databases, only);
    *ret_file = file;
    return true;
}
