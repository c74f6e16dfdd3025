#include "revision/target.h"

#include "base/utf8.h"

static bool is_name_byte(char c)
{
    return wb_is_alnum(c) || c == '_';
}

static bool fail_text(const wb_query *query, size_t offset, wb_error *err)
{
    if (query->text[0] == '\0') {
        (void) wb_fail(err, WB_E_UNKNOWN_REVISION, "the target is empty");
        return wb_hint(err, "Name a revision, a branch label, head, heads, base or current; "
                            "an empty value often is a shell variable that is not set.");
    }
    if (strchr(query->text, ':') != NULL) {
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" is a range, but one revision is asked for",
                       query->text);
        return wb_hint(err, "Ranges are for history and for scripts (--sql).");
    }
    (void) wb_fail(err, WB_E_UNKNOWN_REVISION, "\"%s\" is not a target", query->text);
    (void) wb_detail(err, "What begins at \"%s\" cannot be read.", query->text + offset);
    return wb_hint(err, "Write [branch@]name, [branch@]name+N, [branch@]+N or the same with -N; "
                        "names are letters, digits and _.");
}

/* Reads "+N" or "-N", which ends the text. A number too large for any walk is kept large. */
static bool parse_steps(wb_str text, wb_target *target)
{
    if (text.len < 2 || (text.ptr[0] != '+' && text.ptr[0] != '-'))
        return false;
    wb_str digits = wb_str_from_offset(text, 1);
    for (size_t i = 0; i < digits.len; i++) {
        if (!wb_is_digit(digits.ptr[i]))
            return false;
    }
    target->is_relative = true;
    target->is_down = text.ptr[0] == '-';
    if (!wb_str_to_u64(digits, &target->steps))
        target->steps = UINT64_MAX;
    return true;
}

bool wb_target_parse(const wb_query *query, wb_target *ret_target, wb_error *err)
{
    wb_str text = wb_str_from(query->text);
    wb_target target = {.branch = WB_STR("")};
    size_t start = 0;
    size_t at = 0;
    if (wb_str_find_byte(text, '@', &at)) {
        target.branch = wb_str_sub(text, 0, at);
        start = at + 1;
        for (size_t i = 0; i < at; i++) {
            if (!is_name_byte(text.ptr[i]))
                return fail_text(query, i, err);
        }
        if (at == 0)
            return fail_text(query, 0, err);
    }
    size_t end = start;
    while (end < text.len && is_name_byte(text.ptr[end]))
        end++;
    target.name = wb_str_sub(text, start, end - start);
    if ((end < text.len || end == start) && !parse_steps(wb_str_from_offset(text, end), &target))
        return fail_text(query, end, err);
    *ret_target = target;
    return true;
}

void wb_describe(const wb_graph *graph, const wb_index_list *list, wb_buf *text)
{
    enum { SHOWN = 8, LONGEST_MESSAGE = 48 };
    for (size_t i = 0; i < list->count && i < SHOWN; i++) {
        const wb_revision *revision = graph->revisions[list->items[i]];
        wb_buf_printf(text, "%s\"%s\"", i != 0 ? ", " : "", revision->id);
        wb_str message = wb_str_from(revision->message);
        size_t shown = wb_utf8_floor(message, LONGEST_MESSAGE);
        if (shown != 0)
            wb_buf_printf(text, " (%.*s%s)", (int) shown, message.ptr,
                          shown < message.len ? "..." : "");
    }
    if (list->count > SHOWN)
        wb_buf_printf(text, " and %zu more", list->count - SHOWN);
}

bool wb_fail_several(const wb_query *query, wb_status status, const wb_index_list *list,
                     const char *what, wb_error *err)
{
    WB_AUTO_BUF(text, 0);
    wb_describe(query->graph, list, &text);
    (void) wb_fail(err, status, "\"%s\" is not unique: there are %zu %s", query->text, list->count,
                   what);
    return wb_detail(err, "They are %s.", wb_buf_text(&text));
}

bool wb_graph_resolve(const wb_graph *graph, const char *symbol, const wb_applied *applied,
                      wb_arena *arena, wb_index_list *ret_list, wb_error *err)
{
    WB_SCRATCH(tmp);
    wb_query query = {.graph = graph, .applied = applied, .text = symbol, .arena = tmp};
    wb_target target = {0};
    if (!wb_target_parse(&query, &target, err))
        return false;
    if (target.is_relative && target.name.len == 0) {
        (void) wb_fail(err, WB_E_TARGET, "\"%s\" does not say from where it counts", symbol);
        return wb_hint(err, "Name a start, such as head%c%s or current%c%s.",
                       target.is_down ? '-' : '+', strpbrk(symbol, "+-") + 1,
                       target.is_down ? '-' : '+', strpbrk(symbol, "+-") + 1);
    }
    wb_index_list found = {0};
    if (!target.is_relative) {
        if (!wb_name_resolve(&query, target.branch, target.name, &found, err))
            return false;
    } else {
        uint32_t place = WB_AT_BASE;
        if (!wb_walk_from_name(&query, &target, &place, err))
            return false;
        if (place != WB_AT_BASE)
            WB_LIST_ADD(tmp, &found, place);
    }
    *ret_list = (wb_index_list){0};
    for (size_t i = 0; i < found.count; i++)
        WB_LIST_ADD(arena, ret_list, found.items[i]);
    return true;
}
