/* Bodies of MariaDB's stored programs in a script that sets no delimiter.
 *
 * BEGIN, END, IF, REPEAT, FOR, DO and others are keywords only in their places: END may be a
 * column, IF and REPEAT are functions, `DROP TABLE IF EXISTS` is no IF. So what is followed is
 * whether a token stands where a statement begins. Only there an opener opens; END closes there,
 * and besides behind a complete operand of a CASE expression or of UNTIL. What is open is kept on
 * a stack, so that the END that does not fit, or the opener that is never closed, can be named.
 *
 * The heads (CREATE PROCEDURE name (...) RETURNS type ...) are followed only as far as needed to
 * find where the first statement begins. sql_mode=ORACLE is read as far as its blocks go. */
#include "base/fail.h"
#include "sql/maria_words.h"
#include "sql/stored_body.h"

#include <string.h>

enum { DEEPEST = 1000 };

typedef enum body_kind {
    BLOCK,
    IF_STATEMENT,
    CASE_STATEMENT,
    CASE_EXPRESSION,
    LOOP_STATEMENT,
    REPEAT_STATEMENT,
    WHILE_STATEMENT,
    FOR_STATEMENT,
    DECLARATIONS, /* Oracle: from AS, IS or DECLARE to BEGIN */
    PACKAGE_BODY
} body_kind;

static const char *const kind_names[] = {"BEGIN",  "IF",    "CASE", "CASE",    "LOOP",
                                         "REPEAT", "WHILE", "FOR",  "DECLARE", "PACKAGE"};

static const char use_delimiter[] =
    "If the body is right, write DELIMITER // before the statement and "
    "// behind it; then it is not looked into.";

typedef enum body_phase { IN_BODY, IN_HEAD, IN_UNTIL } body_phase;

typedef enum body_previous { AFTER_OPERATOR, AFTER_OPERAND, AFTER_DOT } body_previous;

typedef enum body_state {
    AT_START,        /* the first word */
    CREATE_HEAD,     /* CREATE ... up to what is created */
    ALTER_HEAD,      /* ALTER ... EVENT */
    TOP_BEGIN,       /* BEGIN as the first word */
    TOP_BEGIN_NOT,   /* BEGIN NOT */
    ROUTINE,         /* PROCEDURE name (parameters) */
    CHARACTERISTICS, /* behind the parameters */
    RETURN_TYPE,     /* behind RETURNS */
    TRIGGER,
    TRIGGER_EACH,
    TRIGGER_ROW,
    TRIGGER_ORDER, /* behind FOLLOWS or PRECEDES */
    EVENT,
    PACKAGE,
    AT_STATEMENT, /* where a statement begins */
    FIRST,        /* behind its first word, which may have been a label */
    LABEL,        /* Oracle: in <<label>> */
    DECLARE,
    HANDLER,   /* DECLARE ... HANDLER */
    CONDITION, /* behind its FOR */
    EXPRESSION,
    AFTER_END
} body_state;

/* The token that is looked at. */
typedef struct glance {
    const wb_token *token;
    wb_str text;
    wb_maria_word word; /* WB_W_NONE also for a word that is part of a name: t.end, @if */
    bool is_name;
} glance;

static glance glance_at(const wb_stored_body *body, const wb_window *window, const wb_token *token)
{
    glance seen = {.token = token, .text = wb_window_text(window, token->start, token->end)};
    bool is_word = token->kind == WB_TOKEN_WORD;
    seen.is_name = is_word || token->kind == WB_TOKEN_NAME;
    if (is_word && body->previous != AFTER_DOT)
        seen.word = wb_maria_word_of(seen.text);
    return seen;
}

static bool is_symbol(const glance *seen, const char *text)
{
    return seen->token->kind == WB_TOKEN_SYMBOL && wb_str_is(seen->text, text);
}

/* What a token is to the next one: END behind an operand can close, behind an operator it is
 * itself an operand. */
