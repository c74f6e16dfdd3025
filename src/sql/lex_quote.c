/* Quotes of all kinds; see the table in lexer.c. */
#include "base/fail.h"
#include "sql/lex_private.h"

/* Moves to the next `close` byte; over a backslash and what follows it where those escape. */
static bool find_close(wb_lexer *lexer, char close, bool backslash)
{
    for (;;) {
        wb_str rest = wb_window_rest(lexer->window, lexer->offset);
        const char *p = rest.ptr;
        const char *end = rest.ptr + rest.len;
        if (backslash) {
            while (p < end && *p != close && *p != '\\')
                p++;
        } else {
            p = memchr(p, close, rest.len);
            p = p != NULL ? p : end;
        }
        lexer->offset += (uint64_t) (p - rest.ptr);
        if (p < end && *p == close)
            return true;
        if (p < end && wb_lex_peek(lexer, 1) != WB_NO_BYTE)
            lexer->offset += 2;
        else if (!wb_window_more(lexer->window))
            return false;
    }
}

/* A quoted token whose opening quote is the next byte. A doubled quote does not close it. */
static bool take_quoted(wb_lexer *lexer, const wb_token *token, bool backslash)
{
    char open = *wb_window_rest(lexer->window, lexer->offset).ptr;
    char close = open;
    if (open == '[')
        close = ']';
    lexer->offset++;
    while (find_close(lexer, close, backslash)) {
        lexer->offset++;
        if (close == ']' || wb_lex_peek(lexer, 0) != (unsigned char) close)
            return !lexer->window->failed;
        lexer->offset++;
    }
    const char *what = close == '\'' ? "string" : "quoted name";
    if (close == '"' && lexer->mode.dialect == WB_MARIADB && !lexer->mode.ansi_quotes)
        what = "string";
    return wb_lex_unclosed(lexer, token->start, what);
}

bool wb_lex_quote(wb_lexer *lexer, wb_token *token, bool continues_escape)
{
    const wb_lexer_mode *mode = &lexer->mode;
    bool maria = mode->dialect == WB_MARIADB;
    switch (wb_lex_peek(lexer, 0)) {
    case '\'':
        token->kind = WB_TOKEN_STRING;
        lexer->after_escape_string = continues_escape;
        return take_quoted(lexer, token, mode->backslash || continues_escape);
    case '"':
        token->kind = maria && !mode->ansi_quotes ? WB_TOKEN_STRING : WB_TOKEN_NAME;
        return take_quoted(lexer, token, token->kind == WB_TOKEN_STRING && mode->backslash);
    case '[':
        token->kind = mode->brackets ? WB_TOKEN_NAME : WB_TOKEN_SYMBOL;
        break;
    default:
        token->kind = mode->dialect != WB_POSTGRES ? WB_TOKEN_NAME : WB_TOKEN_SYMBOL;
        break;
    }
    if (token->kind == WB_TOKEN_NAME)
        return take_quoted(lexer, token, false);
    lexer->offset++;
    return true;
}

static bool is_tag_byte(int byte, bool first)
{
    return byte >= 0x80 || byte == '_' || (byte > 0 && wb_is_alpha((char) byte)) ||
           (!first && byte > 0 && wb_is_digit((char) byte));
}

/* Length of the opening $tag$ at the next byte; 0 where it is none. */
static size_t tag_length(wb_lexer *lexer)
{
    size_t length = 1;
    while (is_tag_byte(wb_lex_peek(lexer, length), length == 1))
        length++;
    return wb_lex_peek(lexer, length) == '$' ? length + 1 : 0;
}

static bool take_dollar_quoted(wb_lexer *lexer, wb_token *token, size_t length)
{
    token->kind = WB_TOKEN_STRING;
    lexer->offset += length;
    while (find_close(lexer, '$', false)) {
        (void) wb_lex_peek(lexer,
                           length - 1); /* loads what is compared; the window may move by it */
        wb_str tag = wb_window_text(lexer->window, token->start, token->start + length);
        if (wb_str_has_prefix(wb_window_rest(lexer->window, lexer->offset), tag)) {
            lexer->offset += length;
            return true;
        }
        lexer->offset++;
    }
    return wb_lex_unclosed(lexer, token->start, "dollar quote");
}

bool wb_lex_dollar_quote(wb_lexer *lexer, wb_token *token, bool *ret_taken)
{
    size_t length = tag_length(lexer);
    *ret_taken = length != 0;
    return length == 0 || take_dollar_quoted(lexer, token, length);
}
