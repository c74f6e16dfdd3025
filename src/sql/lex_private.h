/* What the files of the lexer share: lexer.c, lex_quote.c, lex_comment.c. */
#ifndef WB_SQL_LEX_PRIVATE_H
#define WB_SQL_LEX_PRIVATE_H

#include "sql/lexer.h"

enum { WB_NO_BYTE = -1 };

/* The byte `ahead` of the next one, WB_NO_BYTE behind the end; the window may move. */
static inline int wb_lex_peek(wb_lexer *lexer, size_t ahead)
{
    for (;;) {
        wb_str rest = wb_window_rest(lexer->window, lexer->offset);
        if (rest.len > ahead)
            return (unsigned char) rest.ptr[ahead];
        if (!wb_window_more(lexer->window))
            return WB_NO_BYTE;
    }
}

/* Do the bytes `ahead` equal `text`? */
static inline bool wb_lex_is_next(wb_lexer *lexer, size_t ahead, wb_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (wb_lex_peek(lexer, ahead + i) != (unsigned char) text.ptr[i])
            return false;
    }
    return true;
}

/* Fails at the place where `what` was opened, unless the source has failed before. */
static inline bool wb_lex_unclosed(wb_lexer *lexer, uint64_t opener, const char *what)
{
    if (lexer->window->failed)
        return false;
    return wb_window_fail(lexer->window, WB_E_SYNTAX, opener, "this %s is never closed", what);
}

/* Each takes the token that begins with the next byte, and sets its kind. */

/* At a quote or "["; `continues_escape` where it goes on as a string with backslashes. */
bool wb_lex_quote(wb_lexer *lexer, wb_token *token, bool continues_escape);
/* At "$" in PostgreSQL. *ret_taken: it began a dollar quote. */
bool wb_lex_dollar_quote(wb_lexer *lexer, wb_token *token, bool *ret_taken);
/* At a byte that may begin a comment. *ret_taken: it did, or ended a version comment. */
bool wb_lex_comment(wb_lexer *lexer, wb_token *token, bool *ret_taken);

#endif
