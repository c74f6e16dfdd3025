/* stamp: makes the ledger say where the database is, without running anything. */
#include "base/random.h"
#include "engine/cluster_lock.h"
#include "engine/ledger.h"
#include "engine/runner.h"
#include "engine/runner_lock.h"

typedef struct stamp {
    const wb_context *context;
    const wb_run_options *options;
    wb_ledger *ledger;
    wb_arena *arena;
    wb_plan plan;
    wb_text_list missing; /* rows that the files do not know */
    char run[WB_RUN_ID];
} stamp;

static bool fail_row_without_file(const stamp *work, wb_error *err)
{
    wb_fail(err, WB_E_MISSING_REVISION, "the ledger has revision \"%s\", but no file has this id",
            work->missing.items[0]);
    return wb_hint(err, "`whimbrel stamp --purge ...` forgets every row first, also this one.");
}

static bool make_stamp_plan(stamp *work, wb_error *err)
{
    wb_applied applied;
    work->missing.count = 0;
    wb_ledger_applied(work->ledger, work->arena, &applied, &work->missing);
    if (work->missing.count > 0 && !work->options->purge)
        return fail_row_without_file(work, err);
    const wb_graph *graph = work->context->graph;
    if (!work->options->purge)
        return wb_plan_make(graph, "stamp", work->options->targets, work->options->target_count,
                            &applied, work->arena, &work->plan, err);
    wb_applied none = wb_applied_none(graph, work->arena);
    if (!wb_plan_make(graph, "stamp", work->options->targets, work->options->target_count, &none,
                      work->arena, &work->plan, err))
        return false;
    work->plan.before = applied;
    return true;
}

static bool checksums(const stamp *work, uint32_t index, wb_applied_row *row, wb_error *err)
{
    wb_revision *revision = work->context->set->revisions.items[index];
    char normal[WB_SHA256_HEX];
    if ((revision->checksum[0] == '\0' && !wb_revision_checksum(revision, err)) ||
        !wb_revision_normal_checksum(revision, work->context->dialect, normal, err))
        return false;
    row->revision = revision;
    row->checksum = wb_arena_strdup(work->arena, normal);
    row->raw_checksum = revision->checksum;
    return true;
}

static bool submit_forgotten(const stamp *work, wb_error *err)
{
    if (work->options->purge)
        return wb_session_submit_sql(work->context->session,
                                     wb_str_from(work->ledger->texts[WB_Q_PURGE]), err);
    for (size_t i = work->plan.forgotten.count; i > 0; i--) {
        uint32_t index = work->plan.forgotten.items[i - 1];
        const char *id = wb_graph_revision(work->context->graph, index)->id;
        if (!wb_ledger_submit_removed(work->ledger, id, NULL, NULL, err))
            return false;
    }
    return true;
}

static bool submit_recorded(const stamp *work, wb_error *err)
{
    int64_t position = work->options->purge ? 1 : work->ledger->next_position;
    for (size_t i = 0; i < work->plan.steps.count; i++) {
        wb_applied_row row = {
            .duration_ms = -1, .position = position, .run = work->run, .stamped = true};
        position++;
        if (!checksums(work, work->plan.steps.items[i], &row, err) ||
            !wb_ledger_submit_applied(work->ledger, &row, NULL, NULL, err))
            return false;
    }
    return true;
}

/* Rows that stay get the checksums of the files as they are now: so an edit is accepted. */
static bool submit_refreshed(const stamp *work, wb_error *err)
{
    for (size_t i = 0; i < work->ledger->rows.count && !work->options->purge; i++) {
        const wb_ledger_row *row = &work->ledger->rows.items[i];
        uint32_t index = 0;
        if (!wb_graph_find(work->context->graph, wb_str_from(row->revision), &index) ||
            !work->plan.after.flags[index])
            continue;
        wb_applied_row fresh = {0};
        if (!checksums(work, index, &fresh, err))
            return false;
        if (strcmp(fresh.raw_checksum, row->raw_checksum) == 0)
            continue;
        wb_value args[] = {wb_value_text(fresh.revision->slug), wb_value_text(fresh.checksum),
                           wb_value_text(fresh.raw_checksum), wb_value_text(row->revision)};
        wb_request request = {.sql = wb_str_from(work->ledger->texts[WB_Q_REFRESH]),
                              .args = args,
                              .arg_count = 4,
                              .keep = true};
        if (!wb_session_submit(work->context->session, &request, err))
            return false;
    }
    return true;
}

