/* The lock modes of PostgreSQL's tables. */
#ifndef WB_SQL_LOCK_MODE_H
#define WB_SQL_LOCK_MODE_H

#include "base/str.h"

/* Weakest first. Reads stop only at the last; writes from SHARE upward. */
typedef enum wb_lock_mode {
    WB_LOCK_NONE,
    WB_LOCK_ACCESS_SHARE,
    WB_LOCK_ROW_SHARE,
    WB_LOCK_ROW_EXCLUSIVE,
    WB_LOCK_SHARE_UPDATE_EXCLUSIVE,
    WB_LOCK_SHARE,
    WB_LOCK_SHARE_ROW_EXCLUSIVE,
    WB_LOCK_EXCLUSIVE,
    WB_LOCK_ACCESS_EXCLUSIVE,
    WB_LOCK_MODE_COUNT
} wb_lock_mode;

/* As LOCK TABLE spells it: "SHARE ROW EXCLUSIVE". */
const char *wb_lock_mode_name(wb_lock_mode mode);
/* As pg_locks spells it: "ShareRowExclusiveLock". */
const char *wb_lock_mode_in_catalog(wb_lock_mode mode);
/* Would one session wait for the other? */
bool wb_lock_modes_conflict(wb_lock_mode one, wb_lock_mode other);

#endif
