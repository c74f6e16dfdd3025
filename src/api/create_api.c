/* New files: revision, merge, init. */
#include "api/workspace.h"
#include "base/file.h"

static wb_new_revision new_revision(const wb_target *target, const wb_new_revision_options *options)
{
    const wb_project *project = target->workspace->project;
    return (wb_new_revision){
        .id = options->id,
        .message = options->message,
        .depends_on = options->depends_on,
        .depends_on_count = options->depends_on_count,
        .branch_labels = options->branch_labels,
        .branch_label_count = options->branch_label_count,
        .file_template = project->file_template,
        .slug_length = project->slug_length,
        .local_time = project->timezone != NULL && strcmp(project->timezone, "local") == 0,
        .sequence = (target->graph != NULL ? wb_graph_count(target->graph) : 0) + 1,
    };
}

/* Loads the revisions; folders that are not there yet count as empty. */
static bool load_for_writing(wb_target *target, wb_error *err)
{
    const wb_database_config *config = target->config;
    wb_arena *arena = target->workspace->arena;
    wb_folder_options how = {.folders = config->migrations.items,
                             .folder_count = config->migrations.count,
                             .allow_missing = true};
    return wb_revisions_load(&how, arena, &target->set, err) &&
           wb_graph_build(target->set, arena, &target->graph, err);
}

/* The folder of a new file: the one asked for, else that of its parent, else the first. */
static bool choose_folder(const wb_target *target, const char *wanted, const wb_index_list *parents,
                          const char **ret_folder, wb_error *err)
{
    const wb_database_config *config = target->config;
    if (config->migrations.count == 0)
        return wb_fail(err, WB_E_CONFIG, "no folder of migrations is set for the database \"%s\"",
                       config->name);
    *ret_folder = config->migrations.items[0];
    for (size_t i = 0; i < config->migrations.count; i++) {
        const char *folder = config->migrations.items[i];
        if (wanted != NULL &&
            (strcmp(wanted, folder) == 0 || strcmp(wanted, wb_path_base(folder)) == 0)) {
            *ret_folder = folder;
            return true;
        }
        const char *path = wanted == NULL && parents->count > 0
                               ? wb_graph_revision(target->graph, parents->items[0])->path
                               : NULL;
        size_t length = strlen(folder);
        if (path != NULL && strncmp(path, folder, length) == 0 && path[length] == '/')
            *ret_folder = folder;
    }
    if (wanted == NULL)
        return true;
    wb_fail(err, WB_E_USAGE, "\"%s\" is not a folder of migrations of this project", wanted);
    return wb_hint(err, "The first of them is \"%s\"; `whimbrel config` shows all.",
                   config->migrations.items[0]);
}

static bool check_message(const wb_new_revision_options *options, wb_error *err)
{
    if (options->message == NULL || wb_str_trim(wb_str_from(options->message)).len == 0) {
        wb_fail(err, WB_E_USAGE, "a new revision needs a message");
        return wb_hint(err, "Say what it does: -m \"Create users table\".");
    }
    if (strchr(options->message, '\n') != NULL)
        return wb_fail(err, WB_E_USAGE, "the message of a revision is one line");
    return true;
}

/* An id or label that is taken would make the folder unusable, so it is refused before. */
static bool check_names(const wb_target *target, const wb_new_revision_options *options,
                        wb_error *err)
{
    uint32_t index = 0;
    if (options->id != NULL && !wb_revision_id_is_valid(wb_str_from(options->id))) {
        wb_fail(err, WB_E_USAGE, "\"%s\" is not a revision id", options->id);
        return wb_hint(err, "Ids are letters, digits and underscores, at most %d of them.",
                       WB_REVISION_ID_MAX);
    }
    if (options->id != NULL && wb_graph_find(target->graph, wb_str_from(options->id), &index)) {
        wb_fail(err, WB_E_USAGE, "the id \"%s\" is taken", options->id);
        return wb_at(err, wb_graph_revision(target->graph, index)->path, 0, 0);
    }
    for (size_t i = 0; i < options->branch_label_count; i++) {
        const char *label = options->branch_labels[i];
        for (uint32_t k = 0; k < wb_graph_count(target->graph); k++) {
            const wb_revision *revision = wb_graph_revision(target->graph, k);
            bool taken = strcmp(revision->id, label) == 0;
            for (size_t n = 0; n < revision->branch_labels.count; n++)
                taken = taken || strcmp(revision->branch_labels.items[n].text, label) == 0;
            if (!taken)
                continue;
            wb_fail(err, WB_E_USAGE, "the branch label \"%s\" is taken", label);
            return wb_at(err, revision->path, 0, 0);
        }
    }
    return true;
}