static bool write_stamp(stamp *work, wb_error *err)
{
    wb_session *session = work->context->session;
    WB_AUTO_BUF(journal, 0);
    wb_journal_row begin = {.event = "begin", .command = "stamp"};
    wb_journal_row end = {.event = "end", .message = "clean"};
    wb_journal_add(work->ledger, work->run, &begin, &journal);
    wb_journal_add(work->ledger, work->run, &end, &journal);
    return wb_cluster_submit_fence(work->context, err) && submit_forgotten(work, err) &&
           submit_recorded(work, err) && submit_refreshed(work, err) &&
           wb_session_submit_sql(session, wb_buf_str(&journal), err) &&
           wb_session_commit(session, err);
}

/* Behind a pooler the lock is the transaction's, so it is taken within. */
static bool begin_pooled(const stamp *work, wb_error *err)
{
    wb_session *session = work->context->session;
    WB_AUTO_BUF(sql, 0);
    wb_waiting wait = wb_waiting_begin(work->context, work->options->lock_wait_ms);
    if (!wb_session_transaction_lock(session, wb_runner_lock_name(work->ledger, work->arena), &sql,
                                     err))
        return false;
    for (;;) {
        wb_error ignored;
        if (wb_session_begin_write(session, err) && wb_session_exec(session, wb_buf_str(&sql), err))
            return true;
        if (strcmp(err->sqlstate, "22012") != 0 || !wb_session_rollback(session, &ignored))
            return false;
        if (wb_waiting_is_over(&wait))
            return wb_waiting_fail(&wait, NULL, err);
        if (!wb_waiting_more(&wait, NULL, err))
            return false;
    }
}

static bool stamp_under_lock(stamp *work, wb_error *err)
{
    const wb_context *context = work->context;
    int64_t wait_ms = work->options->lock_wait_ms;
    bool is_sqlite = context->dialect->id == WB_SQLITE;
    bool is_mariadb = context->dialect->id == WB_MARIADB;
    bool is_pooled = work->ledger->is_pooled;
    return (is_pooled ? begin_pooled(work, err) : wb_runner_lock(work->ledger, wait_ms, err)) &&
           (!is_sqlite || wb_runner_begin_write(context, wait_ms, err)) &&
           wb_ledger_read(context, WB_LEDGER_STATE, &work->ledger, err) &&
           make_stamp_plan(work, err) &&
           /* MariaDB commits at CREATE TABLE, so that comes before the transaction. */
           (!is_mariadb || wb_ledger_submit_create(work->ledger, work->run, err)) &&
           (is_sqlite || is_pooled || wb_session_begin_write(context->session, err)) &&
           (is_mariadb || wb_ledger_submit_create(work->ledger, work->run, err)) &&
           write_stamp(work, err);
}

bool wb_stamp_command(wb_context *context, const wb_run_options *options, wb_arena *arena,
                      wb_plan_info *ret_plan, wb_error *err)
{
    if (options->target_count == 0) {
        wb_fail(err, WB_E_USAGE, "stamp needs a target");
        return wb_hint(err, "For example heads, base, or a revision id.");
    }
    stamp work = {.context = context, .options = options, .arena = arena};
    wb_random_hex(work.run, WB_RUN_ID - 1);
    if (!wb_ledger_read(context, WB_LEDGER_STATE, &work.ledger, err) ||
        !make_stamp_plan(&work, err))
        return false;
    if (work.ledger->read_only && !options->dry_run)
        return wb_fail(err, WB_E_READ_ONLY, "the database server is read-only");
    if (!options->dry_run && !wb_session_demand_writable(context->session, err))
        return false;
    wb_error ignored;
    if (!options->dry_run && !stamp_under_lock(&work, err)) {
        wb_cluster_explain_loss(context, err);
        if (!context->session->lost)
            (void) wb_session_rollback(context->session, &ignored);
        wb_runner_release(work.ledger);
        return wb_while(err, "stamping");
    }
    if (!options->dry_run &&
        !(wb_runner_submit_unlock(work.ledger, err) && wb_session_collect(context->session, err)))
        return false;
    wb_plan_describe(context, &work.plan, arena, ret_plan);
    return true;
}
