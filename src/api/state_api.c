/* check and status. */
#include "api/workspace.h"
#include "engine/comparison.h"
#include "engine/ledger.h"
#include "engine/lock_list.h"
#include "engine/run_plan.h"
#include "engine/step_script.h"

/* ---- check ---- */

typedef struct checker {
    wb_target *target;
    wb_arena *arena;
    wb_context context;
    WB_LIST(wb_finding) findings;
    size_t errors;
} checker;

static void add_finding(checker *check, wb_finding finding)
{
    finding.revision = wb_arena_strdup(check->arena, finding.revision);
    finding.file = wb_arena_strdup(check->arena, finding.file);
    WB_LIST_ADD(check->arena, &check->findings, finding);
    check->errors += finding.is_error ? 1 : 0;
}

static const char *const directions[] = {[WB_UP] = "up", [WB_DOWN] = "down"};

/* Splits every section of every file, so that nothing that can be known before a run is left to
 * the run. A fault in one file does not hide those in others. */
static void check_scripts(checker *check)
{
    wb_context offline = check->context;
    offline.session = NULL;
    wb_ledger *names = wb_ledger_offline(&offline);
    wb_run_options options = {0};
    wb_error err;
    for (uint32_t i = 0; i < wb_graph_count(check->target->graph); i++) {
        const wb_revision *revision = wb_graph_revision(check->target->graph, i);
        for (int direction = WB_UP; direction <= WB_DOWN; direction++) {
            wb_step_script script;
            bool has_section =
                wb_revision_sections(check->target->set->revisions.items[i], check->arena, &err) &&
                wb_revision_section(revision, (wb_direction) direction, offline.dialect->id) !=
                    NULL;
            if (direction == WB_DOWN && !has_section) {
                add_finding(check, (wb_finding){.kind = "files",
                                                .revision = revision->id,
                                                .file = revision->path,
                                                .text = "cannot be undone: no down section"});
                continue;
            }
            if (wb_step_script_prepare(names, &options, i, (wb_direction) direction, false,
                                       check->arena, &script, &err))
                continue;
            const char *place =
                err.line == 0 ? "" : wb_arena_printf(check->arena, " (line %u)", err.line);
            add_finding(check, (wb_finding){.kind = "files",
                                            .is_error = true,
                                            .revision = revision->id,
                                            .file = revision->path,
                                            .text = wb_arena_printf(check->arena, "%s: %s%s",
                                                                    directions[direction],
                                                                    err.message, place),
                                            .hint = wb_arena_strdup(check->arena, err.hint)});
        }
    }
}

/* Several heads are fine as long as each has a branch label of its own. */
static void check_heads(checker *check)
{
    const wb_graph *graph = check->target->graph;
    wb_index_list heads = wb_graph_heads(graph, true, check->arena);
    size_t unlabelled = 0;
    WB_AUTO_BUF(names, 0);
    for (size_t i = 0; i < heads.count; i++) {
        const char **labels = NULL;
        size_t count = 0;
        wb_graph_labels(graph, heads.items[i], check->arena, &labels, &count);
        unlabelled += count == 0 ? 1 : 0;
        wb_buf_printf(&names, "%s%s", i == 0 ? "" : ", ",
                      wb_graph_revision(graph, heads.items[i])->id);
    }
    if (unlabelled < 2)
        return;
    add_finding(check,
                (wb_finding){.kind = "heads",
                             .is_error = true,
                             .text = wb_arena_printf(check->arena, "there are %zu heads: %s",
                                                     heads.count, wb_buf_text(&names)),
                             .hint = "Join them with `whimbrel merge -m \"...\"`, or give each "
                                     "branch a label."});
}

static void check_differences(checker *check, const wb_difference_list *list)
{
    static const wb_finding templates[] = {
        [WB_FILE_MISSING] = {.kind = "missing",
                             .is_error = true,
                             .text = "applied, but no file has this id"},
        [WB_FILE_EDITED] = {.kind = "edited",
                            .is_error = true,
                            .text = "edited after it was applied"},
        [WB_FILE_COSMETIC] = {.kind = "cosmetic",
                              .text = "comments or white space changed since it was applied"},
    };
    for (size_t i = 0; i < list->count; i++) {
        wb_finding finding = templates[list->items[i].kind];
        finding.revision = list->items[i].revision;
        finding.file = list->items[i].path;
        add_finding(check, finding);
    }
}

