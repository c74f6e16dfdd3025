#include "sql/masked.h"

#include "base/utf8.h"
#include "sql/lexer.h"

/* Adds a token, with one blank before it where any white space or comment stood. */
static void add(wb_buf *out, wb_str gap, wb_str text)
{
    if (out->len > 0 && gap.len > 0)
        wb_buf_putc(out, ' ');
    for (size_t i = 0; i < text.len; i++) {
        if (wb_is_space(text.ptr[i]))
            wb_buf_putc(out, ' ');
        else
            wb_buf_putc(out, text.ptr[i]);
    }
}

static bool add_token(wb_buf *out, wb_str gap, const wb_lexer *lexer, const wb_token *token)
{
    switch (token->kind) {
    case WB_TOKEN_END:
    case WB_TOKEN_TERMINATOR:
        return false;
    case WB_TOKEN_STRING:
    case WB_TOKEN_NUMBER:
        add(out, gap, WB_STR("?"));
        return true;
    default:
        add(out, gap, wb_lexer_text(lexer, token));
        return true;
    }
}

const char *wb_sql_masked(wb_str sql, wb_dialect_id dialect, size_t max_bytes, wb_arena *arena)
{
    WB_AUTO_BUF(out, 0);
    wb_error ignored;
    wb_window window;
    wb_lexer lexer;
    wb_token token;
    wb_window_init_text(&window, sql);
    wb_lexer_init(&lexer, &window,
                  (wb_lexer_mode){.dialect = dialect, .backslash = dialect == WB_MARIADB});
    uint64_t end = 0;
    bool is_whole = true;
    while (out.len <= max_bytes) {
        is_whole = wb_lexer_next(&lexer, &token, &ignored);
        if (!is_whole)
            break;
        if (token.kind != WB_TOKEN_END && !wb_token_is_code(&token))
            continue;
        if (!add_token(&out, wb_window_text(&window, end, token.start), &lexer, &token))
            break;
        end = token.end;
    }
    wb_str shown = wb_buf_str(&out);
    bool is_cut = !is_whole || shown.len > max_bytes;
    if (shown.len > max_bytes)
        shown.len = wb_utf8_floor(shown, max_bytes > 3 ? max_bytes - 3 : 0);
    return wb_arena_printf(arena, "%.*s%s", WB_STR_ARG(shown), is_cut ? "..." : "");
}
