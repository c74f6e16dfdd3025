/* A step that an earlier run was cut off in: what it did is passed over, and where it is not known
 * how a statement ended, the database is asked. */
#include "engine/run_state.h"

static bool fail_done_edited(const wb_run *run, const wb_open_step *open, wb_error *err)
{
    const wb_revision *revision = run->scripts[run->sending].revision;
    wb_fail(err, WB_E_CHECKSUM,
            "revision \"%s\" is half done, and the statements that are done were edited",
            revision->id);
    wb_detail(err, "An earlier run did its first %u statements; they are not the same now.",
              open->done);
    wb_hint(err, "Put those statements back as they were; only what comes after them may change.");
    return wb_at(err, revision->path, 0, 0);
}

/* ---- a statement in doubt ---- */

static bool fail_doubt_edited(const wb_run *run, const wb_statement *statement, wb_error *err)
{
    const wb_revision *revision = run->scripts[run->sending].revision;
    wb_fail(err, WB_E_CHECKSUM,
            "revision \"%s\" was cut off in statement %u, which was edited since", revision->id,
            statement->number);
    wb_detail(err, "Whether it took effect can only be found out for the text that was run.");
    wb_hint(err,
            "Put the statement back as it was, or say how it ended: `whimbrel resolve %s "
            "--statement %u --as done` or `--as undone`.",
            revision->id, statement->number);
    return wb_at(err, revision->path, statement->at.line, statement->at.column);
}

static bool fail_unresolved(const wb_run *run, const wb_statement *statement,
                            const wb_open_step *open, const wb_verification *found, wb_error *err)
{
    const wb_revision *revision = run->scripts[run->sending].revision;
    wb_fail(err, WB_E_UNRESOLVED,
            "statement %u of revision \"%s\" was interrupted and may or may not have happened",
            open->unknown, open->revision);
    wb_detail(err, "A run of %s was cut off in it; %u statements before it are done. %s%s%s%s%s%s",
              open->at != NULL ? open->at : "an unknown time", open->done,
              found->reason != NULL ? "It cannot be told, since " : "",
              found->reason != NULL ? found->reason : "", found->reason != NULL ? "." : "",
              found->if_done != NULL ? " If it was done: " : "",
              found->if_done != NULL ? found->if_done : "",
              found->if_done != NULL && found->if_undone != NULL ? " If not: " : "");
    if (found->if_undone != NULL) {
        size_t length = strlen(err->detail);
        (void) snprintf(err->detail + length, sizeof(err->detail) - length, "%s", found->if_undone);
    }
    wb_hint(err,
            "Look at the database, then say how it ended: `whimbrel resolve %s --statement %u --as "
            "done` or `--as undone`; the next run then continues.",
            open->revision, open->unknown);
    wb_at(err, revision->path, statement->at.line, statement->at.column);
    return wb_show(err, statement->text, 0, statement->at.line, statement->at.column);
}

bool wb_run_repair(const wb_run *run, const wb_verification *found, wb_error *err)
{
    for (size_t i = 0; i < found->repairs.count; i++) {
        if (!wb_session_exec(run->context->session, wb_str_from(found->repairs.items[i]), err))
            return wb_while(err, "running \"%s\"", found->repairs.items[i]);
    }
    return true;
}

/* Finds out how the statement ended, and journals it. */
static bool settle_doubt(wb_run *run, const wb_statement *statement, wb_open_step *open,
                         wb_error *err)
{
    char hash[WB_SHA256_HEX];
    wb_verification found = {0};
    const wb_doubt doubt = {.ledger = run->ledger,
                            .options = run->options,
                            .script = &run->scripts[run->sending],
                            .statement = statement,
                            .arena = run->arena};
    wb_statement_hash(statement, hash);
    if (open->own_hash != NULL && strcmp(open->own_hash, hash) != 0)
        return fail_doubt_edited(run, statement, err);
    if (!wb_run_collect(run, err) || !wb_verify_statement(&doubt, &found, err))
        return false;
    if (found.verdict == WB_VERDICT_OPEN)
        return fail_unresolved(run, statement, open, &found, err);
    if (!wb_run_repair(run, &found, err))
        return false;
    bool is_done = found.verdict == WB_VERDICT_DONE;
    wb_context_warn(run->context,
                    "statement %u of revision \"%s\" was interrupted by the end of an earlier run; "
                    "it %s: %s",
                    statement->number, open->revision, is_done ? "is done" : "is run again",
                    found.reason);
    wb_run_hash(run, is_done ? statement : NULL, hash);
    wb_run_add_journal(run, &(wb_journal_row){.event = is_done ? "done" : "undone",
                                              .statement = statement->number,
                                              .line = statement->at.line,
                                              .checksum = hash});
    open->done = is_done ? statement->number : statement->number - 1;
    open->unknown = 0;
    open->checksum = NULL; /* of what was compared just now */
    return run->context->dialect->id == WB_SQLITE || wb_run_commit_part(run, 0, err);
}

/* ---- what is done ---- */

/* Passes over a statement that an earlier run did. The last one tells whether all are the same. */
static bool skip_statement(const wb_run *run, const wb_statement *statement,
                           const wb_open_step *open, wb_error *err)
{
    if (statement->number < open->done || open->checksum == NULL)
        return true;
    char hash[WB_SHA256_HEX];
    wb_run_hash(run, statement, hash);
    return strcmp(hash, open->checksum) == 0 || fail_done_edited(run, open, err);
}

bool wb_run_take_statement(wb_run *run, const wb_statement *statement, wb_open_step *open,
                           wb_splitter *splitter, wb_error *err)
{
    bool is_in_doubt = open != NULL && statement->number == open->unknown;
    if (is_in_doubt && !settle_doubt(run, statement, open, err))
        return false;
    bool is_done = open != NULL && statement->number <= open->done;
    if (is_done && !skip_statement(run, statement, open, err))
        return false;
    bool is_setting = (statement->traits & WB_STMT_SETTING) != 0;
    if ((!is_done || is_setting) && !wb_run_statement(run, statement, splitter, err))
        return false;
    if (run->scripts[run->sending].is_split)
        wb_sha256_add(&run->prefix, statement->text);
    return true;
}

bool wb_run_check_end(const wb_run *run, const wb_open_step *open, wb_error *err)
{
    unsigned statements = run->scripts[run->sending].statements;
    return open == NULL || (open->done <= statements && open->unknown <= statements) ||
           fail_done_edited(run, open, err);
}
