/* Reading a statement only as far as sending it needs: where its placeholders are, and whether it
 * may share a packet with others. The server parses; this must merely never be fooled about what
 * is inside a quote or a comment. */
#ifndef WB_DRIVER_MARIADB_MARIA_TEXT_H
#define WB_DRIVER_MARIADB_MARIA_TEXT_H

#include "base/str.h"

typedef enum wb_maria_token_kind {
    WB_MARIA_END,
    WB_MARIA_WORD,        /* a keyword, a plain name or a number */
    WB_MARIA_PLACEHOLDER, /* ? */
    WB_MARIA_SEMICOLON,
    WB_MARIA_OTHER /* a quoted piece, an operator */
} wb_maria_token_kind;

typedef struct wb_maria_token {
    wb_maria_token_kind kind;
    size_t at;
    size_t length;
} wb_maria_token;

typedef struct wb_maria_lexer {
    wb_str text;
    size_t at;
    bool backslash_escapes; /* false under the sql_mode NO_BACKSLASH_ESCAPES */
    bool in_version_comment;
    /* What follows might be read otherwise by the server: something is not closed, or its meaning
     * depends on settings that are not known here. */
    bool is_doubtful;
} wb_maria_lexer;

wb_maria_lexer wb_maria_lexer_make(wb_str text, bool backslash_escapes);
/* The next token; blanks and comments are passed over. At the end END, again and again. */
wb_maria_token wb_maria_lexer_next(wb_maria_lexer *lexer);

/* What is known of a statement. */
typedef struct wb_maria_traits {
    /* It gives exactly one result and can't swallow what follows it in the packet. False for CALL,
     * compound statements, texts with something unterminated, and all that is not known. */
    bool can_share;
    bool is_read; /* it changes nothing itself: SELECT, SHOW, ... */
    bool is_ddl;  /* ROW_COUNT() has no meaning behind it */
} wb_maria_traits;

wb_maria_traits wb_maria_traits_of(wb_str sql, bool backslash_escapes);

#endif