static body_previous as_previous(const glance *seen)
{
    static const bool wants_operand[WB_W_COUNT] = {
        [WB_W_AND] = true,  [WB_W_CASE] = true,  [WB_W_ELSE] = true,
        [WB_W_FOR] = true,  [WB_W_NOT] = true,   [WB_W_OPERATOR] = true,
        [WB_W_THEN] = true, [WB_W_UNTIL] = true, [WB_W_WHEN] = true,
    };
    switch (seen->token->kind) {
    case WB_TOKEN_SYMBOL:
        return wb_str_is(seen->text, ".") || seen->text.ptr[0] == '@' ? AFTER_DOT : AFTER_OPERATOR;
    case WB_TOKEN_WORD:
        return wants_operand[seen->word] ? AFTER_OPERATOR : AFTER_OPERAND;
    case WB_TOKEN_NUMBER:
    case WB_TOKEN_STRING:
    case WB_TOKEN_NAME:
    case WB_TOKEN_CLOSE:
        return AFTER_OPERAND;
    default:
        return AFTER_OPERATOR;
    }
}

/* --- what is open ---------------------------------------------------------------------------- */

static wb_body_frame *top(const wb_stored_body *body)
{
    return body->depth > 0 ? &body->frames[body->depth - 1] : NULL;
}

static bool top_is(const wb_stored_body *body, body_kind kind)
{
    return body->depth > 0 && top(body)->kind == kind;
}

static bool push(wb_stored_body *body, wb_window *window, const glance *seen, body_kind kind,
                 body_phase phase)
{
    if (body->depth == DEEPEST)
        return wb_window_fail(window, WB_E_SYNTAX, seen->token->start,
                              "blocks are nested more than %u deep", (unsigned) DEEPEST);
    if (body->depth == body->capacity) {
        body->capacity = body->capacity == 0 ? 8 : body->capacity * 2;
        body->frames = wb_realloc(body->frames, body->capacity * sizeof(*body->frames));
    }
    body->frames[body->depth++] = (wb_body_frame){
        .kind = (uint8_t) kind, .phase = (uint8_t) phase, .offset = seen->token->start};
    return true;
}

static void go(wb_stored_body *body, body_state state)
{
    body->state = (uint8_t) state;
}

static bool open_as(wb_stored_body *body, wb_window *window, const glance *seen, body_kind kind,
                    body_phase phase, body_state next)
{
    go(body, next);
    return push(body, window, seen, kind, phase);
}

static bool close_top(wb_stored_body *body, const glance *seen)
{
    go(body, body->depth > 0 ? AFTER_END : EXPRESSION);
    if (body->depth > 0)
        body->closed = body->frames[--body->depth];
    body->body_at = seen->token->start;
    return true;
}

/* The END that was read last does not fit what it closed; `word` is what stands behind it. */
static bool misfit(const wb_stored_body *body, wb_window *window, wb_str word)
{
    wb_position opener = wb_window_position(window, body->closed.offset);
    (void) wb_window_fail(
        window, WB_E_SYNTAX, body->body_at, "\"END%s%.*s\" does not close the \"%s\" of line %u",
        word.len > 0 ? " " : "", WB_STR_ARG(word), kind_names[body->closed.kind], opener.line);
    return wb_window_hint(window, use_delimiter);
}

/* --- in a body ------------------------------------------------------------------------------- */

static bool open_block(wb_stored_body *body, wb_window *window, const glance *seen)
{
    go(body, AT_STATEMENT);
    if (top_is(body, DECLARATIONS) || top_is(body, PACKAGE_BODY)) {
        top(body)->kind = BLOCK;
        return true;
    }
    return push(body, window, seen, BLOCK, IN_BODY);
}

static bool declare(wb_stored_body *body, wb_window *window, const glance *seen)
{
    if (body->mode.oracle)
        return open_as(body, window, seen, DECLARATIONS, IN_BODY, EXPRESSION);
    go(body, DECLARE);
    return true;
}

/* What opens where a statement begins, and where the next statement may begin. */
static const struct body_opener {
    wb_maria_word word;
    body_kind kind;
    body_phase phase;
    body_state next;
} openers[] = {
    {WB_W_IF, IF_STATEMENT, IN_BODY, EXPRESSION},
    {WB_W_CASE, CASE_STATEMENT, IN_BODY, EXPRESSION},
    {WB_W_LOOP, LOOP_STATEMENT, IN_BODY, AT_STATEMENT},
    {WB_W_REPEAT, REPEAT_STATEMENT, IN_BODY, AT_STATEMENT},
    {WB_W_WHILE, WHILE_STATEMENT, IN_HEAD, EXPRESSION},
    {WB_W_FOR, FOR_STATEMENT, IN_HEAD, EXPRESSION},
};

static const struct body_opener *find_opener(wb_maria_word word)
{
    for (size_t i = 0; i < sizeof(openers) / sizeof(openers[0]); i++) {
        if (openers[i].word == word)
            return &openers[i];
    }
    return NULL;
}

