/* What the parts of wb_project_load share. Internal to this folder. */
#ifndef WB_PROJECT_PROJECT_READER_H
#define WB_PROJECT_PROJECT_READER_H

#include "project/config_file.h"
#include "project/expand.h"
#include "project/project.h"

/* An override of the caller, with its key found. */
typedef struct wb_override_target {
    const wb_config_key *key;
    size_t database; /* index; SIZE_MAX for all */
} wb_override_target;

typedef struct wb_project_reader {
    const wb_project_options *options;
    wb_arena *arena;
    wb_project *project;
    const wb_config_file *file;  /* without a project file: one database and no values */
    wb_override_target *targets; /* one for each override */
    wb_missing_list missing;
} wb_project_reader;

/* A setting as it was found, before its type is looked at. */
typedef struct wb_raw_setting {
    const wb_config_key *key;
    const char *name; /* full */
    wb_origin origin;
    const char *source;
    const wb_yaml_node *node; /* WB_FROM_FILE */
    wb_text_list texts;       /* none: not set */
} wb_raw_setting;

/* A variable of the environment; NULL where it is not set or empty. */
const char *wb_reader_variable(const wb_project_reader *reader, const char *name);

/* Finds the keys of the overrides. Fails with USAGE. */
bool wb_settings_find_overrides(wb_project_reader *reader, wb_error *err);
/* Where a setting comes from. `database` is an index; not looked at for a key of the project. Its
 * variables are expanded; those that are not set are added to reader->missing. */
bool wb_setting_choose(wb_project_reader *reader, const wb_config_key *key, size_t database,
                       wb_raw_setting *ret_setting, wb_error *err);
/* Checks a setting, writes it to its field in `fields` (a wb_project or wb_database_config) and
 * adds it to the list for `whimbrel config`. */
bool wb_setting_store(wb_project_reader *reader, const wb_raw_setting *setting, void *fields,
                      wb_error *err);

#endif
