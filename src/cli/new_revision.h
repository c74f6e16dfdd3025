/* What revision and merge share: options to the library's, and the report of the file written. */
#ifndef WB_CLI_NEW_REVISION_H
#define WB_CLI_NEW_REVISION_H

#include "cli/cli.h"

/* Rows of the option tables, written once. */
#define WB_OPTION_BRANCH_LABEL                                                            \
    {                                                                                     \
        .name = "branch-label", .kind = WB_VALUE_TEXT, .value = "LABEL", .repeats = true, \
        .help = "Label of the branch that begins here. May be repeated."                  \
    }
#define WB_OPTION_DEPENDS_ON                                                                   \
    {                                                                                          \
        .name = "depends-on", .kind = WB_VALUE_REVISION, .value = "REVISION", .repeats = true, \
        .help = "A revision of another branch that must be applied before. May be repeated."   \
    }
#define WB_OPTION_REV_ID                                                                     \
    {                                                                                        \
        .name = "rev-id", .kind = WB_VALUE_TEXT, .value = "ID",                              \
        .help = "Id of the revision, such as 004; letters, digits and _. The default is 12 " \
                "random hex digits."                                                         \
    }
#define WB_OPTION_FOLDER                                                                    \
    {                                                                                       \
        .name = "folder", .kind = WB_VALUE_FOLDER, .value = "DIR",                          \
        .help = "Which of the project's folders gets the file. The default is that of the " \
                "parent."                                                                   \
    }
#define WB_OPTION_EDIT                                                                \
    {                                                                                 \
        .name = "edit", .letter = 'e', .help = "Open the file in $VISUAL or $EDITOR." \
    }

typedef bool wb_write_revision_fn(wb_target *target, const wb_new_revision_options *options,
                                  wb_arena *arena, wb_revision_info *ret_revision, wb_error *err);

/* Writes a revision from the command line; `heads` are its parents. `what` is how errors call it,
 * such as "a new revision". */
bool wb_write_revision(wb_cli *cli, wb_write_revision_fn *write, const char *const *heads,
                       size_t head_count, const char *what, wb_error *err);

#endif