static bool at_statement(wb_stored_body *body, wb_window *window, const glance *seen)
{
    const struct body_opener *opener = find_opener(seen->word);
    if (opener != NULL)
        return open_as(body, window, seen, opener->kind, opener->phase, opener->next);
    switch (seen->word) {
    case WB_W_BEGIN:
        return open_block(body, window, seen);
    case WB_W_END:
        return close_top(body, seen);
    case WB_W_DECLARE:
        return declare(body, window, seen);
    case WB_W_UNTIL:
        if (top_is(body, REPEAT_STATEMENT))
            top(body)->phase = IN_UNTIL;
        go(body, EXPRESSION);
        return true;
    case WB_W_ELSE:
    case WB_W_EXCEPTION:
        return true;
    case WB_W_FUNCTION:
        go(body, body->mode.oracle ? ROUTINE : EXPRESSION);
        return true;
    default:
        go(body, is_symbol(seen, "<<") ? LABEL : seen->is_name ? FIRST : EXPRESSION);
        return true;
    }
}

/* An END within a statement: of a CASE expression or of UNTIL, or else a name. */
static bool end_in_expression(wb_stored_body *body, const glance *seen)
{
    if (body->previous != AFTER_OPERAND)
        return true;
    if (top_is(body, CASE_EXPRESSION))
        body->depth--;
    else if (top_is(body, REPEAT_STATEMENT) && top(body)->phase == IN_UNTIL)
        return close_top(body, seen);
    return true;
}

static bool in_expression(wb_stored_body *body, wb_window *window, const glance *seen)
{
    bool waits = body->depth > 0 && top(body)->phase == IN_HEAD;
    switch (seen->word) {
    case WB_W_CASE:
        return push(body, window, seen, CASE_EXPRESSION, IN_BODY);
    case WB_W_END:
        return end_in_expression(body, seen);
    case WB_W_THEN:
        if (top_is(body, IF_STATEMENT) || top_is(body, CASE_STATEMENT) || top_is(body, BLOCK))
            go(body, AT_STATEMENT);
        return true;
    case WB_W_LOOP:
    case WB_W_DO:
        if (waits && (seen->word == WB_W_DO || body->mode.oracle)) {
            top(body)->phase = IN_BODY;
            go(body, AT_STATEMENT);
        }
        return true;
    default:
        return true;
    }
}

static bool is_block(body_kind kind)
{
    return kind == BLOCK || kind == PACKAGE_BODY || kind == DECLARATIONS;
}

/* END IF, END LOOP, ...: the word says what must have been open. */
static bool after_end(wb_stored_body *body, wb_window *window, const glance *seen)
{
    body_kind closed = (body_kind) body->closed.kind;
    bool is_loop = closed == WHILE_STATEMENT || closed == FOR_STATEMENT;
    const struct body_opener *opener = find_opener(seen->word);
    bool fits = is_block(closed);
    if (opener != NULL)
        fits = opener->kind == closed || (body->mode.oracle && is_loop && seen->word == WB_W_LOOP);
    if (!fits)
        return misfit(body, window, seen->text);
    go(body, EXPRESSION);
    return true;
}

/* DECLARE ... HANDLER FOR condition, condition ... statement */
static bool in_condition(wb_stored_body *body, wb_window *window, const glance *seen)
{
    static const char *const parts[] = {"SQLSTATE", "VALUE",      "NOT",
                                        "FOUND",    "SQLWARNING", "SQLEXCEPTION"};
    if (!seen->is_name || body->previous != AFTER_OPERAND)
        return true; /* a code, a comma, or the name of a condition behind one */
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (wb_str_is_nocase(seen->text, parts[i]))
            return true;
    }
    return at_statement(body, window, seen);
}

/* --- the heads ------------------------------------------------------------------------------- */

static void stop(wb_stored_body *body)
{
    body->is_watching = false;
}

static bool in_head(wb_stored_body *body, wb_window *window, const glance *seen)
{
    if (find_opener(seen->word) != NULL)
        return at_statement(body, window, seen);
    if (body->mode.oracle && (seen->word == WB_W_BEGIN || seen->word == WB_W_DECLARE))
        return at_statement(body, window, seen);
    switch (seen->word) {
    case WB_W_CREATE:
        go(body, CREATE_HEAD);
        return true;
    case WB_W_ALTER:
        go(body, ALTER_HEAD);
        return true;
    case WB_W_BEGIN:
        go(body, TOP_BEGIN);
        body->body_at = seen->token->start;
        return true;
    default:
        stop(body);
        return true;
    }
}

