/* Tokens of one dialect.
 *
 * White space is passed over; comments are tokens, because some of them are code (version comments
 * of MariaDB) or instructions (`-- whimbrel:`). Nothing is read twice: a token that goes beyond the
 * window goes on where it was when more bytes have come. */
#ifndef WB_SQL_LEXER_H
#define WB_SQL_LEXER_H

#include "sql/window.h"

typedef enum wb_token_kind {
    WB_TOKEN_END, /* of the source */
    WB_TOKEN_WORD,
    WB_TOKEN_NUMBER,
    WB_TOKEN_STRING, /* with its prefix: E'..', X'..'; also dollar quotes */
    WB_TOKEN_NAME,   /* a quoted identifier */
    WB_TOKEN_SYMBOL, /* an operator or a single character */
    WB_TOKEN_OPEN,   /* ( */
    WB_TOKEN_CLOSE,  /* ) */
    WB_TOKEN_TERMINATOR,
    WB_TOKEN_CODE_OPEN,  /* the front of a version comment, whose inside is code */
    WB_TOKEN_CODE_CLOSE, /* its end */
    WB_TOKEN_HINT,       /* an optimizer hint: a comment that is code */
    WB_TOKEN_BACKSLASH,  /* a command of the client; only the backslash */
    /* From here on no code. Their text is in the window only inside a statement. */
    WB_TOKEN_COMMENT,
    WB_TOKEN_OPTION /* a line `-- whimbrel: ...`, always in the window */
} wb_token_kind;

typedef struct wb_token {
    wb_token_kind kind;
    bool is_first_on_line; /* only white space stands before it on its line */
    uint64_t start;
    uint64_t end;
} wb_token;

/* The settings of a session that decide where a token ends. */
typedef struct wb_lexer_mode {
    wb_dialect_id dialect;
    bool backslash;   /* a backslash escapes in '...' (and in "..." where that is a string) */
    bool ansi_quotes; /* "..." is an identifier */
    bool brackets;    /* [...] is an identifier */
    bool oracle;      /* MariaDB's sql_mode=ORACLE: another language of stored programs */
} wb_lexer_mode;

enum { WB_DELIMITER_MAX = 32 };

typedef struct wb_lexer {
    wb_window *window;
    uint64_t offset; /* of the next byte */
    wb_lexer_mode mode;
    bool is_line_start;
    bool after_escape_string;       /* E'..' goes on after a line end: E'a'\n'b\'c' is one string */
    unsigned char delimiter_length; /* 0: the delimiter is ";" */
    char delimiter[WB_DELIMITER_MAX];
    uint64_t code_comment; /* where the open version comment begins; WB_NO_OFFSET for none */
} wb_lexer;

void wb_lexer_init(wb_lexer *lexer, wb_window *window, wb_lexer_mode mode);
/* The next token. Fails on what is not closed, naming the place where it was opened, and when the
 * source fails. */
bool wb_lexer_next(wb_lexer *lexer, wb_token *ret_token, wb_error *err);
/* Passes over a byte order mark; only at the start of the source. */
bool wb_lexer_skip_mark(wb_lexer *lexer, wb_error *err);
/* Takes the rest of the line with its line end; the text is without it, and valid until the next
 * call. The token before stays in the window. */
bool wb_lexer_line(wb_lexer *lexer, wb_str *ret_line, wb_error *err);

static inline wb_str wb_lexer_text(const wb_lexer *lexer, const wb_token *token)
{
    return wb_window_text(lexer->window, token->start, token->end);
}

static inline bool wb_token_is_code(const wb_token *token)
{
    return token->kind < WB_TOKEN_COMMENT;
}

#endif
