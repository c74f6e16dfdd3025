#include "cli/new_revision.h"

static const wb_option options[] = {
    {.name = "message",
     .letter = 'm',
     .kind = WB_VALUE_TEXT,
     .value = "TEXT",
     .help = "What the revision does; the first line of the file and part of its name."},
    {.name = "head",
     .kind = WB_VALUE_REVISION,
     .value = "REVISION",
     .repeats = true,
     .help = "What it revises; base begins a new line. May be repeated for a merge. The default "
             "is the one head."},
    {.name = "splice", .help = "Allow a parent that is no head: begin a branch there."},
    WB_OPTION_BRANCH_LABEL,
    WB_OPTION_DEPENDS_ON,
    WB_OPTION_REV_ID,
    WB_OPTION_FOLDER,
    WB_OPTION_EDIT,
    {.name = NULL}};

static const wb_example examples[] = {
    {"revision -m \"create users table\"", "Write the next revision."},
    {"revision -m \"billing\" --head base --branch-label billing", "Begin a second line."},
    {"revision -m \"hotfix\" --head b8a1 --splice", "Begin a branch in the middle."},
    {.line = NULL}};

static bool run(wb_cli *cli, wb_error *err)
{
    size_t head_count = 0;
    const char *const *heads = wb_args_values(&cli->args, "head", cli->arena, &head_count);
    return wb_write_revision(cli, wb_create_revision, heads, head_count, "a new revision", err);
}

const wb_command wb_cmd_revision = {
    .name = "revision",
    .summary = "write a new revision file",
    .description =
        "Writes a file with a header and two empty sections, one for each direction, and prints "
        "its path. The file is plain SQL:\n"
        "\n"
        "  -- create users table\n"
        "  --\n"
        "  -- revision: b8a169f37b24\n"
        "  -- revises: 2963c4558295\n"
        "  \n"
        "  -- migrate:up\n"
        "  CREATE TABLE users (id INTEGER PRIMARY KEY);\n"
        "  \n"
        "  -- migrate:down\n"
        "  DROP TABLE users;",
    .options = options,
    .examples = examples,
    .needs = WB_NEEDS_PROJECT,
    .run = run,
};
