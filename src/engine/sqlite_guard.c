#include "engine/sqlite_guard.h"

#include "engine/run_state.h"
#include "engine/sqlite_rows.h"

/* ---- pragmas ---- */

/* What a section may set for its connection, and would weaken or change the steps after it.
 * `foreign_keys` is first, as the others are read without it. */
static const char *const kept_pragmas[] = {
    "foreign_keys",    "synchronous",        "legacy_alter_table",
    "writable_schema", "recursive_triggers", "ignore_check_constraints",
    "query_only",      "trusted_schema",     "reverse_unordered_selects",
    "journal_mode",
};
_Static_assert(sizeof(kept_pragmas) / sizeof(kept_pragmas[0]) == WB_KEPT_PRAGMAS, "one value each");

typedef struct value_copy {
    wb_arena *arena;
    const char *text;
} value_copy;

static bool copy_value(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    value_copy *to = arg;
    to->text = wb_arena_strdup(to->arena, wb_row_text(row, 0));
    return true;
}

/* NULL where this SQLite does not know the pragma. */
static bool read_pragma(const wb_context *context, const char *name, wb_arena *arena,
                        const char **ret_value, wb_error *err)
{
    value_copy value = {.arena = arena};
    WB_AUTO_BUF(sql, 0);
    wb_buf_printf(&sql, "PRAGMA %s", name);
    bool ok =
        wb_session_query(context->session, wb_buf_str(&sql), NULL, 0, copy_value, &value, err);
    *ret_value = value.text;
    return ok;
}

static bool read_pragmas(wb_run *run, wb_error *err)
{
    for (size_t i = 0; i < WB_KEPT_PRAGMAS; i++) {
        if (!read_pragma(run->context, kept_pragmas[i], run->arena, &run->guard.pragmas[i], err))
            return false;
    }
    return true;
}

/* A journal mode is a property of the file, which a section may change, but for those that keep
 * none on disk: they are of the connection, and a crash of a later step would damage the file. */
static bool is_to_restore(const char *name, const char *before, const char *now)
{
    if (before == NULL || now == NULL || strcmp(before, now) == 0)
        return false;
    return strcmp(name, "journal_mode") != 0 || strcmp(now, "memory") == 0 ||
           strcmp(now, "off") == 0;
}

bool wb_sqlite_guard_restore(const wb_run *run, wb_error *err)
{
    WB_SCRATCH(arena);
    for (size_t i = 0; i < WB_KEPT_PRAGMAS; i++) {
        const char *before = run->guard.pragmas[i];
        const char *now = NULL;
        if (!read_pragma(run->context, kept_pragmas[i], arena, &now, err))
            return false;
        if (is_to_restore(kept_pragmas[i], before, now) &&
            !wb_session_execf(run->context->session, err, "PRAGMA %s = %s", kept_pragmas[i],
                              before))
            return false;
    }
    return true;
}

/* ---- foreign keys ---- */

static bool is_sqlite(const wb_run *run)
{
    return run->context->dialect->id == WB_SQLITE;
}

static const wb_sqlite_effects *effects_of(const wb_run *run, uint32_t step)
{
    return &run->scripts[step].effects;
}

/* Commits what is open, so that pragmas can be set. */
static bool end_transaction(wb_run *run, uint32_t steps, wb_error *err)
{
    return !run->in_transaction || (wb_run_commit(run, steps, err) && wb_run_collect(run, err));
}

static bool switch_foreign_keys_off(wb_run *run, uint32_t step, wb_error *err)
{
    const char *value = NULL;
    WB_SCRATCH(arena);
    if (!end_transaction(run, step, err))
        return false;
    run->guard.foreign_keys_off = true;
    run->changed_settings = true; /* so they are put back after the step, or after its failure */
    if (!wb_session_exec(run->context->session, WB_STR("PRAGMA foreign_keys = OFF"), err) ||
        (effects_of(run, step)->renames_first &&
         !wb_session_exec(run->context->session, WB_STR("PRAGMA legacy_alter_table = ON"), err)) ||
        !read_pragma(run->context, "foreign_keys", arena, &value, err))
        return false;
    if (value == NULL || strcmp(value, "0") == 0)
        return true;
    wb_fail(err, WB_E_INTERNAL, "foreign keys cannot be switched off");
    wb_detail(err, "SQLite takes that only outside of a transaction.");
    return wb_at(err, run->scripts[step].revision->path, 0, 0);
}

bool wb_sqlite_guard_begin(wb_run *run, uint32_t step, wb_error *err)
{
    wb_sqlite_guard *guard = &run->guard;
    if (!is_sqlite(run))
        return true;
    if (!guard->has_begun && !read_pragmas(run, err))
        return false;
    if (step != guard->next_step)
        wb_sqlite_programs_clear(&guard->programs);
    guard->has_begun = true;
    guard->next_step = step + 1;
    guard->foreign_keys_off = false;
    return !effects_of(run, step)->foreign_keys_off || switch_foreign_keys_off(run, step, err);
}

