/* One runner at a time for each target (DESIGN "Engine promises"): the lock is one that the server
 * itself releases when the runner's session ends, and it is held by the very session that runs the
 * statements. It is taken by polling, since waiting inside pg_advisory_lock() deadlocks with
 * CREATE INDEX CONCURRENTLY. SQLite has no such lock: its own write lock does the work. */
#ifndef WB_ENGINE_RUNNER_LOCK_H
#define WB_ENGINE_RUNNER_LOCK_H

#include "engine/ledger.h"

/* Takes the lock, waiting at most `wait_ms` (< 0: no limit). Fails with LOCK, naming the holder. */
bool wb_runner_lock(const wb_ledger *ledger, int64_t wait_ms, wb_error *err);
/* Queues the release; a no-op on SQLite. */
bool wb_runner_submit_unlock(const wb_ledger *ledger, wb_error *err);
/* SQLite: begins a transaction that holds the write lock, waiting at most `wait_ms`. */
bool wb_runner_begin_write(const wb_context *context, int64_t wait_ms, wb_error *err);
/* SQLite: waits at most `wait_ms` while another process keeps even readers out of the file. Nothing
 * on other engines. */
bool wb_runner_await_file(const wb_context *context, int64_t wait_ms, wb_error *err);

#endif
