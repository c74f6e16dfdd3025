/* "Did you mean ...?": the names nearest to one that is not known. */
#ifndef WB_BASE_SUGGEST_H
#define WB_BASE_SUGGEST_H

#include "base/str.h"

enum { WB_SUGGEST_MAX = 3 };

/* Edits (insert, delete, replace, swap of neighbours) from `a` to `b`, without regard to the case
 * of ASCII letters and with '-' like '_'. Names longer than 64 bytes are far from everything. */
size_t wb_suggest_distance(wb_str a, wb_str b);
/* A sentence that asks for the nearest of `names`, such as `Did you mean "url"?`; NULL where none
 * is near. At most WB_SUGGEST_MAX names, all equally near. */
const char *wb_suggest(wb_arena *arena, wb_str name, const char *const *names, size_t count);

#endif
