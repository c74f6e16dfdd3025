/* A view is compiled by preparing a SELECT from it, a trigger by preparing a statement that fires
 * it; nothing is run. A statement fires all triggers of its table and event, so where it does not
 * compile, each of them is tried while the others are dropped, within a savepoint. */
#include "engine/sqlite_programs.h"

#include "sql/sqlite_section.h"

#define LOOK_SAVEPOINT "whimbrel_look"

typedef struct program {
    bool is_view;
    const char *name;
    const char *table;  /* of a trigger */
    const char *event;  /* of a trigger */
    const char *reason; /* why it does not compile; NULL: it does */
    bool is_checked;
} program;

typedef struct look {
    const wb_context *context;
    wb_arena *arena;
    WB_LIST(program) items;
} look;

/* ---- reading ---- */

static bool add_program(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    look *it = arg;
    program item = {.is_view = strcmp(wb_row_text(row, 0), "view") == 0,
                    .name = wb_arena_strdup(it->arena, wb_row_text(row, 1)),
                    .table = wb_arena_strdup(it->arena, wb_row_text(row, 2)),
                    .event = wb_sqlite_trigger_event(row->cells[3])};
    WB_LIST_ADD(it->arena, &it->items, item);
    return true;
}

static bool read_programs(look *it, wb_error *err)
{
    const wb_str sql = WB_STR("SELECT type, name, tbl_name, sql FROM sqlite_master"
                              " WHERE type IN ('view', 'trigger')"
                              " ORDER BY type, tbl_name, name");
    return wb_session_query(it->context->session, sql, NULL, 0, add_program, it, err);
}

static void add_name(const look *it, const char *name, wb_buf *sql)
{
    wb_sql_identifier(sql, it->context->dialect, wb_str_from(name));
}

/* ---- compiling ---- */

/* Errors that come from this connection and not from the schema: the application may have what is
 * missing here. */
static bool is_of_connection(const char *message)
{
    static const char *const beginnings[] = {
        "no such function: ", "no such collation sequence: ", "no such module: ", "unsafe use of "};
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
        if (wb_str_has_prefix(wb_str_from(message), wb_str_from(beginnings[i])))
            return true;
    }
    return false;
}

/* Sets the reason where the statement does not compile, NULL where it does. Fails on other errors.
 */
static bool compile(const look *it, wb_str sql, const char **ret_reason, wb_error *err)
{
    wb_error failure;
    *ret_reason = NULL;
    if (wb_session_check(it->context->session, sql, &failure))
        return true;
    if (failure.status != WB_E_QUERY) {
        *err = failure;
        return false;
    }
    if (!is_of_connection(failure.message))
        *ret_reason = wb_arena_strdup(it->arena, failure.message);
    return true;
}

typedef struct assignments {
    const look *it;
    wb_buf *sql;
    size_t count;
} assignments;

static bool add_assignment(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    assignments *to = arg;
    wb_buf_puts(to->sql, to->count++ == 0 ? " SET " : ", ");
    add_name(to->it, wb_row_text(row, 0), to->sql);
    wb_buf_puts(to->sql, " = ");
    add_name(to->it, wb_row_text(row, 0), to->sql);
    return true;
}

/* UPDATE of every column that can be set, so that UPDATE OF triggers are compiled too. False where
 * the columns cannot be read: a view that does not compile, which is told anyway. */
static bool add_update(const look *it, const char *table, wb_buf *sql)
{
    wb_error ignored;
    assignments to = {.it = it, .sql = sql};
    WB_AUTO_BUF(columns, 0);
    wb_buf_puts(&columns, "SELECT name FROM pragma_table_xinfo(");
    wb_sql_literal(&columns, it->context->dialect, wb_str_from(table));
    wb_buf_puts(&columns, ") WHERE hidden = 0");
    wb_buf_puts(sql, "UPDATE ");
    add_name(it, table, sql);
    return wb_session_query(it->context->session, wb_buf_str(&columns), NULL, 0, add_assignment,
                            &to, &ignored) &&
           to.count > 0;
}

static bool make_firing(const look *it, const program *trigger, wb_buf *sql)
{
    if (trigger->event == NULL)
        return false;
    if (strcmp(trigger->event, "UPDATE") == 0)
        return add_update(it, trigger->table, sql);
    bool is_insert = strcmp(trigger->event, "INSERT") == 0;
    wb_buf_puts(sql, is_insert ? "INSERT INTO " : "DELETE FROM ");
    add_name(it, trigger->table, sql);
    if (is_insert)
        wb_buf_puts(sql, " DEFAULT VALUES");
    return true;
}

static bool is_fired_with(const program *a, const program *b)
{
    return !a->is_view && !b->is_view && a->event != NULL && b->event != NULL &&
           strcmp(a->event, b->event) == 0 && strcmp(a->table, b->table) == 0;
}

