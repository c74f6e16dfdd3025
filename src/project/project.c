/* Loading is one walk over the key table: once for the project and once for each database, each key
 * is looked for in its sources, checked and stored. Variables that are missing are gathered on the
 * way and reported together at the end. */
#include "project/project.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "project/project_reader.h"

static const char file_name[] = "whimbrel.yaml";
static const char other_name[] = "whimbrel.yml";

enum { LARGEST_FILE = 1024 * 1024 };

/* whimbrel.yml would be passed over in silence; whoever wrote it meant it. */
static bool check_other_name(wb_project_reader *reader, const char *start, const char *found,
                             wb_error *err)
{
    char *other = NULL;
    if (!wb_path_find_upwards(reader->arena, start, other_name, &other, err))
        return false;
    if (other == NULL || (found != NULL && strlen(found) > strlen(other)))
        return true;
    (void) wb_fail(err, WB_E_CONFIG, "\"%s\" is not a name that is looked for", other);
    return wb_hint(err, "Rename it to %s.", file_name);
}

/* The nearest project file; NULL where there is none. A path that is near is kept short, since it
 * stands in every error. */
static bool search(wb_project_reader *reader, const char *start, const char **ret_path,
                   wb_error *err)
{
    const char *near = wb_path_join(reader->arena, start, file_name);
    char *found = NULL;
    if (!wb_path_find_upwards(reader->arena, start, file_name, &found, err) ||
        !check_other_name(reader, start, found, err))
        return false;
    *ret_path = wb_file_exists(near) ? near : found;
    return true;
}

static bool locate(wb_project_reader *reader, const char **ret_path, wb_error *err)
{
    const wb_project_options *options = reader->options;
    const char *start = options->start_folder != NULL ? options->start_folder : ".";
    const char *configured = wb_reader_variable(reader, "WHIMBREL_CONFIG");
    *ret_path = options->file != NULL ? options->file : configured;
    if (*ret_path == NULL && !search(reader, start, ret_path, err))
        return false;
    reader->project->file = wb_arena_strdup(reader->arena, *ret_path);
    reader->project->folder = *ret_path != NULL ? wb_path_parent(reader->arena, *ret_path)
                                                : wb_arena_strdup(reader->arena, start);
    return true;
}

/* Where there is no file, there is one database of which nothing is set. */
static const wb_config_file *no_file(wb_arena *arena)
{
    wb_config_file *file = WB_NEW(arena, wb_config_file);
    wb_config_database only = {.name = "default"};
    WB_LIST_ADD(arena, &file->databases, only);
    return file;
}

static bool read_file(wb_project_reader *reader, wb_error *err)
{
    const char *path = NULL;
    if (!locate(reader, &path, err))
        return false;
    if (path == NULL) {
        reader->file = no_file(reader->arena);
        return true;
    }
    wb_str text;
    wb_yaml_file *yaml = NULL;
    wb_config_file *file = NULL;
    if (!wb_file_read(path, LARGEST_FILE, reader->arena, &text, err)) {
        if (reader->options->file == NULL && wb_reader_variable(reader, "WHIMBREL_CONFIG") != NULL)
            (void) wb_detail(err, "The path comes from the environment variable WHIMBREL_CONFIG.");
        return wb_while(err, "reading the project file");
    }
    if (!wb_yaml_parse(reader->project->file, text, reader->arena, &yaml, err) ||
        !wb_config_file_sort(yaml, reader->arena, &file, err))
        return false;
    reader->file = file;
    return true;
}

/* Adds the variables of `require_env` that are not set to those that are missing. */
static void check_required(wb_project_reader *reader)
{
    size_t count = 0;
    size_t index = (size_t) (wb_config_key_find("require_env") - wb_config_keys(&count));
    const wb_yaml_node *node = reader->file->values[index];
    const wb_text_list *names = &reader->project->require_env;
    for (size_t i = 0; i < names->count; i++) {
        if (wb_reader_variable(reader, names->items[i]) != NULL)
            continue;
        wb_missing item = {.name = names->items[i], .message = ""};
        bool has_items = node != NULL && node->kind == WB_YAML_LIST && node->count == names->count;
        const wb_yaml_node *place = has_items ? node->items[i] : node;
        item.line = place != NULL ? place->line : 0;
        item.column = place != NULL ? place->column : 0;
        WB_LIST_ADD(reader->arena, &reader->missing, item);
    }
}

