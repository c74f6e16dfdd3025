/* The words that matter in the bodies of MariaDB's stored programs. */
#ifndef WB_SQL_MARIA_WORDS_H
#define WB_SQL_MARIA_WORDS_H

#include "base/str.h"

typedef enum wb_maria_word {
    WB_W_NONE,
    WB_W_ALTER,
    WB_W_AND,
    WB_W_AS,
    WB_W_ATOMIC,
    WB_W_BEGIN,
    WB_W_CASE,
    WB_W_CHARACTER,
    WB_W_CREATE,
    WB_W_DECLARE,
    WB_W_DO,
    WB_W_EACH,
    WB_W_ELSE,
    WB_W_ELSEIF,
    WB_W_END,
    WB_W_EVENT,
    WB_W_EXCEPTION,
    WB_W_FOLLOWS,
    WB_W_FOR,
    WB_W_FUNCTION,
    WB_W_HANDLER,
    WB_W_HANDLER_TYPE, /* CONTINUE, EXIT, UNDO */
    WB_W_HEAD,         /* may stand between CREATE and what is created */
    WB_W_IF,
    WB_W_IS,
    WB_W_LOOP,
    WB_W_NOT,
    WB_W_OPERATOR, /* wants an operand behind it */
    WB_W_PACKAGE,
    WB_W_REPEAT,
    WB_W_RETURN,
    WB_W_RETURNS,
    WB_W_ROW,
    WB_W_THEN,
    WB_W_TRIGGER,
    WB_W_UNTIL,
    WB_W_VERB, /* begins a statement that opens nothing */
    WB_W_WHEN,
    WB_W_WHILE,
    WB_W_COUNT
} wb_maria_word;

/* In any case of letters; WB_W_NONE for all others. */
wb_maria_word wb_maria_word_of(wb_str text);

#endif
