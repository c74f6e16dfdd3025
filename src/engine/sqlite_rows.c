/* Violations are kept in a temporary table, so that a database with millions of them is no matter
 * of memory. A row is known again by its number, but in a rebuilt table, where the numbers may have
 * changed, only the count for each table that is referred to is compared. */
#include "engine/sqlite_rows.h"

#define TABLE "temp.whimbrel_violations"

enum { BEFORE, AFTER, SHOWN = 3 };

typedef struct table_list {
    wb_arena *arena;
    wb_text_list names;
} table_list;

static bool add_checked_table(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    table_list *list = arg;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): it is a list of pointers */
    WB_LIST_ADD(list->arena, &list->names, wb_arena_strdup(list->arena, wb_row_text(row, 0)));
    return true;
}

static bool is_rebuilt(const wb_text_list *rebuilt, const char *table)
{
    for (size_t i = 0; i < rebuilt->count; i++) {
        if (wb_str_is_nocase(wb_str_from(table), rebuilt->items[i]))
            return true;
    }
    return false;
}

/* A table whose foreign keys do not fit what they refer to cannot be checked row by row; that is a
 * violation by itself. */
static bool note_fault(const wb_context *context, int stage, const char *table,
                       const wb_error *fault, wb_error *err)
{
    const wb_value args[] = {wb_value_int(stage), wb_value_text(table),
                             wb_value_text(fault->message)};
    return wb_session_query(context->session,
                            WB_STR("INSERT INTO " TABLE " (stage, child, fault) VALUES (?, ?, ?)"),
                            args, sizeof(args) / sizeof(args[0]), NULL, NULL, err);
}

static bool note_table(const wb_context *context, int stage, const char *table, bool rebuilt,
                       wb_error *err)
{
    WB_AUTO_BUF(sql, 0);
    wb_buf_printf(&sql,
                  "INSERT INTO " TABLE " (stage, child, number, known_by, parent)"
                  " SELECT %d, \"table\", \"rowid\", %s, parent FROM pragma_foreign_key_check(",
                  stage, rebuilt ? "NULL" : "\"rowid\"");
    wb_sql_literal(&sql, context->dialect, wb_str_from(table));
    wb_buf_putc(&sql, ')');
    wb_error fault;
    if (wb_session_exec(context->session, wb_buf_str(&sql), &fault))
        return true;
    if (fault.status == WB_E_QUERY)
        return note_fault(context, stage, table, &fault, err);
    *err = fault;
    return false;
}

static bool note_all(const wb_context *context, int stage, const wb_text_list *rebuilt,
                     wb_error *err)
{
    WB_SCRATCH(arena);
    table_list tables = {.arena = arena};
    const wb_str sql = WB_STR("SELECT name FROM sqlite_master AS t WHERE type = 'table'"
                              " AND EXISTS (SELECT 1 FROM pragma_foreign_key_list(t.name))");
    if (!wb_session_query(context->session, sql, NULL, 0, add_checked_table, &tables, err))
        return false;
    for (size_t i = 0; i < tables.names.count; i++) {
        const char *table = tables.names.items[i];
        if (!note_table(context, stage, table, is_rebuilt(rebuilt, table), err))
            return false;
    }
    return true;
}

bool wb_sqlite_rows_note(const wb_context *context, const wb_text_list *rebuilt, wb_error *err)
{
    return wb_sqlite_rows_forget(context, err) &&
           wb_session_exec(context->session,
                           WB_STR("CREATE TABLE " TABLE
                                  " (stage INTEGER, child, number, known_by, parent, fault)"),
                           err) &&
           note_all(context, BEFORE, rebuilt, err);
}

typedef struct news {
    wb_buf text;
    uint64_t count;
    size_t shown;
} news;

static bool add_news(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    news *to = arg;
    to->count += (uint64_t) wb_row_int(row, 4);
    if (to->shown++ >= SHOWN)
        return true;
    wb_buf_puts(&to->text, to->shown > 1 ? "; " : "");
    if (!wb_row_is_null(row, 3))
        wb_buf_printf(&to->text, "table \"%s\": %s", wb_row_text(row, 0), wb_row_text(row, 3));
    else if (wb_row_is_null(row, 1))
        wb_buf_printf(&to->text, "a row of \"%s\" refers to \"%s\"", wb_row_text(row, 0),
                      wb_row_text(row, 2));
    else
        wb_buf_printf(&to->text, "row %s of \"%s\" refers to \"%s\"", wb_row_text(row, 1),
                      wb_row_text(row, 0), wb_row_text(row, 2));
    return true;
}

bool wb_sqlite_rows_compare(const wb_context *context, const wb_text_list *rebuilt, wb_arena *arena,
                            uint64_t *ret_count, const char **ret_text, wb_error *err)
{
    const wb_str sql =
        WB_STR("SELECT child, min(CASE stage WHEN 1 THEN number END), parent, fault,"
               " sum(CASE stage WHEN 1 THEN 1 ELSE -1 END) AS more"
               " FROM " TABLE " GROUP BY child, known_by, parent, fault HAVING more > 0"
               " ORDER BY 1, 2");
    news found = {0};
    wb_buf_init(&found.text, 0);
    bool ok =
        wb_session_exec(context->session, WB_STR("DELETE FROM " TABLE " WHERE stage = 1"), err) &&
        note_all(context, AFTER, rebuilt, err) &&
        wb_session_query(context->session, sql, NULL, 0, add_news, &found, err);
    *ret_count = found.count;
    *ret_text = wb_arena_strdup(arena, wb_buf_text(&found.text));
    wb_buf_clear(&found.text);
    return ok;
}

bool wb_sqlite_rows_forget(const wb_context *context, wb_error *err)
{
    return wb_session_exec(context->session, WB_STR("DROP TABLE IF EXISTS " TABLE), err);
}
