/* A table of names, each of which stands for a number: ids and labels of a graph. It lives in an
 * arena (wb_map is of the heap and would need a wb_graph_free), and keeps the order of adding. */
#ifndef WB_REVISION_GRAPH_KEYS_H
#define WB_REVISION_GRAPH_KEYS_H

#include "base/list.h"
#include "base/str.h"

typedef struct wb_key {
    wb_str text; /* not copied */
    uint32_t value;
    bool is_label;
} wb_key;

typedef struct wb_keys {
    WB_LIST(wb_key) list; /* in the order of adding */
    uint32_t *slots;      /* open addressing: 1 + place in the list; 0 where free */
    size_t slot_count;    /* a power of two */
    wb_arena *arena;
} wb_keys;

void wb_keys_init(wb_keys *keys, size_t expected, wb_arena *arena);
/* Adds a name. NULL when it is new, else the key that has the name already. */
const wb_key *wb_keys_add(wb_keys *keys, wb_key key);
const wb_key *wb_keys_find(const wb_keys *keys, wb_str text);

/* The name nearest to `text` that a slip of the finger explains; NULL where none is near. */
const wb_key *wb_keys_nearest(const wb_keys *keys, wb_str text);

#endif