/* What `upgrade` would run now. */
static bool find_pending(const wb_ledger *ledger, wb_arena *arena, wb_index_list *ret_pending,
                         wb_error *err)
{
    static const char *const heads[] = {"heads"};
    wb_applied applied;
    wb_plan plan;
    wb_ledger_applied(ledger, arena, &applied, NULL);
    if (!wb_plan_make(ledger->context->graph, "upgrade", heads, 1, &applied, arena, &plan, err))
        return false;
    *ret_pending = plan.steps;
    return true;
}

static bool check_database(checker *check, size_t *ret_pending, wb_error *err)
{
    wb_ledger *ledger = NULL;
    wb_difference_list differences;
    wb_index_list pending;
    if (!wb_ledger_read(&check->context, WB_LEDGER_GLANCE, &ledger, err) ||
        !wb_compare_files(ledger, check->arena, &differences, err) ||
        !find_pending(ledger, check->arena, &pending, err))
        return false;
    check_differences(check, &differences);
    for (size_t i = 0; i < pending.count; i++) {
        const wb_revision *revision = wb_graph_revision(check->target->graph, pending.items[i]);
        add_finding(check, (wb_finding){.kind = "pending",
                                        .revision = revision->id,
                                        .file = revision->path,
                                        .text = "not applied yet"});
    }
    *ret_pending = pending.count;
    return true;
}

bool wb_check(wb_target *target, bool ask_database, wb_arena *arena, wb_check_info *ret_info,
              wb_error *err)
{
    checker check = {.target = target, .arena = arena};
    size_t pending = 0;
    if (ask_database) {
        if (!wb_target_need_all(target, "check", &check.context, err))
            return false;
    } else {
        wb_error ignored; /* without a URL the files are read as SQLite's */
        (void) wb_target_need_url(target, &ignored);
        if (!wb_target_need_revisions(target, err))
            return false;
        wb_target_context(target, "check", &check.context);
    }
    check_scripts(&check);
    check_heads(&check);
    if (ask_database && !check_database(&check, &pending, err))
        return false;
    *ret_info = (wb_check_info){.asked_database = ask_database,
                                .revision_count = wb_graph_count(target->graph),
                                .pending_count = pending,
                                .findings = check.findings.items,
                                .finding_count = check.findings.count,
                                .error_count = check.errors};
    return true;
}

/* ---- status ---- */

static const char *engine_text(wb_engine engine)
{
    switch (engine) {
    case WB_ENGINE_SQLITE:
        return "SQLite";
    case WB_ENGINE_POSTGRES:
        return "PostgreSQL";
    case WB_ENGINE_MARIADB:
        return "MariaDB";
    }
    return "";
}

static void fill_last_run(const wb_last_run *run, wb_target_state *state)
{
    if (!run->known)
        return;
    state->last_command = run->command;
    state->last_run = run->run;
    state->last_run_at_us = run->at_us;
    state->last_run_failed = run->failed;
    state->last_error = run->error;
    state->last_revision = run->revision;
    state->last_statement = run->statement;
    state->last_line = run->line;
}

static const char *file_of(const wb_target *target, const char *revision)
{
    uint32_t index = 0;
    if (revision == NULL || !wb_graph_find(target->graph, wb_str_from(revision), &index))
        return NULL;
    return wb_graph_revision(target->graph, index)->path;
}

/* The half-done step that the last run left, if any. */
static void fill_open_step(const wb_target *target, const wb_ledger *ledger, wb_arena *arena,
                           wb_target_state *state)
{
    for (size_t i = 0; i < ledger->open_steps.count; i++) {
        const wb_open_step *step = &ledger->open_steps.items[i];
        if (step->done == 0 && step->unknown == 0)
            continue;
        state->open_revision = wb_arena_strdup(arena, step->revision);
        state->open_done = step->done;
        state->open_doubt = step->unknown;
        state->open_line = step->unknown != 0 ? step->line : 0;
        state->open_file = wb_arena_strdup(arena, file_of(target, step->revision));
    }
}

