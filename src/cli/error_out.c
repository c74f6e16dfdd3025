#include "cli/error_out.h"

#include "base/utf8.h"
#include "cli/json_out.h"

static void put_place(wb_term *term, const wb_error *err, wb_arena *arena)
{
    if (err->file[0] == '\0')
        return;
    wb_put(term, "%s -->%s %s", wb_paint_begin(term, WB_PAINT_DIM),
           wb_paint_begin(term, WB_PAINT_NONE), wb_clean(arena, err->file));
    if (err->line != 0)
        wb_put(term, ":%u", err->line);
    if (err->line != 0 && err->column != 0)
        wb_put(term, ":%u", err->column);
    wb_put(term, "\n");
}

/* The faulty line with its number, and a caret under the fault. */
static void put_excerpt(wb_term *term, const wb_error *err, wb_arena *arena)
{
    if (err->excerpt[0] == '\0')
        return;
    const char *excerpt = wb_clean(arena, err->excerpt);
    const char *number = err->line != 0 ? wb_arena_printf(arena, "%u", err->line) : "";
    int width = (int) strlen(number);
    const char *dim = wb_paint_begin(term, WB_PAINT_DIM);
    const char *none = wb_paint_begin(term, WB_PAINT_NONE);
    wb_put(term, "%s %*s |%s\n", dim, width, "", none);
    wb_put(term, "%s %s |%s %s\n", dim, number, none, excerpt);
    if (err->caret == 0)
        return;
    wb_str before = wb_str_from(excerpt);
    before.len = wb_utf8_offset(before, err->caret - 1);
    wb_put(term, "%s %*s |%s %*s%s^%s\n", dim, width, "", none, (int) wb_utf8_width(before), "",
           wb_paint_begin(term, WB_PAINT_BAD), none);
}

static void put_text(wb_term *term, const wb_error *err, wb_arena *arena)
{
    wb_put(term, "%serror:%s %s", wb_paint_begin(term, WB_PAINT_BAD),
           wb_paint_begin(term, WB_PAINT_NONE), wb_clean_lines(arena, err->message));
    if (err->sqlstate[0] != '\0')
        wb_put(term, " (SQLSTATE %s)", wb_clean(arena, err->sqlstate));
    wb_put(term, "\n");
    put_place(term, err, arena);
    put_excerpt(term, err, arena);
    for (unsigned i = 0; i < err->contexts; i++) {
        const char *context = wb_clean(arena, err->context[i]);
        bool has_word = strncmp(context, "while ", 6) == 0;
        wb_put(term, "  %s%s\n", has_word ? "" : "in ", context);
    }
    if (err->detail[0] != '\0')
        wb_put(term, "%s\n", wb_clean_lines(arena, err->detail));
    if (err->hint[0] != '\0')
        wb_put(term, "%shint:%s %s\n", wb_paint_begin(term, WB_PAINT_GOOD),
               wb_paint_begin(term, WB_PAINT_NONE), wb_clean_lines(arena, err->hint));
}

static void put_json(wb_term *term, const wb_error *err)
{
    json_t *context = json_array();
    for (unsigned i = 0; i < err->contexts; i++)
        wb_json_add(context, wb_json_text(err->context[i]));
    json_t *fields = json_object();
    wb_json_set(fields, "class", wb_json_text(wb_status_class(err->status)));
    wb_json_set(fields, "message", wb_json_text(err->message));
    wb_json_set(fields, "detail", wb_json_text_or_null(err->detail));
    wb_json_set(fields, "hint", wb_json_text_or_null(err->hint));
    wb_json_set(fields, "file", wb_json_text_or_null(err->file));
    wb_json_set(fields, "line", wb_json_place(err->line));
    wb_json_set(fields, "column", wb_json_place(err->column));
    wb_json_set(fields, "sqlstate", wb_json_text_or_null(err->sqlstate));
    wb_json_set(fields, "status", wb_json_text(wb_status_name(err->status)));
    wb_json_set(fields, "context", context);
    json_t *outer = json_object();
    wb_json_set(outer, "error", fields);
    wb_json_print(term, outer);
}

void wb_error_print(wb_term *term, const wb_error *err, bool json)
{
    WB_SCRATCH(arena);
    if (json)
        put_json(term, err);
    else
        put_text(term, err, arena);
    wb_term_flush(term);
}

void wb_warning_print(wb_term *term, const char *text, bool json)
{
    WB_SCRATCH(arena);
    if (json) {
        json_t *outer = json_object();
        wb_json_set(outer, "warning", wb_json_text(text));
        wb_json_print(term, outer);
    } else {
        wb_put(term, "%swarning:%s %s\n", wb_paint_begin(term, WB_PAINT_WARN),
               wb_paint_begin(term, WB_PAINT_NONE), wb_clean_lines(arena, text));
    }
    wb_term_flush(term);
}
