/* ${VAR}, ${VAR:-default} and ${VAR:?message} in values of the project file. */
#ifndef WB_PROJECT_EXPAND_H
#define WB_PROJECT_EXPAND_H

#include "project/project.h"

/* A variable that a value needs and that is not set. */
typedef struct wb_missing {
    const char *name;
    const char *message; /* of ${VAR:?message}; "" where there is none */
    unsigned line;       /* of the value; wb_expand leaves it 0 */
    unsigned column;
} wb_missing;

typedef WB_LIST(wb_missing) wb_missing_list;

/* Replaces the variables of `text`. $$ gives a $; a $ before anything but { and $ is a mere $.
 * Defaults may hold variables and pairs of braces. Variables that are not set are added to
 * *missing, and read as empty, so that all of a file can be named at once. Fails with CONFIG on a
 * faulty form; the error names variables, never values. */
bool wb_expand(wb_str text, wb_getenv_fn *getenv, void *getenv_arg, wb_arena *arena,
               wb_missing_list *missing, const char **ret_text, wb_error *err);
/* Is there anything to replace in `text`? */
bool wb_has_variable(wb_str text);

#endif