/* What a person does next after a failure. */
static const char *next_of(const wb_target_state *state, wb_arena *arena)
{
    const char *command = state->last_command != NULL ? state->last_command : "upgrade";
    bool is_cut_off = state->last_error == NULL;
    if (state->open_doubt != 0 && is_cut_off)
        return wb_arena_printf(arena,
                               "Run `whimbrel %s` again: it finds out how statement %u of %s "
                               "ended, and goes on from there.",
                               command, state->open_doubt, state->open_revision);
    if (state->open_doubt != 0)
        return wb_arena_printf(arena,
                               "Mend the cause and run `whimbrel %s` again. If it cannot tell how "
                               "statement %u ended: `whimbrel resolve %s --statement %u --as done` "
                               "or `--as undone`.",
                               command, state->open_doubt, state->open_revision, state->open_doubt);
    return wb_arena_printf(arena, "%s `whimbrel %s` again: it goes on from there.",
                           is_cut_off ? "Run" : "Mend the cause and run", command);
}

/* A run that has not ended was cut off, unless somebody is still at work on it. */
static bool fill_running(const wb_context *context, wb_arena *arena, wb_target_state *state,
                         wb_error *err)
{
    wb_ledger *ledger = NULL;
    wb_lock_info info;
    if (!wb_ledger_read(context, WB_LEDGER_STATE, &ledger, err) ||
        !wb_lock_describe(ledger, arena, &info, err))
        return false;
    if (info.is_held) {
        state->running = info.holder != NULL ? info.holder : "another program";
        state->last_run_failed = false;
    }
    return true;
}

static bool fill_failure(const wb_target *target, const wb_context *context, wb_ledger *ledger,
                         wb_arena *arena, wb_target_state *state, wb_error *err)
{
    bool is_open = state->last_run_failed && state->last_error == NULL;
    if (is_open && !fill_running(context, arena, state, err))
        return false;
    if (!state->last_run_failed)
        return true;
    state->last_file = wb_arena_strdup(arena, file_of(target, state->last_revision));
    if (!wb_ledger_read_open_steps(ledger, err))
        return false;
    fill_open_step(target, ledger, arena, state);
    state->next = next_of(state, arena);
    return true;
}

bool wb_state(wb_target *target, wb_arena *arena, wb_target_state *ret_state, wb_error *err)
{
    wb_context context;
    wb_ledger *ledger = NULL;
    wb_applied applied;
    wb_index_list pending;
    wb_last_run run;
    if (!wb_target_need_all(target, "status", &context, err) ||
        !wb_ledger_read(&context, WB_LEDGER_GLANCE, &ledger, err) ||
        !find_pending(ledger, arena, &pending, err) ||
        !wb_ledger_last_run(ledger, arena, &run, err))
        return false;
    wb_ledger_applied(ledger, arena, &applied, NULL);
    wb_index_list current = wb_graph_current(target->graph, &applied, arena);
    wb_index_list heads = wb_graph_heads(target->graph, true, arena);
    *ret_state = (wb_target_state){
        .name = wb_arena_strdup(arena, target->config->name),
        .url = wb_arena_strdup(arena, target->url.masked),
        .engine = engine_text(target->url.engine),
        .server_version = wb_arena_strdup(arena, target->session->version_text),
        .has_ledger = ledger->exists,
        .current = wb_plan_ids(target->graph, &current, arena),
        .current_count = current.count,
        .heads = wb_plan_ids(target->graph, &heads, arena),
        .head_count = heads.count,
        .applied_count = ledger->rows.count,
    };
    wb_describe_revisions(target->graph, &pending, arena, &ret_state->pending);
    fill_last_run(&run, ret_state);
    return fill_failure(target, &context, ledger, arena, ret_state, err);
}
