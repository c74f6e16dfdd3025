/* One runner at a time for each target (DESIGN "Engine promises"): the lock is one that the server
 * itself releases when the runner's session ends, and it is held by the very session that runs the
 * statements. It is taken by polling, since waiting inside pg_advisory_lock() deadlocks with
 * CREATE INDEX CONCURRENTLY. On SQLite the system releases it with the process; the database's own
 * write lock is taken besides, transaction by transaction. */
#ifndef WB_ENGINE_RUNNER_LOCK_H
#define WB_ENGINE_RUNNER_LOCK_H

#include "engine/ledger.h"
#include "engine/waiting.h"

/* Takes the lock, waiting at most `wait_ms` (< 0: no limit). Fails with LOCK, naming the holder. */
bool wb_runner_lock(const wb_ledger *ledger, int64_t wait_ms, wb_error *err);
/* Name of the lock of a session. One for each ledger, so that two projects in one database do not
 * meet. */
const char *wb_runner_lock_name(const wb_ledger *ledger, wb_arena *arena);
/* Queues the release; a no-op on SQLite. */
bool wb_runner_submit_unlock(const wb_ledger *ledger, wb_error *err);
/* Gives the lock back after a failure, as far as that is possible. */
void wb_runner_release(const wb_ledger *ledger);
/* SQLite: begins a transaction that holds the write lock, waiting at most `wait_ms`. */
bool wb_runner_begin_write(const wb_context *context, int64_t wait_ms, wb_error *err);
/* SQLite: waits at most `wait_ms` while another process keeps even readers out of the file. Nothing
 * on other engines. */
bool wb_runner_await_file(const wb_context *context, int64_t wait_ms, wb_error *err);

#endif
