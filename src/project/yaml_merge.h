/* Keys of YAML maps: each there once, and those that "<<" merges in. Internal to this folder. */
#ifndef WB_PROJECT_YAML_MERGE_H
#define WB_PROJECT_YAML_MERGE_H

#include "project/yaml_tree.h"

/* Checks the keys of every map among the nodes and replaces "<<: *other" by the pairs of the other
 * map that the map itself does not have; of a list of maps the first counts most. */
bool wb_yaml_settle_keys(const wb_yaml_file *file, wb_yaml_node *nodes, size_t count,
                         wb_arena *arena, wb_error *err);

#endif
