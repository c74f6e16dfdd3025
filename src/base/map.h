/* A map from text to a pointer. Keys are compared byte by byte and must outlive the map; the
 * map's own memory is from the heap and goes with wb_map_free. */
#ifndef WB_BASE_MAP_H
#define WB_BASE_MAP_H

#include "base/str.h"

typedef struct wb_map wb_map;

wb_map *wb_map_new(void);
void wb_map_free(wb_map *map); /* NULL is a no-op */
/* Sets the value of a key. Returns the value it had before, NULL where there was none. */
void *wb_map_set(wb_map *map, wb_str key, void *value);
/* The value of a key, NULL where there is none. */
void *wb_map_get(const wb_map *map, wb_str key);
bool wb_map_has(const wb_map *map, wb_str key);
size_t wb_map_count(const wb_map *map);

#endif
