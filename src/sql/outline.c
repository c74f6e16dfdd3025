#include "sql/outline.h"

#include "base/utf8.h"
#include "sql/lexer.h"

/* Adds a piece of code; bytes that a terminal would obey become question marks. */
static void add_outline_piece(wb_buf *out, wb_str piece)
{
    for (size_t i = 0; i < piece.len; i++) {
        unsigned char c = (unsigned char) piece.ptr[i];
        wb_buf_putc(out, piece.ptr[i]);
        if (c < ' ' || c == 0x7F)
            out->ptr[out->len - 1] = '?';
    }
}

/* A backslash means one thing or another, as the session is set up; and in MariaDB "..." is a text
 * or a name. */
static bool is_of_doubtful_end(wb_str text)
{
    size_t at = 0;
    bool is_dollar = text.ptr[0] == '$';
    return !is_dollar && wb_str_find_byte(text, '\\', &at);
}

/* Adds the next token; false where nothing more is to be shown. */
static bool add_outline_token(wb_lexer *lexer, wb_buf *out, bool *after_gap)
{
    wb_token token;
    wb_error ignored;
    uint64_t from = lexer->offset;
    if (!wb_lexer_next(lexer, &token, &ignored)) { /* what is not closed was cut by the server */
        if (token.start < lexer->window->len)
            wb_buf_puts(out, out->len > 0 ? " ..." : "...");
        return false;
    }
    if (token.kind == WB_TOKEN_END)
        return false;
    *after_gap = *after_gap || token.start > from;
    if (!wb_token_is_code(&token) || token.kind == WB_TOKEN_HINT) {
        *after_gap = true;
        return true;
    }
    if (*after_gap && out->len > 0)
        wb_buf_putc(out, ' ');
    *after_gap = false;
    wb_str text = wb_lexer_text(lexer, &token);
    bool is_text = token.kind == WB_TOKEN_STRING;
    if (is_text)
        wb_buf_puts(out, "'...'");
    else
        add_outline_piece(out, text);
    bool stops = (is_text || token.kind == WB_TOKEN_NAME) && is_of_doubtful_end(text);
    if (stops)
        wb_buf_puts(out, " ...");
    return !stops;
}

void wb_sql_outline(wb_dialect_id dialect, wb_str statement, size_t most_bytes, wb_buf *out)
{
    wb_window window;
    wb_lexer lexer;
    wb_window_init_text(&window, statement);
    wb_lexer_init(&lexer, &window,
                  (wb_lexer_mode){.dialect = dialect, .backslash = dialect == WB_MARIADB});
    WB_AUTO_BUF(line, 0);
    bool after_gap = false;
    while (line.len <= most_bytes && add_outline_token(&lexer, &line, &after_gap))
        continue;
    if (line.len > most_bytes) {
        wb_buf_add(out, line.ptr, wb_utf8_floor(wb_buf_str(&line), most_bytes));
        wb_buf_puts(out, "...");
    } else {
        wb_buf_add_str(out, wb_buf_str(&line));
    }
}