static bool in_create_head(wb_stored_body *body, wb_window *window, const glance *seen)
{
    (void) window;
    if (seen->token->kind != WB_TOKEN_WORD || body->previous != AFTER_OPERAND)
        return true; /* of DEFINER = user@host; behind CREATE a word of its own follows an operand
                      */
    switch (seen->word) {
    case WB_W_FUNCTION:
        go(body, ROUTINE);
        return true;
    case WB_W_TRIGGER:
        go(body, TRIGGER);
        return true;
    case WB_W_EVENT:
        go(body, EVENT);
        return true;
    case WB_W_PACKAGE:
        go(body, PACKAGE);
        return true;
    case WB_W_HEAD:
    case WB_W_OPERATOR: /* OR REPLACE */
        return true;
    default:
        stop(body);
        return true;
    }
}

static bool open_declarations(wb_stored_body *body, wb_window *window, const glance *seen,
                              body_kind kind)
{
    return open_as(body, window, seen, kind, IN_BODY, AT_STATEMENT);
}

static bool in_characteristics(wb_stored_body *body, wb_window *window, const glance *seen)
{
    if (seen->word == WB_W_BEGIN || find_opener(seen->word) != NULL)
        return at_statement(body, window, seen);
    switch (seen->word) {
    case WB_W_AS:
    case WB_W_IS:
        return open_declarations(body, window, seen, DECLARATIONS);
    case WB_W_RETURN:
        go(body, body->mode.oracle ? RETURN_TYPE : EXPRESSION);
        return true;
    case WB_W_RETURNS:
    case WB_W_CHARACTER: /* CHARACTER SET name */
        go(body, RETURN_TYPE);
        return true;
    case WB_W_VERB:
    case WB_W_DO:
    case WB_W_CREATE:
    case WB_W_ALTER:
        go(body, EXPRESSION);
        return true;
    default:
        return true;
    }
}

static bool in_routine(wb_stored_body *body, wb_window *window, const glance *seen)
{
    bool is_as = seen->word == WB_W_AS || seen->word == WB_W_IS;
    if (body->parens == 0 && is_as && body->mode.oracle)
        return open_declarations(body, window, seen, DECLARATIONS);
    if (body->parens == 0 && seen->token->kind == WB_TOKEN_CLOSE)
        go(body, CHARACTERISTICS);
    return true;
}

static bool in_trigger(wb_stored_body *body, wb_window *window, const glance *seen)
{
    switch ((body_state) body->state) {
    case TRIGGER:
        if (seen->word == WB_W_EACH && body->previous == AFTER_OPERATOR) /* behind FOR */
            go(body, TRIGGER_EACH);
        return true;
    case TRIGGER_EACH:
        go(body, seen->word == WB_W_ROW ? TRIGGER_ROW : TRIGGER);
        return true;
    case TRIGGER_ROW:
        if (seen->word != WB_W_FOLLOWS)
            return at_statement(body, window, seen);
        go(body, TRIGGER_ORDER);
        return true;
    default:
        go(body, AT_STATEMENT);
        return true;
    }
}

static bool at_top_begin(wb_stored_body *body, wb_window *window, const glance *seen)
{
    if (body->state == TOP_BEGIN && seen->word == WB_W_NOT) {
        go(body, TOP_BEGIN_NOT);
        return true;
    }
    if (body->state == TOP_BEGIN_NOT && seen->word == WB_W_ATOMIC) {
        if (!open_block(body, window, seen))
            return false;
        top(body)->offset = body->body_at;
        return true;
    }
    stop(body);
    return true;
}

static bool in_alter_head(wb_stored_body *body, wb_window *window, const glance *seen)
{
    (void) window;
    if (seen->token->kind != WB_TOKEN_WORD || body->previous != AFTER_OPERAND)
        return true; /* of DEFINER = user@host */
    if (seen->word == WB_W_EVENT)
        go(body, EVENT);
    else if (seen->word != WB_W_HEAD)
        stop(body);
    return true;
}

static bool in_return_type(wb_stored_body *body, wb_window *window, const glance *seen)
{
    (void) window;
    (void) seen;
    go(body, CHARACTERISTICS);
    return true;
}

