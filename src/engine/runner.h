/* Runs plans.
 *
 * What is promised (DESIGN "Engine promises") and how it is kept:
 *
 * - A revision and its row in the ledger are one transaction, where the engine allows it. On
 *   PostgreSQL each revision is BEGIN, its statements, its row, COMMIT, and all of it is queued
 *   without waiting: many revisions share a round trip. The server itself skips everything queued
 *   behind a failure, a failed COMMIT too, so nothing ever runs that would not have run one by one.
 * - On SQLite many revisions share a transaction, each in a savepoint, so that many cost one file
 *   sync. When one fails, those before it are committed.
 * - A statement that cannot be in a transaction (all DDL on MariaDB) is run alone: a journal row
 *   "intent N" is committed before it, and what follows it in the ledger says that it was done.
 *   After a crash the next run continues behind the last statement that is known to be done.
 * - Session settings that a file changes are put back before the next revision.
 *
 * - What is lost with a connection is found again by a new one: the ledger says how far the run
 *   was. What the journal leaves in doubt is asked of the database (verify.h).
 *
 * Files: runner.c (a run from lock to summary), step_run.c (one step), statement_run.c (one
 * statement, transactions), step_resume.c (what an earlier run left), sent_queue.c (matching
 * answers to what was sent), failure.c (what is told and recorded when a statement fails),
 * recovery.c (trying again), pooled_transaction.c (behind a pooler), tables_first.c (locks of
 * tables), watch.c (looking on while a statement takes long), cluster_lock.c and sqlite_guard.c
 * (what Galera and SQLite need). */
#ifndef WB_ENGINE_RUNNER_H
#define WB_ENGINE_RUNNER_H

#include "engine/run_plan.h"

/* Upgrades or downgrades the target, as wb_upgrade and wb_downgrade say. The session of the context
 * is replaced where the connection was lost meanwhile. */
bool wb_run_command(wb_context *context, const char *command, const wb_run_options *options,
                    wb_arena *arena, wb_plan_info *ret_plan, wb_error *err);
/* Records without running, as wb_stamp says. */
bool wb_stamp_command(wb_context *context, const wb_run_options *options, wb_arena *arena,
                      wb_plan_info *ret_plan, wb_error *err);

#endif
