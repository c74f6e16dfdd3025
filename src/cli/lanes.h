/* The graph of revisions drawn in the terminal, newest first, like `git log --graph`.
 *
 * Each line of history is a lane: a column that holds the id which comes next in it. A revision
 * stands in the first lane that waits for it; other lanes that wait for it end there, and each
 * further parent begins a lane. Between two revisions that change the lanes stands one row of
 * connections. Drawing needs no more than the list in its order. */
#ifndef WB_CLI_LANES_H
#define WB_CLI_LANES_H

#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"

#include <whimbrel/whimbrel.h>

typedef struct wb_lanes {
    wb_arena *arena;
    wb_map *coming;            /* ids in the list that were not drawn yet */
    WB_LIST(const char *) ids; /* what each lane waits for; NULL for a free one */
    bool has_unicode;
} wb_lanes;

/* Begins a drawing of `list`, each of which is then drawn by wb_lanes_draw in its order. */
void wb_lanes_open(wb_lanes *lanes, const wb_revision_list *list, bool has_unicode,
                   wb_arena *arena);
void wb_lanes_close(wb_lanes *lanes);
/* Adds the rows of one revision: connections, and the row with `text` behind the drawing. Further
 * lines of `text` stand beside the lanes. */
void wb_lanes_draw(wb_lanes *lanes, const wb_revision_info *info, const char *text, wb_buf *buf);

#endif
