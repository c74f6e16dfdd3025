#include "base/map.h"

#include <stdlib.h>

#define uthash_fatal(message) abort()
#define uthash_malloc(size)   wb_alloc(size)
#include <uthash.h>

typedef struct entry {
    wb_str key;
    void *value;
    UT_hash_handle hh;
} entry;

struct wb_map {
    entry *first;
    wb_arena *entries;
};

wb_map *wb_map_new(void)
{
    wb_map *map = wb_calloc(1, sizeof(*map));
    map->entries = wb_arena_new();
    return map;
}

void wb_map_free(wb_map *map)
{
    if (map == NULL)
        return;
    HASH_CLEAR(hh, map->first);
    wb_arena_free(map->entries);
    free(map);
}

static entry *find(const wb_map *map, wb_str key)
{
    entry *found = NULL;
    HASH_FIND(hh, map->first, key.ptr, key.len, found);
    return found;
}

void *wb_map_set(wb_map *map, wb_str key, void *value)
{
    entry *found = find(map, key);
    if (found != NULL) {
        void *before = found->value;
        found->value = value;
        return before;
    }
    found = WB_NEW(map->entries, entry);
    found->key = key;
    found->value = value;
    HASH_ADD_KEYPTR(hh, map->first, found->key.ptr, found->key.len, found);
    return NULL;
}

void *wb_map_get(const wb_map *map, wb_str key)
{
    const entry *found = find(map, key);
    return found != NULL ? found->value : NULL;
}

bool wb_map_has(const wb_map *map, wb_str key)
{
    return find(map, key) != NULL;
}

size_t wb_map_count(const wb_map *map)
{
    return HASH_COUNT(map->first);
}