static bool in_event(wb_stored_body *body, wb_window *window, const glance *seen)
{
    (void) window;
    if (seen->word == WB_W_DO && body->parens == 0)
        go(body, AT_STATEMENT);
    return true;
}

static bool in_package(wb_stored_body *body, wb_window *window, const glance *seen)
{
    if (seen->word == WB_W_AS || seen->word == WB_W_IS)
        return open_declarations(body, window, seen, PACKAGE_BODY);
    return true;
}

/* --- all ------------------------------------------------------------------------------------- */

static bool behind_first(wb_stored_body *body, wb_window *window, const glance *seen)
{
    go(body, is_symbol(seen, ":") ? AT_STATEMENT : EXPRESSION);
    return body->state == AT_STATEMENT || in_expression(body, window, seen);
}

static bool in_label(wb_stored_body *body, wb_window *window, const glance *seen)
{
    (void) window;
    if (is_symbol(seen, ">>"))
        go(body, AT_STATEMENT);
    return true;
}

static bool in_declare(wb_stored_body *body, wb_window *window, const glance *seen)
{
    (void) window;
    if (seen->word == WB_W_HANDLER)
        go(body, HANDLER);
    else if (seen->word != WB_W_HANDLER_TYPE)
        go(body, EXPRESSION);
    return true;
}

static bool in_handler(wb_stored_body *body, wb_window *window, const glance *seen)
{
    (void) window;
    (void) seen;
    go(body, CONDITION);
    return true;
}

typedef bool look_fn(wb_stored_body *body, wb_window *window, const glance *seen);

/* Who looks at the next token, by state. */
static look_fn *const looks[] = {
    [AT_START] = in_head,
    [CREATE_HEAD] = in_create_head,
    [ALTER_HEAD] = in_alter_head,
    [TOP_BEGIN] = at_top_begin,
    [TOP_BEGIN_NOT] = at_top_begin,
    [ROUTINE] = in_routine,
    [CHARACTERISTICS] = in_characteristics,
    [RETURN_TYPE] = in_return_type,
    [TRIGGER] = in_trigger,
    [TRIGGER_EACH] = in_trigger,
    [TRIGGER_ROW] = in_trigger,
    [TRIGGER_ORDER] = in_trigger,
    [EVENT] = in_event,
    [PACKAGE] = in_package,
    [AT_STATEMENT] = at_statement,
    [FIRST] = behind_first,
    [LABEL] = in_label,
    [DECLARE] = in_declare,
    [HANDLER] = in_handler,
    [CONDITION] = in_condition,
    [EXPRESSION] = in_expression,
    [AFTER_END] = after_end,
};

bool wb_maria_body_look(wb_stored_body *body, wb_window *window, const wb_token *token)
{
    if (token->kind == WB_TOKEN_CODE_OPEN || token->kind == WB_TOKEN_CODE_CLOSE ||
        token->kind == WB_TOKEN_HINT)
        return true;
    glance seen = glance_at(body, window, token);
    bool ok = looks[body->state](body, window, &seen);
    body->previous = (uint8_t) as_previous(&seen);
    return ok;
}

/* END alone closes blocks only. */
static bool check_closed(const wb_stored_body *body, wb_window *window)
{
    if (body->state != AFTER_END || is_block((body_kind) body->closed.kind))
        return true;
    return misfit(body, window, WB_STR(""));
}

bool wb_maria_body_terminator(wb_stored_body *body, wb_window *window, bool *ret_ends)
{
    *ret_ends = true;
    if (!body->is_watching)
        return true;
    if (!check_closed(body, window))
        return false;
    while (top_is(body, CASE_EXPRESSION)) /* a fault, which the server will name */
        body->depth--;
    *ret_ends = body->depth == 0;
    go(body, AT_STATEMENT);
    body->previous = AFTER_OPERATOR;
    return true;
}

bool wb_maria_body_end(wb_stored_body *body, wb_window *window)
{
    if (!body->is_watching)
        return true;
    if (!check_closed(body, window))
        return false;
    while (top_is(body, CASE_EXPRESSION))
        body->depth--;
    if (body->depth == 0)
        return true;
    (void) wb_window_fail(window, WB_E_SYNTAX, top(body)->offset, "this \"%s\" is never closed",
                          kind_names[top(body)->kind]);
    return wb_window_hint(window, use_delimiter);
}
