/* What the plans share: rows, and walks that begin at them. */
#ifndef WB_REVISION_PLAN_PRIVATE_H
#define WB_REVISION_PLAN_PRIVATE_H

#include "revision/target.h"

/* The start and end of "+N" and "branch@+N": up from the one row (with a branch: of its lineage),
 * or where the branch has none, from the tip of what is active in it. `active` has all that the
 * rows stand for. */
bool wb_walk_from_rows(const wb_query *query, const wb_target *target, const wb_index_list *rows,
                       const bool *active, uint32_t *ret_place, wb_error *err);
/* A target of an upgrade (or the upper end of a history), relative to `rows`. */
bool wb_upper_target(const wb_query *query, const wb_index_list *rows, const bool *active,
                     wb_index_list *ret_targets, wb_error *err);

#endif
