#include "base/clock.h"
#include "cli/cli.h"

static const wb_option options[] = {
    {.name = "exit-code", .help = "End with exit code 3 where revisions are pending."},
    {.name = NULL}};

static const wb_example examples[] = {
    {"status", "Show where every database of the project is."},
    {"status -v", "Show also server, counts, pending revisions and the last run."},
    {"status --exit-code -q", "Ask in a script whether something is pending."},
    {.line = NULL}};

static json_t *last_run_json(const wb_target_state *state)
{
    if (state->last_command == NULL)
        return json_null();
    json_t *last = json_object();
    wb_json_set(last, "command", wb_json_text(state->last_command));
    wb_json_set(last, "run", wb_json_text(state->last_run));
    wb_json_set(last, "at", wb_json_time(state->last_run_at_us));
    wb_json_set(last, "failed", json_boolean(state->last_run_failed));
    wb_json_set(last, "running", wb_json_text(state->running));
    wb_json_set(last, "error", wb_json_text(state->last_error));
    wb_json_set(last, "revision", wb_json_text(state->last_revision));
    wb_json_set(last, "statement", wb_json_place(state->last_statement));
    wb_json_set(last, "line", wb_json_place(state->last_line));
    wb_json_set(last, "file", wb_json_text(state->last_file));
    wb_json_set(last, "next", wb_json_text(state->next));
    return last;
}

/* A revision that is half done. */
static json_t *open_json(const wb_target_state *state)
{
    if (state->open_revision == NULL)
        return json_null();
    json_t *open = json_object();
    wb_json_set(open, "revision", wb_json_text(state->open_revision));
    wb_json_set(open, "file", wb_json_text(state->open_file));
    wb_json_set(open, "done", json_integer((json_int_t) state->open_done));
    wb_json_set(open, "in_doubt", wb_json_place(state->open_doubt));
    wb_json_set(open, "line", wb_json_place(state->open_line));
    return open;
}

static json_t *to_json(const wb_target_state *state)
{
    json_t *pending = json_array();
    for (size_t i = 0; i < state->pending.count; i++)
        wb_json_add(pending, wb_json_text(state->pending.items[i].id));
    json_t *object = json_object();
    wb_json_set(object, "target", wb_json_text(state->name));
    wb_json_set(object, "url", wb_json_text(state->url));
    wb_json_set(object, "engine", wb_json_text(state->engine));
    wb_json_set(object, "server_version", wb_json_text(state->server_version));
    wb_json_set(object, "has_ledger", json_boolean(state->has_ledger));
    wb_json_set(object, "current", wb_json_texts(state->current, state->current_count));
    wb_json_set(object, "heads", wb_json_texts(state->heads, state->head_count));
    wb_json_set(object, "applied", json_integer((json_int_t) state->applied_count));
    wb_json_set(object, "pending", pending);
    wb_json_set(object, "last_run", last_run_json(state));
    wb_json_set(object, "half_done", open_json(state));
    return object;
}

static bool is_head(const wb_target_state *state, const char *id)
{
    for (size_t i = 0; i < state->head_count; i++) {
        if (strcmp(state->heads[i], id) == 0)
            return true;
    }
    return false;
}

/* "auth: 002 (head)", "specs: 007, 2 pending". */
static void put_line(wb_cli *cli, const wb_target_state *state, wb_arena *arena)
{
    const char *none = wb_paint_begin(&cli->out, WB_PAINT_NONE);
    wb_put(&cli->out, "%s%s%s: ", wb_paint_begin(&cli->out, WB_PAINT_HEADING),
           wb_clean(arena, state->name), none);
    if (state->current_count == 0)
        wb_put(&cli->out, "<base>");
    for (size_t i = 0; i < state->current_count; i++) {
        const char *id = state->current[i];
        wb_put(&cli->out, "%s%s%s%s%s", i > 0 ? ", " : "", wb_paint_begin(&cli->out, WB_PAINT_ID),
               wb_clean(arena, id), none, is_head(state, id) ? " (head)" : "");
    }
    if (state->pending.count > 0)
        wb_put(&cli->out, ", %s%zu pending%s", wb_paint_begin(&cli->out, WB_PAINT_WARN),
               state->pending.count, none);
    wb_put(&cli->out, "\n");
}

