/* What a step will run, found out before anything runs: every statement of the section is split
 * and looked at once, so that a fault in the last file of a chain stops the run before the first
 * one has changed anything. */
#ifndef WB_ENGINE_STEP_SCRIPT_H
#define WB_ENGINE_STEP_SCRIPT_H

#include "engine/ledger.h"
#include "sql/lock_set.h"
#include "sql/sqlite_section.h"

/* How one statement is run. */
typedef enum wb_policy {
    WB_RUN_INSIDE,  /* in the step's transaction */
    WB_RUN_OWN,     /* in a transaction of its own, together with a journal row */
    WB_RUN_ALONE,   /* outside, with a journal row before it */
    WB_RUN_SETTING, /* outside; only changes the session, so it is run again after a crash */
    WB_RUN_BEGIN,   /* opens a transaction of the file's own (transaction:false only) */
    WB_RUN_END      /* ends it */
} wb_policy;

typedef struct wb_step_script {
    const wb_revision *revision;
    wb_direction direction;
    const wb_section *section;
    unsigned statements;
    bool is_split; /* some statement is not run inside: the step is not one transaction */
    wb_sqlite_effects effects; /* SQLite only */
    /* PostgreSQL: tables whose locks are taken before the first statement; none where that is not
     * worth it, or the step is split. */
    const wb_table_lock *tables;
    size_t table_count;
    const char *checksum; /* ignores comments and white space; of the whole file */
    const char *raw_checksum;
} wb_step_script;

/* Reads and checks the section of a revision. Fails on a missing section, text that can't be
 * split, a BEGIN or COMMIT in a section that is one transaction. `one_transaction` refuses what
 * can't be inside one (--transaction all). */
bool wb_step_script_prepare(const wb_ledger *ledger, const wb_run_options *options, uint32_t index,
                            wb_direction direction, bool one_transaction, wb_arena *arena,
                            wb_step_script *ret_script, wb_error *err);

/* A section opened for reading, statement by statement. */
typedef struct wb_section_statements {
    wb_section_source *source;
    wb_splitter *splitter;
} wb_section_statements;
bool wb_section_statements_open(const wb_ledger *ledger, const wb_run_options *options,
                                const wb_step_script *script, wb_section_statements *ret_statements,
                                wb_error *err);
void wb_section_statements_close(wb_section_statements *statements);

/* How a statement is to be run. Fails on an unknown statement option and on what the section does
 * not allow. */
bool wb_statement_policy(const wb_ledger *ledger, const wb_step_script *script,
                         const wb_statement *statement, wb_policy *ret_policy, wb_error *err);

/* Hash of the statement's own text. */
void wb_statement_hash(const wb_statement *statement, char ret_hex[WB_SHA256_HEX]);

#endif
