#include "sql/token_reader.h"

void wb_token_reader_step(wb_token_reader *reader)
{
    wb_error ignored; /* a fault was reported when the script was split */
    wb_token_kind kind = WB_TOKEN_END;
    do {
        if (!wb_lexer_next(&reader->lexer, &reader->token, &ignored))
            reader->token.kind = WB_TOKEN_END;
        kind = reader->token.kind;
    } while (kind == WB_TOKEN_CODE_OPEN || kind == WB_TOKEN_CODE_CLOSE || kind == WB_TOKEN_HINT ||
             kind >= WB_TOKEN_COMMENT);
    if (kind == WB_TOKEN_END)
        reader->text = WB_STR("");
    else
        reader->text = wb_lexer_text(&reader->lexer, &reader->token);
}

void wb_token_reader_open(wb_token_reader *reader, wb_lexer_mode mode, wb_str text)
{
    wb_window_init_text(&reader->window, text);
    wb_lexer_init(&reader->lexer, &reader->window, mode);
    wb_token_reader_step(reader);
}

void wb_token_reader_copy(wb_token_reader *to, const wb_token_reader *from)
{
    *to = *from;
    to->lexer.window = &to->window;
}

bool wb_token_reader_is_at_end(const wb_token_reader *reader)
{
    return reader->token.kind == WB_TOKEN_END || reader->token.kind == WB_TOKEN_TERMINATOR;
}

bool wb_token_reader_accept(wb_token_reader *reader, const char *text)
{
    if (wb_token_reader_is_at_end(reader) ||
        wb_to_lower(reader->text.ptr[0]) != wb_to_lower(*text) ||
        !wb_str_is_nocase(reader->text, text))
        return false;
    wb_token_reader_step(reader);
    return true;
}

void wb_token_reader_skip_group(wb_token_reader *reader)
{
    size_t depth = 0;
    while (reader->token.kind != WB_TOKEN_END) {
        if (reader->token.kind == WB_TOKEN_OPEN)
            depth++;
        else if (reader->token.kind == WB_TOKEN_CLOSE && --depth == 0)
            break;
        wb_token_reader_step(reader);
    }
    wb_token_reader_step(reader);
}

wb_str wb_token_unquoted(wb_str text)
{
    if (text.len >= 2 && strchr("'\"`[", text.ptr[0]) != NULL)
        return wb_str_sub(text, 1, text.len - 2);
    return text;
}
