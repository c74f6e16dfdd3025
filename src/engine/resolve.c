#include "engine/resolve.h"

#include "base/random.h"
#include "engine/cluster_lock.h"
#include "engine/runner_lock.h"
#include "engine/step_script.h"

enum { LOCK_WAIT_MS = 10000 };

/* The half-done step of the revision, in whichever direction it was. */
static const wb_open_step *find_step(const wb_ledger *ledger, const char *revision)
{
    const wb_open_step *up = wb_ledger_open_step(ledger, revision, WB_UP);
    return up != NULL && up->unknown != 0 ? up : wb_ledger_open_step(ledger, revision, WB_DOWN);
}

static bool fail_nothing_open(const wb_ledger *ledger, const char *revision, unsigned statement,
                              const wb_open_step *step, wb_error *err)
{
    wb_fail(err, WB_E_USAGE, "statement %u of revision \"%s\" is not in doubt", statement,
            revision);
    if (step != NULL && step->unknown != 0)
        return wb_hint(err, "The statement in doubt is number %u.", step->unknown);
    return wb_hint(err,
                   "No run was interrupted in this revision of \"%s\"; `whimbrel status` "
                   "shows what the database is at.",
                   ledger->context->target);
}

/* Hash of the section's statements up to `count`, which a later run compares. */
static bool hash_statements(const wb_ledger *ledger, uint32_t index, wb_direction direction,
                            unsigned count, char ret_hex[WB_SHA256_HEX], wb_error *err)
{
    WB_SCRATCH(tmp);
    wb_run_options options = {0};
    wb_step_script script;
    wb_section_statements statements;
    if (!wb_step_script_prepare(ledger, &options, index, direction, false, tmp, &script, err) ||
        !wb_section_statements_open(ledger, &options, &script, &statements, err))
        return false;
    wb_sha256 hash;
    wb_sha256_init(&hash);
    bool ok = true;
    for (unsigned number = 0; ok && number < count; number++) {
        wb_statement statement;
        bool at_end = false;
        ok = wb_splitter_next(statements.splitter, &statement, &at_end, err);
        if (ok && !at_end)
            wb_sha256_add(&hash, statement.text);
    }
    wb_section_statements_close(&statements);
    wb_sha256_hex(&hash, ret_hex);
    return ok;
}

static bool resolve_under_lock(const wb_context *context, const char *revision, unsigned statement,
                               bool done, wb_error *err)
{
    wb_ledger *ledger = NULL;
    char run[WB_RUN_ID];
    char hash[WB_SHA256_HEX];
    uint32_t index = 0;
    wb_random_hex(run, WB_RUN_ID - 1);
    if (!wb_ledger_read(context, WB_LEDGER_STATE, &ledger, err) ||
        !wb_ledger_read_open_steps(ledger, err))
        return false;
    const wb_open_step *step = find_step(ledger, revision);
    if (step == NULL || step->unknown != statement)
        return fail_nothing_open(ledger, revision, statement, step, err);
    if (!wb_graph_find(context->graph, wb_str_from(revision), &index))
        return wb_fail(err, WB_E_UNKNOWN_REVISION, "no file has the id \"%s\"", revision);
    if (!hash_statements(ledger, index, step->direction, done ? statement : statement - 1, hash,
                         err))
        return false;
    wb_journal_row row = {.event = done ? "done" : "undone",
                          .command = "resolve",
                          .revision = revision,
                          .direction = step->direction == WB_DOWN ? "down" : "up",
                          .statement = statement,
                          .checksum = hash};
    return wb_session_begin(context->session, err) && wb_cluster_submit_fence(context, err) &&
           wb_journal_write(ledger, run, &row, err) && wb_session_commit(context->session, err);
}

bool wb_resolve_command(const wb_context *context, const char *revision, unsigned statement,
                        bool done, wb_error *err)
{
    wb_ledger *ledger = NULL;
    if (!wb_ledger_read(context, WB_LEDGER_STATE, &ledger, err))
        return false;
    if (ledger->is_pooled) {
        wb_fail(err, WB_E_UNSUPPORTED, "resolve cannot be run through a connection pooler");
        return wb_hint(err, "Set direct_url (WHIMBREL_DIRECT_URL) to the server's own address.");
    }
    if (!wb_runner_lock(ledger, LOCK_WAIT_MS, err))
        return false;
    bool ok = resolve_under_lock(context, revision, statement, done, err);
    if (!ok)
        wb_cluster_explain_loss(context, err);
    wb_runner_release(ledger);
    return ok;
}
