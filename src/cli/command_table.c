#include "cli/command.h"

#include <string.h>

extern const wb_command wb_cmd_branches, wb_cmd_check, wb_cmd_completion, wb_cmd_config,
    wb_cmd_current, wb_cmd_downgrade, wb_cmd_edit, wb_cmd_heads, wb_cmd_help, wb_cmd_history,
    wb_cmd_init, wb_cmd_locks, wb_cmd_merge, wb_cmd_resolve, wb_cmd_revision, wb_cmd_show,
    wb_cmd_stamp, wb_cmd_status, wb_cmd_upgrade, wb_cmd_version, wb_cmd_wait;

const wb_command *const wb_commands[] = {
    /* beginning and writing */
    &wb_cmd_init, &wb_cmd_revision, &wb_cmd_merge, &wb_cmd_edit,
    /* changing a database */
    &wb_cmd_upgrade, &wb_cmd_downgrade, &wb_cmd_stamp, &wb_cmd_resolve,
    /* asking */
    &wb_cmd_status, &wb_cmd_current, &wb_cmd_history, &wb_cmd_heads, &wb_cmd_branches, &wb_cmd_show,
    &wb_cmd_check, &wb_cmd_locks, &wb_cmd_config,
    /* around it */
    &wb_cmd_wait, &wb_cmd_completion, &wb_cmd_version, &wb_cmd_help, NULL};

static const char *const color_choices[] = {"auto", "always", "never", NULL};

const wb_option wb_global_options[] = {
    {.name = "config",
     .letter = 'c',
     .kind = WB_VALUE_FILE,
     .value = "FILE",
     .help = "Read this project file, not the nearest whimbrel.yaml upwards."},
    {.name = "directory",
     .letter = 'C',
     .kind = WB_VALUE_FOLDER,
     .value = "DIR",
     .help = "Go to this folder first; all relative paths then begin there."},
    {.name = "url",
     .kind = WB_VALUE_TEXT,
     .value = "URL",
     .setting = "url",
     .help = "Use this database. A password in it is wiped from the process list, but may stay in "
             "the history of the shell; DATABASE_URL is the safer place."},
    {.name = "migrations",
     .kind = WB_VALUE_FOLDER,
     .value = "DIR",
     .setting = "migrations",
     .help = "Read the revisions of this folder."},
    {.name = "only",
     .kind = WB_VALUE_DATABASE,
     .value = "NAME",
     .repeats = true,
     .help = "Work on this database of the project only. May be repeated."},
    {.name = "set",
     .kind = WB_VALUE_PAIR,
     .value = "KEY=VALUE",
     .repeats = true,
     .help = "Override one setting of the project file, such as lock_timeout=5s. May be "
             "repeated."},
    {.name = "lock-timeout",
     .kind = WB_VALUE_DURATION,
     .value = "DURATION",
     .help = "How long to wait for another runner to finish: 500ms, 10s, 2m, 0 for not at all, "
             "none for no limit. The default is 1m."},
    {.name = "quiet",
     .letter = 'q',
     .help = "Print nothing but results that were asked for, warnings and errors."},
    {.name = "verbose", .letter = 'v', .help = "Print more about each thing."},
    {.name = "json", .help = "Print JSON for programs."},
    {.name = "color",
     .kind = WB_VALUE_CHOICE,
     .value = "WHEN",
     .choices = color_choices,
     .help = "auto (only on a terminal, and not where NO_COLOR is set), always or never."},
    {.name = "help", .letter = 'h', .help = "Explain the program or the command."},
    {.name = "version", .letter = 'V', .help = "Print the version."},
    {.name = NULL}};

const wb_command *wb_command_find(const char *name)
{
    for (size_t i = 0; wb_commands[i] != NULL; i++) {
        if (strcmp(wb_commands[i]->name, name) == 0)
            return wb_commands[i];
    }
    return NULL;
}
