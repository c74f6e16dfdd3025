/* A command as data: one constant in each cmd_<name>.c.
 *
 * Parsing, --help, shell completion and the manual pages all read these tables, so an option is
 * written down once. Adding a command: write cmd/cmd_<name>.c and add one line to
 * command_table.c. */
#ifndef WB_CLI_COMMAND_H
#define WB_CLI_COMMAND_H

#include <whimbrel/whimbrel.h>

typedef struct wb_cli wb_cli;

/* What a word means: how it is checked, and what the shell offers for it. */
typedef enum wb_value_kind {
    WB_VALUE_NONE, /* a flag; takes no value */
    WB_VALUE_TEXT,
    WB_VALUE_FILE,
    WB_VALUE_FOLDER,
    WB_VALUE_REVISION, /* an id, a label, head, base, ... */
    WB_VALUE_DATABASE, /* the name of one in the project */
    WB_VALUE_COMMAND,
    WB_VALUE_NUMBER,   /* a whole one, without sign */
    WB_VALUE_DURATION, /* 500ms, 10s, 2m, 1h, 0, or none for no limit */
    WB_VALUE_CHOICE,   /* one of `choices` */
    WB_VALUE_PAIR      /* NAME=VALUE */
} wb_value_kind;

typedef struct wb_option {
    const char *name;           /* long, without dashes; NULL ends a table */
    const char *value;          /* what help calls its value, such as "FILE" */
    const char *const *choices; /* ends with NULL */
    const char *setting;        /* key of the project's setting that it overrides */
    const char *help;           /* one or two sentences */
    wb_value_kind kind;
    char letter;        /* 0: none */
    bool repeats;       /* may be given several times */
    bool asks_database; /* the command then needs a database */
    bool hidden;        /* neither in help nor in the manual */
} wb_option;

typedef struct wb_positional {
    const char *name; /* in capitals; NULL ends a table */
    wb_value_kind kind;
    const char *const *choices;
    bool optional;
    bool repeats; /* only the last one may */
    const char *help;
} wb_positional;

typedef struct wb_example {
    const char *line; /* without "whimbrel "; NULL ends a table */
    const char *text;
} wb_example;

/* What must be there before a command runs. */
typedef enum wb_needs {
    WB_NEEDS_NOTHING,
    WB_NEEDS_PROJECT, /* the project is opened, its files can be read */
    WB_NEEDS_DATABASE /* and its databases are connected to */
} wb_needs;

typedef struct wb_command {
    const char *name;
    const char *summary;      /* one line, no full stop */
    const char *description;  /* paragraphs parted by an empty line; lines that begin with two
                                 blanks are shown as they are */
    const wb_option *options; /* NULL: none of its own */
    const wb_positional *positionals; /* NULL: none */
    const wb_example *examples;
    wb_needs needs;
    bool (*run)(wb_cli *cli, wb_error *err);
} wb_command;

/* All commands in the order in which help shows them; ends with NULL. */
extern const wb_command *const wb_commands[];
/* Options that every command takes, before or after its name. */
extern const wb_option wb_global_options[];

/* The command of that name; NULL where there is none. */
const wb_command *wb_command_find(const char *name);

#endif
