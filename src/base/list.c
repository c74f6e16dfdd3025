#include "base/list.h"

#include <string.h>

void *wb_list_grow(wb_arena *arena, void *items, size_t count, size_t *capacity, size_t item_size)
{
    size_t larger = *capacity == 0 ? 8 : *capacity * 2;
    void *fresh = wb_arena_calloc(arena, larger, item_size);
    if (count != 0)
        memcpy(fresh, items, count * item_size);
    *capacity = larger;
    return fresh;
}
