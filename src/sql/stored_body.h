/* Statements that hold statements: bodies of functions, procedures, triggers and events. Says
 * whether a terminator ends the whole statement or only one within it. */
#ifndef WB_SQL_STORED_BODY_H
#define WB_SQL_STORED_BODY_H

#include "sql/lexer.h"

/* MariaDB: a construct that waits for its END. */
typedef struct wb_body_frame {
    uint8_t kind;
    uint8_t phase;
    uint64_t offset; /* of the word that opened it */
} wb_body_frame;

typedef struct wb_stored_body {
    wb_lexer_mode mode;
    bool is_watching; /* false: only parentheses can matter in the rest of this statement */
    uint8_t state;
    uint8_t previous;      /* MariaDB: what the token before was */
    uint32_t parens;       /* open parentheses */
    uint64_t opened_at;    /* the outermost of them */
    uint64_t body_at;      /* the word that opened the body; MariaDB: the END that was read last */
    wb_body_frame closed;  /* MariaDB: what END has just closed */
    wb_body_frame *frames; /* NULL until the first */
    uint32_t depth;
    uint32_t capacity;
} wb_stored_body;

/* For the next statement; `has_delimiter` where the script has set one, so that nothing within
 * a statement can end it. */
void wb_stored_body_start(wb_stored_body *body, wb_lexer_mode mode, bool has_delimiter);
void wb_stored_body_clear(wb_stored_body *body);
/* Looks at a token; only while it is watching. Fails where an END does not fit. */
bool wb_stored_body_look(wb_stored_body *body, wb_window *window, const wb_token *token);
/* Takes a terminator. *ret_ends: it ends the whole statement. */
bool wb_stored_body_terminator(wb_stored_body *body, wb_window *window, bool *ret_ends);
/* At the end of the source: fails where something is open, naming what opened it. */
bool wb_stored_body_end(wb_stored_body *body, wb_window *window);

/* Takes a token of code other than the terminator. */
static inline bool wb_stored_body_token(wb_stored_body *body, wb_window *window,
                                        const wb_token *token)
{
    if (token->kind == WB_TOKEN_OPEN) {
        if (body->parens++ == 0)
            body->opened_at = token->start;
    } else if (token->kind == WB_TOKEN_CLOSE && body->parens > 0) {
        body->parens--;
    }
    return !body->is_watching || wb_stored_body_look(body, window, token);
}

/* --- MariaDB, in maria_body.c ---------------------------------------------------------------- */

bool wb_maria_body_look(wb_stored_body *body, wb_window *window, const wb_token *token);
bool wb_maria_body_terminator(wb_stored_body *body, wb_window *window, bool *ret_ends);
bool wb_maria_body_end(wb_stored_body *body, wb_window *window);

#endif
