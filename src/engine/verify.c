#include "engine/verify.h"

/* SQLite: what refuses a transaction there (VACUUM, a pragma of the file) can be done twice. */
static void verify_sqlite(const wb_doubt *doubt, wb_verification *ret_verification)
{
    if ((doubt->statement->traits & WB_STMT_NO_TRANSACTION) == 0)
        return;
    *ret_verification =
        (wb_verification){.verdict = WB_VERDICT_UNDONE, .reason = "running it again does no harm"};
}

bool wb_verify_statement(const wb_doubt *doubt, wb_verification *ret_verification, wb_error *err)
{
    bool ok = true;
    wb_verification found = {.verdict = WB_VERDICT_OPEN, .reason = "nothing can tell"};
    switch (doubt->ledger->context->dialect->id) {
    case WB_SQLITE:
        verify_sqlite(doubt, &found);
        break;
    case WB_POSTGRES:
        ok = wb_verify_postgres(doubt, &found, err);
        break;
    case WB_MARIADB:
        ok = wb_verify_mariadb(doubt, &found, err);
        break;
    case WB_DIALECT_COUNT:
        break;
    }
    if (!ok)
        return wb_while(err, "finding out how statement %u of revision \"%s\" ended",
                        doubt->statement->number, doubt->script->revision->id);
    *ret_verification = found;
    return true;
}
