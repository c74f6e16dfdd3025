/* Merging walks from map to map through "<<", in the order in which they count; what is met first
 * stays. Maps that merge each other in a circle, or by the thousand, end at a bound. */
#include "project/yaml_merge.h"

#include "base/map.h"

/* Pairs that merging may look at in one file. A few lines can ask for any number of them. */
enum { MOST_MERGED_PAIRS = 100000 };

typedef struct source {
    const wb_yaml_node *map;
} source;

typedef WB_LIST(source) source_list;
typedef WB_LIST(wb_yaml_pair) pair_list;

typedef struct merger {
    const wb_yaml_file *file;
    wb_arena *arena;
    size_t looked_at;
} merger;

static bool is_merge_key(const wb_yaml_node *key)
{
    return key->kind == WB_YAML_SCALAR && key->is_plain && wb_str_is(key->text, "<<");
}

static bool check_key(const wb_yaml_file *file, wb_yaml_pair *pair, wb_map *seen, wb_error *err)
{
    const wb_yaml_node *key = pair->key;
    if (key->kind != WB_YAML_SCALAR) {
        (void) wb_fail(err, WB_E_CONFIG, "a key is not a text");
        (void) wb_hint(err, "Write keys as plain words. A value that begins with \"{\" or \"[\" "
                            "needs quotes.");
        return wb_yaml_show_node(file, key, err);
    }
    const wb_yaml_pair *first = wb_map_set(seen, key->text, pair);
    if (first == NULL)
        return true;
    (void) wb_fail(err, WB_E_CONFIG, "the key \"%.*s\" is there twice", WB_STR_ARG(key->text));
    (void) wb_detail(err, "It is there first in line %u.", first->key->line);
    (void) wb_hint(err, "Remove one of them.");
    return wb_yaml_show_node(file, key, err);
}

static bool check_keys(const wb_yaml_file *file, const wb_yaml_node *map, wb_error *err)
{
    wb_map *seen = wb_map_new();
    bool ok = true;
    for (size_t i = 0; ok && i < map->count; i++)
        ok = check_key(file, &map->pairs[i], seen, err);
    wb_map_free(seen);
    return ok;
}

/* Adds the maps behind a "<<" to those that are to be looked at. */
static bool add_sources(const merger *m, const wb_yaml_node *value, source_list *sources,
                        wb_error *err)
{
    bool is_list = value->kind == WB_YAML_LIST;
    size_t count = is_list ? value->count : 1;
    for (size_t i = 0; i < count; i++) {
        source one = {is_list ? value->items[i] : value};
        if (one.map->kind != WB_YAML_MAP) {
            (void) wb_fail(err, WB_E_CONFIG, "what \"<<\" merges in are no keys with values");
            (void) wb_hint(err, "Write \"<<: *name\", where &name stands before such keys.");
            return wb_yaml_show_node(m->file, one.map, err);
        }
        WB_LIST_ADD(m->arena, sources, one);
    }
    return true;
}

static bool take_pairs(merger *m, const wb_yaml_node *from, wb_map *seen, pair_list *merged,
                       source_list *sources, wb_error *err)
{
    m->looked_at += from->count + 1;
    if (m->looked_at > MOST_MERGED_PAIRS) {
        (void) wb_fail(err, WB_E_CONFIG, "\"<<\" merges too much, or in a circle");
        (void) wb_hint(err, "Let \"<<\" name only what holds no \"<<\" itself.");
        return wb_yaml_show_node(m->file, from, err);
    }
    for (size_t i = 0; i < from->count; i++) {
        wb_yaml_pair *pair = &from->pairs[i];
        if (is_merge_key(pair->key)) {
            if (!add_sources(m, pair->value, sources, err))
                return false;
        } else if (!wb_map_has(seen, pair->key->text)) {
            (void) wb_map_set(seen, pair->key->text, pair);
            WB_LIST_ADD(m->arena, merged, *pair);
        }
    }
    return true;
}

static bool merge_map(merger *m, const wb_yaml_node *map, pair_list *merged, wb_error *err)
{
    source_list sources = {0};
    wb_map *seen = wb_map_new();
    bool ok = take_pairs(m, map, seen, merged, &sources, err);
    for (size_t i = 0; ok && i < sources.count; i++)
        ok = take_pairs(m, sources.items[i].map, seen, merged, &sources, err);
    wb_map_free(seen);
    return ok;
}

static bool has_merge_key(const wb_yaml_node *map)
{
    for (size_t i = 0; i < map->count; i++) {
        if (is_merge_key(map->pairs[i].key))
            return true;
    }
    return false;
}

bool wb_yaml_settle_keys(const wb_yaml_file *file, wb_yaml_node *nodes, size_t count,
                         wb_arena *arena, wb_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (nodes[i].kind == WB_YAML_MAP && !check_keys(file, &nodes[i], err))
            return false;
    }
    /* A map keeps its "<<" until all are merged, since others may merge through it. */
    merger m = {.file = file, .arena = arena};
    pair_list *merged = WB_NEW_ARRAY(arena, pair_list, count);
    for (size_t i = 0; i < count; i++) {
        bool is_merged = nodes[i].kind == WB_YAML_MAP && has_merge_key(&nodes[i]);
        if (is_merged && !merge_map(&m, &nodes[i], &merged[i], err))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (nodes[i].kind != WB_YAML_MAP || !has_merge_key(&nodes[i]))
            continue;
        nodes[i].pairs = merged[i].items;
        nodes[i].count = merged[i].count;
    }
    return true;
}
