/* Who holds the lock of a target: for `whimbrel locks`, and for whoever waits for it. */
#ifndef WB_ENGINE_LOCK_LIST_H
#define WB_ENGINE_LOCK_LIST_H

#include "engine/ledger.h"

/* Asks who holds the lock. On SQLite the ledger need not be read: the answer comes from trying to
 * write, which is taken back at once; a file that is not there stays so. */
bool wb_lock_describe(const wb_ledger *ledger, wb_arena *arena, wb_lock_info *ret_info,
                      wb_error *err);

#endif
