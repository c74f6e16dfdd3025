/* Reads the tokens of one statement in memory that is known to be whole; comments and the marks of
 * version comments are passed over, and what cannot be read is the end. For looking at a statement
 * a second time: what it is, what it sets. */
#ifndef WB_SQL_TOKEN_READER_H
#define WB_SQL_TOKEN_READER_H

#include "sql/lexer.h"

typedef struct wb_token_reader {
    wb_window window;
    wb_lexer lexer;
    wb_token token; /* the one that is looked at */
    wb_str text;    /* its text; empty at the end */
} wb_token_reader;

/* Makes a reader at the first token. It points into itself: use wb_token_reader_copy to copy. */
void wb_token_reader_open(wb_token_reader *reader, wb_lexer_mode mode, wb_str text);
void wb_token_reader_copy(wb_token_reader *to, const wb_token_reader *from);
void wb_token_reader_step(wb_token_reader *reader);
/* Steps over the token if it is this word or symbol, in any case of letters. */
bool wb_token_reader_accept(wb_token_reader *reader, const char *text);
/* At "(": steps over all up to its ")". */
void wb_token_reader_skip_group(wb_token_reader *reader);
/* At the end of the statement, with or without a terminator. */
bool wb_token_reader_is_at_end(const wb_token_reader *reader);
/* The text of a string or a quoted name without its quotes; of a word as it is. */
wb_str wb_token_unquoted(wb_str text);

#endif
