/* Words of the command line, checked against the tables of command.h. */
#ifndef WB_CLI_ARGS_H
#define WB_CLI_ARGS_H

#include "base/fail.h"
#include "base/list.h"
#include "cli/command.h"

typedef struct wb_arg {
    const wb_option *option;
    const char *value; /* NULL for a flag */
} wb_arg;

typedef struct wb_args {
    const wb_command *command;   /* NULL where none was named */
    WB_LIST(wb_arg) options;     /* in the order given, the global ones too */
    WB_LIST(const char *) words; /* the positional ones */
} wb_args;

/* Reads a command line; `argv[0]` is the program. Words like -1 are positional. With --help or
 * --version given, missing or surplus words are not an error. Fails with USAGE, and the nearest
 * known name as a hint. The arena and `argv` must outlive the result. */
bool wb_args_parse(wb_arena *arena, int argc, char *const *argv, wb_args *ret_args, wb_error *err);

/* The error of a command that there is not; always false. */
bool wb_args_fail_command(const char *name, wb_arena *arena, wb_error *err);

/* Was the option given? It must be in a table that was parsed with. */
bool wb_args_has(const wb_args *args, const char *name);
/* Its last value; NULL where it was not given. */
const char *wb_args_value(const wb_args *args, const char *name);
/* All its values, in order. */
const char *const *wb_args_values(const wb_args *args, const char *name, wb_arena *arena,
                                  size_t *ret_count);
/* Its value as milliseconds, `otherwise` where it was not given; -1 is no limit. */
int64_t wb_args_duration(const wb_args *args, const char *name, int64_t otherwise);
/* Its value as a number; 0 where it was not given. */
uint64_t wb_args_number(const wb_args *args, const char *name);

/* Reads 500ms, 10s, 2m, 1h, 0, or none (-1); a number alone counts seconds. */
bool wb_duration_read(const char *text, int64_t *ret_ms);

#endif