/* A variable may be needed in many places; one is enough, the one with a message if there is any.
 */
static void drop_repeated(wb_missing_list *missing)
{
    wb_map *seen = wb_map_new();
    size_t kept = 0;
    for (size_t i = 0; i < missing->count; i++) {
        wb_missing *one = &missing->items[i];
        wb_missing *first = wb_map_get(seen, wb_str_from(one->name));
        if (first != NULL && first->message[0] == '\0')
            first->message = one->message;
        if (first != NULL)
            continue;
        missing->items[kept] = *one;
        (void) wb_map_set(seen, wb_str_from(one->name), &missing->items[kept++]);
    }
    missing->count = kept;
    wb_map_free(seen);
}

static void describe_missing(const wb_missing_list *missing, wb_buf *names, wb_buf *details)
{
    for (size_t i = 0; i < missing->count; i++) {
        const wb_missing *one = &missing->items[i];
        const char *separator = i == 0 ? "" : " ";
        wb_buf_printf(names, "%s%s", i == 0 ? "" : ", ", one->name);
        if (one->line > 0 && one->message[0] != '\0')
            wb_buf_printf(details, "%s%s is needed in line %u: %s.", separator, one->name,
                          one->line, one->message);
        else if (one->line > 0)
            wb_buf_printf(details, "%s%s is needed in line %u.", separator, one->name, one->line);
    }
}

static bool fail_missing(wb_project_reader *reader, wb_error *err)
{
    wb_missing_list *missing = &reader->missing;
    drop_repeated(missing);
    WB_AUTO_BUF(names, sizeof(err->message));
    WB_AUTO_BUF(details, sizeof(err->detail));
    describe_missing(missing, &names, &details);
    bool is_one = missing->count == 1;
    if (is_one)
        (void) wb_fail(err, WB_E_ENVIRONMENT, "the environment variable %s is not set",
                       wb_buf_text(&names));
    else
        (void) wb_fail(err, WB_E_ENVIRONMENT, "%zu environment variables are not set: %s",
                       missing->count, wb_buf_text(&names));
    (void) wb_detail(err, "%s", wb_buf_text(&details));
    (void) wb_hint(err,
                   "Set %s before the command, or give a default in the file: "
                   "${NAME:-default}.",
                   is_one ? "it" : "them");
    if (reader->file->yaml == NULL || missing->items[0].line == 0)
        return false;
    return wb_yaml_show(reader->file->yaml, missing->items[0].line, missing->items[0].column, err);
}

/* Reads the keys of the project, or of one of its databases. */
static bool read_keys(wb_project_reader *reader, bool is_of_database, size_t database, void *fields,
                      wb_error *err)
{
    size_t count = 0;
    const wb_config_key *keys = wb_config_keys(&count);
    for (size_t i = 0; i < count; i++) {
        wb_raw_setting setting;
        if (keys[i].is_of_database != is_of_database)
            continue;
        if (!wb_setting_choose(reader, &keys[i], database, &setting, err) ||
            !wb_setting_store(reader, &setting, fields, err))
            return false;
    }
    return true;
}

static bool read_databases(wb_project_reader *reader, wb_error *err)
{
    wb_project *project = reader->project;
    for (size_t i = 0; i < reader->file->databases.count; i++) {
        wb_database_config config = {.name = reader->file->databases.items[i].name};
        if (!read_keys(reader, true, i, &config, err))
            return false;
        WB_LIST_ADD(reader->arena, &project->databases, config);
    }
    return true;
}

bool wb_project_load(const wb_project_options *options, wb_arena *arena, wb_project **ret_project,
                     wb_error *err)
{
    wb_project_reader reader = {
        .options = options,
        .arena = arena,
        .project = WB_NEW(arena, wb_project),
    };
    if (!read_file(&reader, err) || !wb_settings_find_overrides(&reader, err) ||
        !read_keys(&reader, false, 0, reader.project, err))
        return false;
    if (!options->skip_required)
        check_required(&reader);
    if (!read_databases(&reader, err))
        return false;
    if (reader.missing.count > 0)
        return fail_missing(&reader, err);
    *ret_project = reader.project;
    return true;
}

const wb_database_config *wb_project_database(const wb_project *project, const char *name)
{
    for (size_t i = 0; i < project->databases.count; i++) {
        if (strcmp(project->databases.items[i].name, name) == 0)
            return &project->databases.items[i];
    }
    return NULL;
}
