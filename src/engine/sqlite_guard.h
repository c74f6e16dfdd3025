/* What a run on SQLite does around a step so that nothing is lost or left broken without a word:
 *
 * - A step that rebuilds a table, or asks for it, runs with foreign keys off, in a transaction of
 *   its own, since they can only be switched outside of one. Before it is committed, every row that
 *   refers to nothing and did not before makes it fail.
 * - After a step that changed the schema every view and trigger is compiled. SQLite itself would
 *   find out only when the application uses them.
 * - Pragmas that a section sets are put back, to what they were when the run began. */
#ifndef WB_ENGINE_SQLITE_GUARD_H
#define WB_ENGINE_SQLITE_GUARD_H

#include "engine/sqlite_programs.h"

struct wb_run;

enum { WB_KEPT_PRAGMAS = 10 };

typedef struct wb_sqlite_guard {
    bool has_begun;
    uint32_t next_step;    /* a lower one than expected: what came after was undone */
    bool foreign_keys_off; /* the running step is without */
    const char *pragmas[WB_KEPT_PRAGMAS]; /* their values as the run began; NULL: not known */
    wb_sqlite_programs programs;
} wb_sqlite_guard;

/* Each of these does nothing on other engines. */

/* Before anything of a step: switches foreign keys off where it asks for that, and for this commits
 * the steps before. */
bool wb_sqlite_guard_begin(struct wb_run *run, uint32_t step, wb_error *err);
/* Within the step's transaction, where it has one: notes what is broken already. */
bool wb_sqlite_guard_look(struct wb_run *run, wb_error *err);
/* Before a transaction of the file's own is committed: fails where it leaves rows that refer to
 * nothing. */
bool wb_sqlite_guard_check_rows(struct wb_run *run, wb_error *err);
/* Before a step's row in the ledger: that, and the views and triggers. */
bool wb_sqlite_guard_check(struct wb_run *run, wb_error *err);
/* The step turned out to be done by somebody else: as if it had not begun. */
bool wb_sqlite_guard_skip(struct wb_run *run, uint32_t step, wb_error *err);
/* Puts the pragmas back; outside of a transaction, or some stay as they are. */
bool wb_sqlite_guard_restore(const struct wb_run *run, wb_error *err);
void wb_sqlite_guard_clear(wb_sqlite_guard *guard);

#endif
