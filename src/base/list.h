/* Typed growing arrays in an arena: `WB_LIST(int) numbers = {0}; WB_LIST_ADD(arena, &numbers, 7);`
 * Growth leaves the old array in the arena, so the waste is at most the final size. */
#ifndef WB_BASE_LIST_H
#define WB_BASE_LIST_H

#include "base/arena.h"

#define WB_LIST(type)    \
    struct {             \
        type *items;     \
        size_t count;    \
        size_t capacity; \
    }

/* The array to use when `count` items fill `capacity`; sets the new capacity. */
void *wb_list_grow(wb_arena *arena, void *items, size_t count, size_t *capacity, size_t item_size);

#define WB_LIST_ADD(arena, list, item)                                                             \
    do {                                                                                           \
        if ((list)->count == (list)->capacity)                                                     \
            (list)->items = wb_list_grow((arena), (list)->items, (list)->count, &(list)->capacity, \
                                         sizeof(*(list)->items));                                  \
        (list)->items[(list)->count++] = (item);                                                   \
    } while (0)

typedef WB_LIST(const char *) wb_text_list;

#endif