static bool check_depends_on(const wb_target *target, const wb_new_revision_options *options,
                             wb_error *err)
{
    WB_SCRATCH(tmp);
    for (size_t i = 0; i < options->depends_on_count; i++) {
        wb_index_list found = {0};
        if (!wb_graph_resolve(target->graph, options->depends_on[i], NULL, tmp, &found, err))
            return wb_while(err, "reading --depends-on");
    }
    return true;
}

static bool write_revision(wb_target *target, const wb_new_revision_options *options,
                           const wb_index_list *parents, wb_arena *arena,
                           wb_revision_info *ret_revision, wb_error *err)
{
    wb_new_revision fresh = new_revision(target, options);
    const char **ids = WB_NEW_ARRAY(arena, const char *, parents->count + 1);
    for (size_t i = 0; i < parents->count; i++)
        ids[i] = wb_arena_strdup(arena, wb_graph_revision(target->graph, parents->items[i])->id);
    fresh.revises = ids;
    fresh.revises_count = parents->count;
    const char *path = NULL;
    const char *id = NULL;
    if (!check_names(target, options, err) || !check_depends_on(target, options, err) ||
        !choose_folder(target, options->folder, parents, &fresh.folder, err) ||
        !wb_revision_write(&fresh, arena, &path, &id, err))
        return false;
    target->graph = NULL; /* the next call reads the folder again */
    *ret_revision = (wb_revision_info){.id = id,
                                       .message = wb_arena_strdup(arena, options->message),
                                       .path = path,
                                       .revises = ids,
                                       .revises_count = parents->count,
                                       .is_head = true,
                                       .is_base = parents->count == 0,
                                       .is_merge = parents->count > 1};
    return true;
}

bool wb_create_revision(wb_target *target, const wb_new_revision_options *options, wb_arena *arena,
                        wb_revision_info *ret_revision, wb_error *err)
{
    wb_index_list parents = {0};
    return check_message(options, err) && load_for_writing(target, err) &&
           wb_graph_new_parents(target->graph, options->heads, options->head_count, options->splice,
                                NULL, arena, &parents, err) &&
           write_revision(target, options, &parents, arena, ret_revision, err);
}

bool wb_merge(wb_target *target, const wb_new_revision_options *options, wb_arena *arena,
              wb_revision_info *ret_revision, wb_error *err)
{
    static const char *const every_head[] = {"heads"};
    bool all = options->head_count == 0;
    wb_index_list parents = {0};
    if (!check_message(options, err) || !load_for_writing(target, err))
        return false;
    if (!wb_graph_new_parents(target->graph, all ? every_head : options->heads,
                              all ? 1 : options->head_count, options->splice, NULL, arena, &parents,
                              err))
        return false;
    if (parents.count < 2) {
        wb_fail(err, WB_E_USAGE, "a merge needs at least two revisions, here %s",
                parents.count == 0 ? "are none" : "is one");
        return wb_hint(err, "`whimbrel heads -v` lists the heads.");
    }
    return write_revision(target, options, &parents, arena, ret_revision, err);
}

/* ---- init ---- */

static const char project_text[] =
    "# Whimbrel's project file; every key has a default (docs/guide/configuration.md).\n"
    "url: \"%s\"\n"
    "migrations: migrations\n";

static bool fail_exists(const char *path, wb_error *err)
{
    wb_fail(err, WB_E_USAGE, "\"%s\" is already there", path);
    return wb_hint(err, "This folder has a project; `whimbrel config` shows it.");
}

bool wb_init(const wb_init_options *options, wb_arena *arena, const char ***ret_paths,
             size_t *ret_count, wb_error *err)
{
    const char *folder = options->folder != NULL ? options->folder : ".";
    const char *url = options->url != NULL ? options->url : "${DATABASE_URL:-sqlite:app.db}";
    const char *file = wb_path_join(arena, folder, "whimbrel.yaml");
    const char *migrations = wb_path_join(arena, folder, "migrations");
    if (wb_file_exists(file))
        return fail_exists(file, err);
    wb_url parsed;
    if (options->url != NULL && strchr(url, '$') == NULL && !wb_url_parse(url, arena, &parsed, err))
        return false;
    WB_AUTO_BUF(text, 0);
    WB_AUTO_BUF(quoted, 0);
    for (const char *at = url; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            wb_buf_putc(&quoted, '\\');
        wb_buf_putc(&quoted, *at);
    }
    wb_buf_printf(&text, project_text, wb_buf_text(&quoted));
    if (!wb_file_make_directory(folder, err) || !wb_file_make_directory(migrations, err) ||
        !wb_file_write(file, wb_buf_str(&text), false, err))
        return false;
    const char **paths = WB_NEW_ARRAY(arena, const char *, 2);
    paths[0] = file;
    paths[1] = migrations;
    *ret_paths = paths;
    *ret_count = 2;
    return true;
}
