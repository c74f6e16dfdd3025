/* Any bytes as a project file. */
#define _GNU_SOURCE
#include "project/project.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
    if (!is_true)
        abort();
}

static const char *find_variable(void *arg, const char *name)
{
    (void) arg;
    if (strcmp(name, "A") == 0)
        return "postgresql://u:Canary7@h/d";
    return strcmp(name, "B") == 0 ? "2s" : NULL;
}

static void check_project(const wb_project *project, wb_arena *arena)
{
    require(project->databases.count > 0);
    for (size_t i = 0; i < project->settings.count; i++) {
        const wb_setting *setting = &project->settings.items[i];
        require(setting->value != NULL && setting->source != NULL);
        require((setting->origin == WB_FROM_FILE) == (setting->line > 0));
    }
    for (size_t i = 0; i < project->databases.count; i++) {
        const wb_database_config *database = &project->databases.items[i];
        wb_url url;
        wb_error err;
        require(database->migrations.count > 0 && database->transaction != NULL);
        require(wb_project_database(project, database->name) == database);
        require(database->url_text == NULL || wb_url_parse(database->url_text, arena, &url, &err));
    }
}

static void check_error(const wb_error *err)
{
    require(err->status != WB_E_OK && err->message[0] != '\0');
    require(strstr(err->message, "Canary7") == NULL && strstr(err->excerpt, "Canary7") == NULL);
    require(strstr(err->detail, "Canary7") == NULL && strstr(err->hint, "Canary7") == NULL);
}

/* A file in memory, so that nothing is left behind. */
static int open_file(const uint8_t *data, size_t size)
{
    int fd = memfd_create("project", MFD_CLOEXEC);
    require(fd >= 0);
    require(write(fd, data, size) == (ssize_t) size);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    WB_SCRATCH(arena);
    if (memmem(data, size, "anary7", 6) != NULL)
        return 0;
    int fd = open_file(data, size);
    wb_project_options options = {
        .file = wb_arena_printf(arena, "/proc/self/fd/%d", fd),
        .getenv = find_variable,
        .skip_required = size % 2 == 0,
    };
    wb_project *project = NULL;
    wb_error err = {0};
    if (wb_project_load(&options, arena, &project, &err))
        check_project(project, arena);
    else
        check_error(&err);
    (void) close(fd);
    return 0;
}
