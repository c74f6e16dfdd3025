#include "sql/copy_data.h"

#include "base/fail.h"

bool wb_copy_data_begin(wb_lexer *lexer, wb_error *err)
{
    uint64_t from = lexer->offset;
    wb_str line;
    lexer->window->keep = WB_NO_OFFSET;
    if (!wb_lexer_line(lexer, &line, err))
        return false;
    wb_str rest = wb_str_trim(line);
    if (rest.len == 0 || wb_str_has_prefix(rest, WB_STR("--")))
        return true;
    uint64_t at = from + (uint64_t) (rest.ptr - line.ptr);
    (void) wb_window_fail(lexer->window, WB_E_SYNTAX, at,
                          "the data of COPY must begin on the next line");
    return wb_window_hint(lexer->window, "Put nothing behind the \";\" of COPY ... FROM STDIN.");
}

static bool is_end_mark(wb_str line)
{
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return wb_str_is(line, "\\.");
}

/* Moves *end over the whole lines in the window, from `from` on. True at the end mark, which is
 * passed by the lexer but not part of the piece. */
static bool take_lines(wb_lexer *lexer, uint64_t from, uint64_t *end)
{
    for (;;) {
        wb_str rest = wb_window_rest(lexer->window, *end);
        size_t skip = *end < from ? (size_t) (from - *end) : 0; /* known to hold no line end */
        size_t length = 0;
        if (!wb_str_find_byte(wb_str_from_offset(rest, skip), '\n', &length))
            return false;
        length += skip;
        if (is_end_mark(wb_str_sub(rest, 0, length))) {
            lexer->offset = *end + length + 1;
            return true;
        }
        *end += length + 1;
    }
}

bool wb_copy_data_piece(wb_lexer *lexer, wb_str *ret_piece, bool *ret_end, wb_error *err)
{
    wb_window *window = lexer->window;
    window->err = err;
    uint64_t start = lexer->offset;
    uint64_t end = start;
    uint64_t searched = start;
    window->hold = start;
    lexer->is_line_start = true;
    for (;;) {
        *ret_end = take_lines(lexer, searched, &end);
        if (*ret_end || end > start)
            break;
        searched = end + wb_window_rest(window, end).len;
        if (wb_window_more(window))
            continue;
        if (window->failed)
            return false;
        *ret_end = true; /* the last line has no line end */
        lexer->offset = searched;
        end = is_end_mark(wb_window_rest(window, start)) ? start : searched;
        break;
    }
    if (!*ret_end)
        lexer->offset = end;
    *ret_piece = wb_window_text(window, start, end);
    return true;
}