bool wb_sqlite_guard_skip(wb_run *run, uint32_t step, wb_error *err)
{
    if (!run->guard.foreign_keys_off)
        return true;
    run->guard.foreign_keys_off = false;
    run->changed_settings = false;
    return end_transaction(run, step + 1, err) && wb_sqlite_guard_restore(run, err);
}

bool wb_sqlite_guard_check_rows(wb_run *run, wb_error *err)
{
    WB_SCRATCH(arena);
    const wb_step_script *script = &run->scripts[run->sending];
    uint64_t count = 0;
    const char *text = NULL;
    if (!run->guard.foreign_keys_off)
        return true;
    if (!wb_run_collect(run, err) ||
        !wb_sqlite_rows_compare(run->context, &script->effects.rebuilt, arena, &count, &text, err))
        return false;
    if (count == 0)
        return true;
    wb_fail(err, WB_E_CONSTRAINT, "revision \"%s\" leaves %llu row%s that refer%s to nothing",
            script->revision->id, (unsigned long long) count, count == 1 ? "" : "s",
            count == 1 ? "s" : "");
    wb_detail(err, "Foreign keys were off while it ran, and now: %s%s.", text,
              count > 1 ? ", ..." : "");
    wb_hint(err, "Copy every row that others refer to, or change those others in the same section; "
                 "`PRAGMA foreign_key_check` lists them all.");
    return wb_at(err, script->revision->path, 0, 0);
}

/* ---- views and triggers ---- */

static void warn_broken(const wb_run *run, const wb_broken_list *broken)
{
    if (broken->count == 0)
        return;
    const wb_broken_program *first = &broken->items[0];
    char more[64] = "";
    if (broken->count > 1)
        (void) snprintf(more, sizeof(more), " (and %zu more)", broken->count - 1);
    wb_context_warn(run->context, "the %s \"%s\" did not work before this run: %s%s", first->type,
                    first->name, first->reason, more);
}

static bool changes_programs(const wb_run *run)
{
    const wb_sqlite_effects *effects = effects_of(run, run->sending);
    return effects->may_break_programs || effects->adds_programs;
}

bool wb_sqlite_guard_look(wb_run *run, wb_error *err)
{
    WB_SCRATCH(arena);
    wb_broken_list broken;
    wb_sqlite_programs *programs = &run->guard.programs;
    if (!is_sqlite(run))
        return true;
    if (run->guard.foreign_keys_off &&
        !(wb_run_collect(run, err) &&
          wb_sqlite_rows_note(run->context, &effects_of(run, run->sending)->rebuilt, err)))
        return false;
    if (!changes_programs(run) || programs->is_known)
        return true;
    if (!wb_run_collect(run, err) ||
        !wb_sqlite_programs_look(programs, run->context, false, arena, &broken, err))
        return false;
    warn_broken(run, &broken);
    return true;
}

static bool fail_broken(const wb_run *run, const wb_broken_list *broken, wb_error *err)
{
    enum { SHOWN = 3 };
    const wb_step_script *script = &run->scripts[run->sending];
    const wb_broken_program *first = &broken->items[0];
    WB_AUTO_BUF(others, 0);
    wb_fail(err, WB_E_REVISION, "the %s \"%s\" %s: %s", first->type, first->name,
            first->is_new ? "does not work" : "no longer works", first->reason);
    for (size_t i = 1; i < broken->count && i <= SHOWN; i++)
        wb_buf_printf(&others, "%s%s \"%s\" (%s)", i == 1 ? "" : ", ", broken->items[i].type,
                      broken->items[i].name, broken->items[i].reason);
    if (broken->count > 1)
        wb_detail(err, "The same with %s%s.", wb_buf_text(&others),
                  broken->count > SHOWN + 1 ? ", ..." : "");
    wb_hint(err,
            "%s in this section of revision \"%s\": SQLite lets it stand, and fails when it "
            "is used.",
            first->is_new ? "Correct it" : "Change or drop it", script->revision->id);
    return wb_at(err, script->revision->path, 0, 0);
}

static bool check_programs(wb_run *run, wb_error *err)
{
    const wb_sqlite_effects *effects = effects_of(run, run->sending);
    WB_SCRATCH(arena);
    wb_broken_list broken;
    bool has_some = run->guard.programs.count > 0 || effects->adds_programs;
    if (!changes_programs(run) || !has_some)
        return true;
    return wb_run_collect(run, err) &&
           wb_sqlite_programs_look(&run->guard.programs, run->context, !effects->may_break_programs,
                                   arena, &broken, err) &&
           (broken.count == 0 || fail_broken(run, &broken, err));
}

bool wb_sqlite_guard_check(wb_run *run, wb_error *err)
{
    if (!is_sqlite(run))
        return true;
    return wb_sqlite_guard_check_rows(run, err) &&
           (!run->guard.foreign_keys_off || wb_sqlite_rows_forget(run->context, err)) &&
           check_programs(run, err);
}

void wb_sqlite_guard_clear(wb_sqlite_guard *guard)
{
    wb_sqlite_programs_clear(&guard->programs);
}
