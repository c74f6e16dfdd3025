/* locks. */
#include "api/workspace.h"
#include "engine/lock_list.h"

static const char *const engines[] = {
    [WB_ENGINE_SQLITE] = "SQLite",
    [WB_ENGINE_POSTGRES] = "PostgreSQL",
    [WB_ENGINE_MARIADB] = "MariaDB",
};

bool wb_locks(wb_target *target, wb_arena *arena, wb_lock_info *ret_lock, wb_error *err)
{
    wb_context context;
    wb_ledger *ledger = NULL;
    if (!wb_target_need_url(target, err) || !wb_target_need_session(target, err))
        return false;
    wb_target_context(target, "locks", &context);
    if (context.dialect->id == WB_SQLITE) /* while another writes, it may not even be readable */
        ledger = wb_ledger_offline(&context);
    else if (!wb_ledger_read(&context, WB_LEDGER_STATE, &ledger, err))
        return false;
    if (!wb_lock_describe(ledger, arena, ret_lock, err))
        return false;
    ret_lock->target = wb_arena_strdup(arena, target->config->name);
    ret_lock->engine = engines[target->url.engine];
    return true;
}
