/* Comments, and what is code although it looks like one; see the table in lexer.c.
 *
 * A comment outside a statement may be longer than memory: it is not kept, but for the line that it
 * begins on, which an error would show. */
#include "base/fail.h"
#include "sql/lex_private.h"

/* What a comment outside a statement need not keep; inside, the statement keeps it. */
static bool more_of_comment(wb_lexer *lexer)
{
    lexer->window->hold = lexer->offset;
    return wb_window_more(lexer->window);
}

static void take_to_line_end(wb_lexer *lexer, bool keeps)
{
    bool cr_ends = lexer->mode.dialect == WB_POSTGRES;
    do {
        wb_str rest = wb_window_rest(lexer->window, lexer->offset);
        size_t length = rest.len;
        bool found = wb_str_find_byte(rest, '\n', &length);
        if (cr_ends)
            found = wb_str_find_byte(wb_str_sub(rest, 0, length), '\r', &length) || found;
        lexer->offset += length;
        if (found)
            return;
    } while (keeps ? wb_window_more(lexer->window) : more_of_comment(lexer));
}

static bool take_line_comment(wb_lexer *lexer, wb_token *token)
{
    static const char word[] = "whimbrel:";
    token->kind = WB_TOKEN_COMMENT;
    bool dashes = wb_lex_peek(lexer, 0) == '-';
    if (dashes && token->is_first_on_line) {
        size_t ahead = 2;
        int byte = wb_lex_peek(lexer, ahead);
        while (byte == ' ' || byte == '\t')
            byte = wb_lex_peek(lexer, ++ahead);
        if (wb_lex_is_next(lexer, ahead, wb_str_make(word, sizeof(word) - 1)))
            token->kind = WB_TOKEN_OPTION;
    }
    take_to_line_end(lexer, token->kind == WB_TOKEN_OPTION);
    return !lexer->window->failed;
}

/* The opening line of a comment that is longer than the window, for the error. */
typedef struct comment_opener {
    wb_position at;
    char line[120];
    size_t length;
} comment_opener;

static void remember_opener(const wb_lexer *lexer, const wb_token *token,
                            comment_opener *ret_opener)
{
    ret_opener->at = wb_window_mark(lexer->window, token->start);
    wb_str rest = wb_window_rest(lexer->window, token->start);
    size_t length = rest.len;
    (void) wb_str_find_byte(rest, '\n', &length);
    if (length > sizeof(ret_opener->line))
        length = sizeof(ret_opener->line);
    memcpy(ret_opener->line, rest.ptr, length);
    ret_opener->length = length;
}

static bool unclosed_comment(wb_lexer *lexer, const wb_token *token, const comment_opener *lost)
{
    wb_window *window = lexer->window;
    if (lost->length == 0 || window->failed)
        return wb_lex_unclosed(lexer, token->start, "comment");
    (void) wb_fail(window->err, WB_E_SYNTAX, "this comment is never closed");
    (void) wb_at(window->err, window->file, 0, 0);
    (void) wb_show(window->err, wb_str_make(lost->line, lost->length), 0, lost->at.line,
                   lost->at.column);
    window->failed = true;
    return false;
}

/* Moves to the next '*' or '/', which alone can begin or end a comment. */
static bool find_star_or_slash(wb_lexer *lexer, const wb_token *token, bool keeps,
                               comment_opener *lost)
{
    for (;;) {
        wb_str rest = wb_window_rest(lexer->window, lexer->offset);
        size_t i = 0;
        while (i < rest.len && rest.ptr[i] != '*' && rest.ptr[i] != '/')
            i++;
        lexer->offset += i;
        if (i < rest.len)
            return true;
        if (lost->length == 0 && lexer->window->keep == WB_NO_OFFSET && !keeps)
            remember_opener(lexer, token, lost);
        if (!(keeps ? wb_window_more(lexer->window) : more_of_comment(lexer)))
            return false;
    }
}

static bool take_block_comment(wb_lexer *lexer, wb_token *token, wb_token_kind kind)
{
    token->kind = kind;
    bool keeps = kind != WB_TOKEN_COMMENT; /* it may be the first token of a statement */
    comment_opener lost;
    lost.length = 0;
    size_t depth = 1;
    bool nested = lexer->mode.dialect == WB_POSTGRES;
    lexer->offset += 2;
    while (find_star_or_slash(lexer, token, keeps, &lost)) {
        int first = wb_lex_peek(lexer, 0);
        int second = wb_lex_peek(lexer, 1);
        bool closes = first == '*' && second == '/';
        bool opens = nested && first == '/' && second == '*';
        lexer->offset += closes || opens ? 2 : 1;
        depth += opens ? 1 : 0;
        depth -= closes ? 1 : 0;
        if (depth == 0)
            return !lexer->window->failed;
    }
    return unclosed_comment(lexer, token, &lost);
}

/* In a version comment of MariaDB: up to six digits behind the mark say from which version on it
 * is code. No server has a version of nines: dumps write that to hide something from all. */
static bool take_code_comment(wb_lexer *lexer, wb_token *token, size_t mark_length)
{
    size_t length = mark_length;
    while (length < mark_length + 6 && wb_is_digit((char) wb_lex_peek(lexer, length)))
        length++;
    if (wb_lex_is_next(lexer, mark_length, WB_STR("999999")))
        return take_block_comment(lexer, token, WB_TOKEN_COMMENT);
    token->kind = WB_TOKEN_CODE_OPEN;
    lexer->code_comment = token->start;
    lexer->offset += length;
    return true;
}

static bool take_slash_star(wb_lexer *lexer, wb_token *token)
{
    if (lexer->mode.dialect == WB_MARIADB && lexer->code_comment == WB_NO_OFFSET) {
        int mark = wb_lex_peek(lexer, 2);
        if (mark == '!')
            return take_code_comment(lexer, token, 3);
        if (mark == 'M' && wb_lex_peek(lexer, 3) == '!')
            return take_code_comment(lexer, token, 4);
        if (mark == '+')
            return take_block_comment(lexer, token, WB_TOKEN_HINT);
    }
    return take_block_comment(lexer, token, WB_TOKEN_COMMENT);
}

/* MariaDB's server wants a blank behind "--"; its client does not on a line before a statement,
 * where nothing else could begin so. */
static bool is_line_comment(wb_lexer *lexer, int byte, int next)
{
    bool maria = lexer->mode.dialect == WB_MARIADB;
    if (byte == '#')
        return maria;
    if (byte != '-' || next != '-')
        return false;
    if (!maria || (lexer->is_line_start && lexer->window->keep == WB_NO_OFFSET))
        return true;
    int third = wb_lex_peek(lexer, 2);
    return third <= ' ' || third == 0x7F; /* also at the end, where it is WB_NO_BYTE */
}

bool wb_lex_comment(wb_lexer *lexer, wb_token *token, bool *ret_taken)
{
    int byte = wb_lex_peek(lexer, 0);
    int next = wb_lex_peek(lexer, 1);
    *ret_taken = true;
    if (is_line_comment(lexer, byte, next))
        return take_line_comment(lexer, token);
    if (byte == '/' && next == '*')
        return take_slash_star(lexer, token);
    *ret_taken = byte == '*' && next == '/' && lexer->code_comment != WB_NO_OFFSET;
    if (*ret_taken) {
        token->kind = WB_TOKEN_CODE_CLOSE;
        lexer->code_comment = WB_NO_OFFSET;
        lexer->offset += 2;
    }
    return true;
}
