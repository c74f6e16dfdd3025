/* In SQLite and PostgreSQL a body is one list of statements, each with its semicolon, and the END
 * of the body stands where a statement would begin. No statement begins with END, so that END is
 * the body's: an END of a CASE, or a column called "end", never stands there. This is exact, where
 * counting BEGIN, CASE and END is not.
 *
 *     CREATE TRIGGER ... BEGIN stmt; stmt; END;             SQLite
 *     CREATE FUNCTION ... BEGIN ATOMIC stmt; stmt; END;     PostgreSQL
 *
 * MariaDB nests them, see maria_body.c. */
#include "sql/stored_body.h"

#include "base/fail.h"

#include <stdlib.h>

enum simple_state {
    SIMPLE_HEAD, /* the first words: is it a statement with a body? */
    WAIT_BEGIN,  /* PostgreSQL: it may have one */
    WAIT_ATOMIC,
    BODY_STATEMENT, /* in the body, where a statement begins */
    BODY_INSIDE,    /* in a statement of the body */
    BODY_CLOSED
};

void wb_stored_body_start(wb_stored_body *body, wb_lexer_mode mode, bool has_delimiter)
{
    body->mode = mode;
    body->is_watching = !has_delimiter;
    body->state = SIMPLE_HEAD;
    body->previous = 0;
    body->parens = 0;
    body->depth = 0;
}

void wb_stored_body_clear(wb_stored_body *body)
{
    free(body->frames);
    body->frames = NULL;
    body->capacity = body->depth = 0;
}

static bool is_in_list(wb_str word, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (wb_to_upper(word.ptr[0]) == **list && wb_str_is_nocase(word, *list))
            return true;
    }
    return false;
}

static void look_at_head(wb_stored_body *body, wb_str word, const wb_token *token)
{
    static const char *const skipped[] = {"CREATE",  "OR",    "REPLACE", "TEMP", "TEMPORARY",
                                          "EXPLAIN", "QUERY", "PLAN",    NULL};
    static const char *const routines[] = {"FUNCTION", "PROCEDURE", NULL};
    static const char *const triggers[] = {"TRIGGER", NULL};
    bool postgres = body->mode.dialect == WB_POSTGRES;
    if (token->kind == WB_TOKEN_WORD && is_in_list(word, skipped))
        return;
    body->is_watching =
        token->kind == WB_TOKEN_WORD && is_in_list(word, postgres ? routines : triggers);
    body->state = postgres ? WAIT_BEGIN : BODY_INSIDE;
    body->body_at = token->start;
}

bool wb_stored_body_look(wb_stored_body *body, wb_window *window, const wb_token *token)
{
    if (body->mode.dialect == WB_MARIADB)
        return wb_maria_body_look(body, window, token);
    wb_str word = wb_window_text(window, token->start, token->end);
    bool is_word = token->kind == WB_TOKEN_WORD;
    switch ((enum simple_state) body->state) {
    case SIMPLE_HEAD:
        look_at_head(body, word, token);
        break;
    case WAIT_BEGIN:
        if (is_word && body->parens == 0 && wb_str_is_nocase(word, "BEGIN")) {
            body->state = WAIT_ATOMIC;
            body->body_at = token->start;
        }
        break;
    case WAIT_ATOMIC:
        body->state = is_word && wb_str_is_nocase(word, "ATOMIC") ? BODY_STATEMENT : WAIT_BEGIN;
        break;
    case BODY_STATEMENT:
        body->state = is_word && wb_str_is_nocase(word, "END") ? BODY_CLOSED : BODY_INSIDE;
        break;
    case BODY_INSIDE:
    case BODY_CLOSED:
        break;
    }
    return true;
}

bool wb_stored_body_terminator(wb_stored_body *body, wb_window *window, bool *ret_ends)
{
    if (body->mode.dialect == WB_MARIADB)
        return wb_maria_body_terminator(body, window, ret_ends);
    bool in_body =
        body->is_watching && (body->state == BODY_STATEMENT || body->state == BODY_INSIDE);
    bool in_parens = body->mode.dialect == WB_POSTGRES && body->parens > 0;
    if (in_body && !in_parens)
        body->state = BODY_STATEMENT;
    *ret_ends = !in_body && !in_parens;
    return true;
}

bool wb_stored_body_end(wb_stored_body *body, wb_window *window)
{
    if (body->mode.dialect == WB_MARIADB)
        return wb_maria_body_end(body, window);
    if (body->mode.dialect == WB_POSTGRES && body->parens > 0) {
        (void) wb_window_fail(window, WB_E_SYNTAX, body->opened_at, "this \"(\" is never closed");
        return wb_window_hint(window, "A \";\" in parentheses does not end a statement.");
    }
    bool in_body =
        body->is_watching && (body->state == BODY_STATEMENT || body->state == BODY_INSIDE);
    if (!in_body)
        return true;
    bool postgres = body->mode.dialect == WB_POSTGRES;
    (void) wb_window_fail(window, WB_E_SYNTAX, body->body_at, "this %s is never closed",
                          postgres ? "\"BEGIN ATOMIC\"" : "trigger");
    return wb_window_hint(window, "Its last statement needs a \";\", and behind it \"END;\".");
}
