/* Opening and closing projects, and what can be asked of them without touching anything. */
#include "api/workspace.h"

#include <stdlib.h>

static void copy_options(wb_workspace *workspace, const wb_open_options *options)
{
    wb_arena *arena = workspace->arena;
    wb_open_options *copy = &workspace->options;
    *copy = *options;
    copy->project_file = wb_arena_strdup(arena, options->project_file);
    copy->folder = wb_arena_strdup(arena, options->folder);
    copy->command = wb_arena_strdup(arena, options->command != NULL ? options->command : "library");
    copy->who = wb_arena_strdup(arena, options->who);
    copy->host = wb_arena_strdup(arena, options->host);
    copy->overrides = NULL; /* taken over by the project */
    copy->override_count = 0;
}

static bool load_project(wb_workspace *workspace, const wb_open_options *options, wb_error *err)
{
    wb_arena *arena = workspace->arena;
    wb_project_override *overrides =
        WB_NEW_ARRAY(arena, wb_project_override, options->override_count + 1);
    for (size_t i = 0; i < options->override_count; i++) {
        const wb_override *given = &options->overrides[i];
        overrides[i] = (wb_project_override){.key = wb_arena_strdup(arena, given->key),
                                             .value = wb_arena_strdup(arena, given->value),
                                             .source = wb_arena_strdup(arena, given->source)};
    }
    wb_project_options how = {.file = workspace->options.project_file,
                              .start_folder = workspace->options.folder,
                              .getenv = options->getenv,
                              .getenv_arg = options->getenv_arg,
                              .overrides = overrides,
                              .override_count = options->override_count,
                              .skip_required = options->skip_required};
    return wb_project_load(&how, arena, &workspace->project, err);
}

static void make_targets(wb_workspace *workspace)
{
    workspace->target_count = workspace->project->databases.count;
    workspace->targets = WB_NEW_ARRAY(workspace->arena, wb_target, workspace->target_count + 1);
    for (size_t i = 0; i < workspace->target_count; i++) {
        workspace->targets[i].workspace = workspace;
        workspace->targets[i].config = &workspace->project->databases.items[i];
    }
}

bool wb_open(const wb_open_options *options, wb_workspace **ret_workspace, wb_error *err)
{
    if (options == NULL || ret_workspace == NULL)
        return wb_fail(err, WB_E_USAGE, "wb_open needs options and a place for the result");
    wb_arena *arena = wb_arena_new();
    wb_workspace *workspace = WB_NEW(arena, wb_workspace);
    workspace->arena = arena;
    copy_options(workspace, options);
    if (!load_project(workspace, options, err)) {
        wb_arena_free(arena);
        return false;
    }
    (void) pthread_mutex_init(&workspace->sessions, NULL);
    (void) pthread_mutex_init(&workspace->events, NULL);
    make_targets(workspace);
    *ret_workspace = workspace;
    return true;
}

void wb_close(wb_workspace *workspace)
{
    if (workspace == NULL)
        return;
    for (size_t i = 0; i < workspace->target_count; i++)
        wb_target_disconnect(&workspace->targets[i]);
    (void) pthread_mutex_destroy(&workspace->sessions);
    (void) pthread_mutex_destroy(&workspace->events);
    wb_arena_free(workspace->arena);
}

void wb_cancel(wb_workspace *workspace)
{
    atomic_store(&workspace->cancelled, true);
    (void) pthread_mutex_lock(&workspace->sessions);
    for (size_t i = 0; i < workspace->target_count; i++) {
        if (workspace->targets[i].session != NULL)
            wb_session_cancel(workspace->targets[i].session);
    }
    (void) pthread_mutex_unlock(&workspace->sessions);
}

void wb_settings(const wb_workspace *workspace, wb_arena *arena, wb_setting_info **ret_items,
                 size_t *ret_count)
{
    static const char *const origins[] = {
        [WB_FROM_DEFAULT] = "default",
        [WB_FROM_FILE] = "file",
        [WB_FROM_ENVIRONMENT] = "environment",
        [WB_FROM_CALLER] = "flag",
    };
    size_t count = workspace->project->settings.count;
    wb_setting_info *items = WB_NEW_ARRAY(arena, wb_setting_info, count + 1);
    for (size_t i = 0; i < count; i++) {
        const wb_setting *setting = &workspace->project->settings.items[i];
        items[i] = (wb_setting_info){.key = wb_arena_strdup(arena, setting->key),
                                     .value = wb_arena_strdup(arena, setting->value),
                                     .origin = origins[setting->origin],
                                     .source = wb_arena_strdup(arena, setting->source),
                                     .line = setting->line};
    }
    *ret_items = items;
    *ret_count = count;
}

const char *wb_project_file(const wb_workspace *workspace)
{
    return workspace->project->file;
}

size_t wb_target_count(const wb_workspace *workspace)
{
    return workspace->target_count;
}

wb_target *wb_target_at(wb_workspace *workspace, size_t index)
{
    return index < workspace->target_count ? &workspace->targets[index] : NULL;
}

wb_target *wb_target_find(wb_workspace *workspace, const char *name)
{
    for (size_t i = 0; i < workspace->target_count; i++) {
        if (strcmp(workspace->targets[i].config->name, name) == 0)
            return &workspace->targets[i];
    }
    return NULL;
}

const char *wb_target_name(const wb_target *target)
{
    return target->config->name;
}

const char *wb_target_folder(const wb_target *target)
{
    return target->config->migrations.count > 0 ? target->config->migrations.items[0] : NULL;
}
