#include "revision/graph_keys.h"

#include "base/suggest.h"

void wb_keys_init(wb_keys *keys, size_t expected, wb_arena *arena)
{
    *keys = (wb_keys){.slot_count = 16, .arena = arena};
    while (keys->slot_count < expected * 2)
        keys->slot_count *= 2;
    keys->slots = WB_NEW_ARRAY(arena, uint32_t, keys->slot_count);
    if (expected != 0) {
        keys->list.items = WB_NEW_ARRAY(arena, wb_key, expected);
        keys->list.capacity = expected;
    }
}

/* FNV-1a. The names come from the user's own files, so that no one gains from collisions. */
static size_t hash_of(wb_str text)
{
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char) text.ptr[i]) * 0x100000001b3U;
    return (size_t) (hash ^ hash >> 32);
}

/* The slot that holds `text`, or the free one where it belongs. */
static uint32_t *slot_of(const wb_keys *keys, wb_str text)
{
    size_t mask = keys->slot_count - 1;
    for (size_t i = hash_of(text) & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &keys->slots[i];
        if (*slot == 0 || wb_str_is_equal(keys->list.items[*slot - 1].text, text))
            return slot;
    }
}

static void grow(wb_keys *keys)
{
    keys->slot_count *= 2;
    keys->slots = WB_NEW_ARRAY(keys->arena, uint32_t, keys->slot_count);
    for (size_t i = 0; i < keys->list.count; i++)
        *slot_of(keys, keys->list.items[i].text) = (uint32_t) i + 1;
}

const wb_key *wb_keys_add(wb_keys *keys, wb_key key)
{
    if ((keys->list.count + 1) * 2 > keys->slot_count)
        grow(keys);
    uint32_t *slot = slot_of(keys, key.text);
    if (*slot != 0)
        return &keys->list.items[*slot - 1];
    WB_LIST_ADD(keys->arena, &keys->list, key);
    *slot = (uint32_t) keys->list.count;
    return NULL;
}

const wb_key *wb_keys_find(const wb_keys *keys, wb_str text)
{
    uint32_t slot = *slot_of(keys, text);
    return slot != 0 ? &keys->list.items[slot - 1] : NULL;
}

const wb_key *wb_keys_nearest(const wb_keys *keys, wb_str text)
{
    if (text.len < 2)
        return NULL;
    size_t limit = text.len < 4 ? 1 : text.len < 9 ? 2 : 3;
    const wb_key *nearest = NULL;
    for (size_t i = 0; i < keys->list.count && limit > 0; i++) {
        const wb_key *key = &keys->list.items[i];
        if (key->text.len > text.len + limit || key->text.len + limit < text.len)
            continue;
        size_t distance = wb_suggest_distance(text, key->text);
        if (distance <= limit) {
            nearest = key;
            limit = distance - (distance > 0 ? 1 : 0); /* from here on only nearer ones count */
        }
    }
    return nearest;
}
