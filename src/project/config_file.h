/* Which value of the project file belongs to which key. Internal to this folder. */
#ifndef WB_PROJECT_CONFIG_FILE_H
#define WB_PROJECT_CONFIG_FILE_H

#include "project/key_table.h"
#include "project/yaml_tree.h"

typedef struct wb_config_database {
    const char *name;
    bool is_named;                                 /* it stands below `databases` */
    const wb_yaml_node *values[WB_CONFIG_KEY_MAX]; /* by index of the key; NULL: not in the file */
} wb_config_database;

typedef struct wb_config_file {
    const wb_yaml_file *yaml;
    const wb_yaml_node *values[WB_CONFIG_KEY_MAX];
    WB_LIST(wb_config_database) databases; /* at least one */
} wb_config_file;

/* Sorts the values of the file by key. Fails with CONFIG on an unknown key, a value of the wrong
 * shape, a bad name of a database, both `databases` and a database's keys at the top. */
bool wb_config_file_sort(const wb_yaml_file *yaml, wb_arena *arena, wb_config_file **ret_file,
                         wb_error *err);

#endif
