#include "sql/lock_mode.h"

enum { /* bits of a set of modes */
       BIT_AS = 1 << WB_LOCK_ACCESS_SHARE,
       BIT_RS = 1 << WB_LOCK_ROW_SHARE,
       BIT_RE = 1 << WB_LOCK_ROW_EXCLUSIVE,
       BIT_SUE = 1 << WB_LOCK_SHARE_UPDATE_EXCLUSIVE,
       BIT_S = 1 << WB_LOCK_SHARE,
       BIT_SRE = 1 << WB_LOCK_SHARE_ROW_EXCLUSIVE,
       BIT_E = 1 << WB_LOCK_EXCLUSIVE,
       BIT_AE = 1 << WB_LOCK_ACCESS_EXCLUSIVE
};

static const struct {
    const char *name;
    const char *in_catalog;
    unsigned conflicts;
} lock_modes[WB_LOCK_MODE_COUNT] = {
    [WB_LOCK_NONE] = {"", "", 0},
    [WB_LOCK_ACCESS_SHARE] = {"ACCESS SHARE", "AccessShareLock", BIT_AE},
    [WB_LOCK_ROW_SHARE] = {"ROW SHARE", "RowShareLock", BIT_E | BIT_AE},
    [WB_LOCK_ROW_EXCLUSIVE] = {"ROW EXCLUSIVE", "RowExclusiveLock",
                               BIT_S | BIT_SRE | BIT_E | BIT_AE},
    [WB_LOCK_SHARE_UPDATE_EXCLUSIVE] = {"SHARE UPDATE EXCLUSIVE", "ShareUpdateExclusiveLock",
                                        BIT_SUE | BIT_S | BIT_SRE | BIT_E | BIT_AE},
    [WB_LOCK_SHARE] = {"SHARE", "ShareLock", BIT_RE | BIT_SUE | BIT_SRE | BIT_E | BIT_AE},
    [WB_LOCK_SHARE_ROW_EXCLUSIVE] = {"SHARE ROW EXCLUSIVE", "ShareRowExclusiveLock",
                                     BIT_RE | BIT_SUE | BIT_S | BIT_SRE | BIT_E | BIT_AE},
    [WB_LOCK_EXCLUSIVE] = {"EXCLUSIVE", "ExclusiveLock",
                           BIT_RS | BIT_RE | BIT_SUE | BIT_S | BIT_SRE | BIT_E | BIT_AE},
    [WB_LOCK_ACCESS_EXCLUSIVE] = {"ACCESS EXCLUSIVE", "AccessExclusiveLock",
                                  BIT_AS | BIT_RS | BIT_RE | BIT_SUE | BIT_S | BIT_SRE | BIT_E |
                                      BIT_AE},
};

const char *wb_lock_mode_name(wb_lock_mode mode)
{
    return lock_modes[mode].name;
}

const char *wb_lock_mode_in_catalog(wb_lock_mode mode)
{
    return lock_modes[mode].in_catalog;
}

bool wb_lock_modes_conflict(wb_lock_mode one, wb_lock_mode other)
{
    return (lock_modes[one].conflicts >> other & 1U) != 0;
}