/* " in 002 (migrations/002.sql:8, statement 2)" */
static void put_place(wb_cli *cli, const char *revision, const char *file, unsigned line,
                      unsigned statement, wb_arena *arena)
{
    if (revision == NULL)
        return;
    wb_put(&cli->out, " in %s", wb_clean(arena, revision));
    if (file == NULL && statement == 0)
        return;
    wb_put(&cli->out, " (%s", file != NULL ? wb_clean(arena, file) : "");
    if (file != NULL && line != 0)
        wb_put(&cli->out, ":%u", line);
    if (statement != 0)
        wb_put(&cli->out, "%sstatement %u", file != NULL ? ", " : "", statement);
    wb_put(&cli->out, ")");
}

static void put_failure(wb_cli *cli, const wb_target_state *state, wb_arena *arena)
{
    if (state->running != NULL)
        wb_put(&cli->out, "  %s is running: %s\n",
               wb_clean(arena, state->last_command != NULL ? state->last_command : "a run"),
               wb_clean(arena, state->running));
    if (!state->last_run_failed)
        return;
    bool is_cut_off = state->last_error == NULL;
    const char *command = state->last_command != NULL ? state->last_command : "run";
    wb_put(&cli->out, "  %slast %s %s%s", wb_paint_begin(&cli->out, WB_PAINT_BAD),
           wb_clean(arena, command), is_cut_off ? "was cut off" : "failed",
           wb_paint_begin(&cli->out, WB_PAINT_NONE));
    if (is_cut_off)
        put_place(cli, state->open_revision, state->open_file, state->open_line, state->open_doubt,
                  arena);
    else
        put_place(cli, state->last_revision, state->last_file, state->last_line,
                  state->last_statement, arena);
    if (!is_cut_off)
        wb_put(&cli->out, ": %s", wb_clean(arena, state->last_error));
    wb_put(&cli->out, "\n");
    if (state->open_revision != NULL && state->open_done > 0)
        wb_put(&cli->out, "  %s is half done: %u statement%s of it %s not run again\n",
               wb_clean(arena, state->open_revision), state->open_done, wb_plural(state->open_done),
               state->open_done == 1 ? "is" : "are");
    wb_put(&cli->out, "  %s\n", wb_clean(arena, state->next));
}

static void put_details(wb_cli *cli, const wb_target_state *state, wb_arena *arena)
{
    char at[WB_TIME_TEXT];
    wb_put(&cli->out, "  url        %s\n", wb_clean(arena, state->url));
    wb_put(&cli->out, "  server     %s %s\n", wb_clean(arena, state->engine),
           wb_clean(arena, state->server_version));
    wb_put(&cli->out, "  applied    %zu%s\n", state->applied_count,
           state->has_ledger ? "" : " (no ledger yet)");
    for (size_t i = 0; i < state->pending.count; i++)
        wb_put(&cli->out, "  %-9s  %s  %s\n", i == 0 ? "pending" : "",
               wb_clean(arena, state->pending.items[i].id),
               wb_clean(arena, state->pending.items[i].message));
    if (state->last_command == NULL)
        return;
    wb_time_format(state->last_run_at_us, at);
    wb_put(&cli->out, "  last run   %s at %s (%s)\n", wb_clean(arena, state->last_command), at,
           state->running != NULL   ? "running"
           : state->last_run_failed ? "failed"
                                    : "done");
}

static bool show(wb_cli *cli, wb_target *target, void *arg, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_target_state state = {0};
    json_t *array = arg;
    if (!wb_state(target, arena, &state, err))
        return false;
    if (state.pending.count > 0 && wb_args_has(&cli->args, "exit-code"))
        wb_cli_set_exit(cli, WB_E_PENDING);
    if (cli->is_json) {
        wb_json_add(array, to_json(&state));
        return true;
    }
    if (cli->is_quiet)
        return true;
    put_line(cli, &state, arena);
    put_failure(cli, &state, arena);
    if (cli->is_verbose)
        put_details(cli, &state, arena);
    return true;
}

static bool run(wb_cli *cli, wb_error *err)
{
    json_t *array = cli->is_json ? json_array() : NULL;
    bool ok = wb_cli_each(cli, show, array, err);
    if (ok && array != NULL)
        wb_json_print(&cli->out, array);
    else
        json_decref(array);
    return ok;
}

const wb_command wb_cmd_status = {
    .name = "status",
    .summary = "show where each database is and what is pending",
    .description =
        "Prints one line for each database: what it is at, and how many revisions are pending. "
        "Where the last run failed, further lines say in which statement (file and line), why, and "
        "what to do next.",
    .options = options,
    .examples = examples,
    .needs = WB_NEEDS_DATABASE,
    .run = run,
};