/* Compiles while all triggers of the same table and event but `kept` (NULL: none) are dropped. */
static bool compile_without(const look *it, const program *of, const program *kept, wb_str sql,
                            const char **ret_reason, wb_error *err)
{
    wb_session *session = it->context->session;
    if (!wb_session_savepoint(session, LOOK_SAVEPOINT, err))
        return false;
    bool ok = true;
    WB_AUTO_BUF(drop, 0);
    for (size_t i = 0; ok && i < it->items.count; i++) {
        const program *other = &it->items.items[i];
        if (other == kept || !is_fired_with(of, other))
            continue;
        wb_buf_reset(&drop);
        wb_buf_puts(&drop, "DROP TRIGGER ");
        add_name(it, other->name, &drop);
        ok = wb_session_exec(session, wb_buf_str(&drop), err);
    }
    ok = ok && compile(it, sql, ret_reason, err);
    wb_error ignored;
    return wb_session_rollback_to(session, LOOK_SAVEPOINT, ok ? err : &ignored) &&
           wb_session_release(session, LOOK_SAVEPOINT, ok ? err : &ignored) && ok;
}

/* The statement that fires these triggers does not compile: which of them are at fault? */
static bool blame(look *it, const program *first, wb_str sql, wb_error *err)
{
    const char *reason = NULL;
    if (!compile_without(it, first, NULL, sql, &reason, err))
        return false;
    bool is_view =
        reason != NULL && wb_str_has_prefix(wb_str_from(reason), WB_STR("cannot modify"));
    if (reason != NULL && !is_view) /* it is the table that cannot be written */
        return true;
    for (size_t i = 0; i < it->items.count; i++) {
        program *trigger = &it->items.items[i];
        if (is_fired_with(first, trigger) &&
            !compile_without(it, first, trigger, sql, &trigger->reason, err))
            return false;
    }
    return true;
}

static bool compile_view(const look *it, program *view, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    wb_buf_puts(&sql, "SELECT * FROM ");
    add_name(it, view->name, &sql);
    return compile(it, wb_buf_str(&sql), &view->reason, err);
}

static bool compile_triggers(look *it, const program *first, wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    const char *reason = NULL;
    for (size_t i = 0; i < it->items.count; i++) {
        program *trigger = &it->items.items[i];
        trigger->is_checked = trigger->is_checked || is_fired_with(first, trigger);
    }
    if (!make_firing(it, first, &sql))
        return true;
    return compile(it, wb_buf_str(&sql), &reason, err) &&
           (reason == NULL || blame(it, first, wb_buf_str(&sql), err));
}

/* ---- what is known ---- */

/* Values of the map. */
static char fine[] = "fine";
static char broken[] = "broken";

static const char *key_of(const program *item, wb_arena *arena)
{
    return wb_arena_printf(arena, "%s %s", item->is_view ? "view" : "trigger", item->name);
}

static void *programs_state(const wb_sqlite_programs *programs, const program *item,
                            wb_arena *arena)
{
    return programs->states != NULL ? wb_map_get(programs->states, wb_str_from(key_of(item, arena)))
                                    : NULL;
}

static void remember(wb_sqlite_programs *programs, const look *it, bool only_new)
{
    wb_sqlite_programs now = {.is_known = true,
                              .count = it->items.count,
                              .arena = wb_arena_new(),
                              .states = wb_map_new()};
    for (size_t i = 0; i < it->items.count; i++) {
        const program *item = &it->items.items[i];
        void *before = only_new ? programs_state(programs, item, it->arena) : NULL;
        void *state = before != NULL ? before : item->reason != NULL ? broken : fine;
        (void) wb_map_set(now.states, wb_str_from(key_of(item, now.arena)), state);
    }
    wb_sqlite_programs_clear(programs);
    *programs = now;
}

static bool compile_all(look *it, const wb_sqlite_programs *programs, bool only_new, wb_error *err)
{
    for (size_t i = 0; i < it->items.count; i++) {
        program *item = &it->items.items[i];
        if (item->is_checked || (only_new && programs_state(programs, item, it->arena) != NULL))
            continue;
        bool ok = item->is_view ? compile_view(it, item, err) : compile_triggers(it, item, err);
        if (!ok)
            return false;
    }
    return true;
}

bool wb_sqlite_programs_look(wb_sqlite_programs *programs, const wb_context *context, bool only_new,
                             wb_arena *arena, wb_broken_list *ret_broken, wb_error *err)
{
    look it = {.context = context, .arena = arena};
    *ret_broken = (wb_broken_list){0};
    if (!read_programs(&it, err) || !compile_all(&it, programs, only_new, err))
        return false;
    for (size_t i = 0; i < it.items.count; i++) {
        const program *item = &it.items.items[i];
        const void *before = programs_state(programs, item, arena);
        if (item->reason == NULL || before == broken)
            continue;
        wb_broken_program found = {.type = item->is_view ? "view" : "trigger",
                                   .name = item->name,
                                   .reason = item->reason,
                                   .is_new = before == NULL};
        WB_LIST_ADD(arena, ret_broken, found);
    }
    remember(programs, &it, only_new);
    return true;
}

void wb_sqlite_programs_clear(wb_sqlite_programs *programs)
{
    wb_map_free(programs->states);
    wb_arena_free(programs->arena);
    *programs = (wb_sqlite_programs){0};
}
