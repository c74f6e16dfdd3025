/* How quotes and comments are read, by dialect:
 *
 *              SQLite            PostgreSQL                          MariaDB
 * '...'        doubled quote     doubled; backslash in E'' and with  doubled, backslash unless
 *                                standard_conforming_strings off     NO_BACKSLASH_ESCAPES
 * "..."        identifier        identifier                          string, or ANSI_QUOTES
 * `...`        identifier        operator                            identifier
 * [...]        identifier        subscript                           identifier under MSSQL
 * $t$...$t$    parameter         string                              part of a word
 * -- ...       to LF             to LF or CR                         only before a blank or
 * control, or before a statement # ...        -                 operator to LF
 * (*) comment  plain             nested                              plain; with ! or M! it is code
 *
 * The delimiter of MariaDB's client goes before all of them, as in the client. */
#include "sql/lexer.h"

#include "base/fail.h"
#include "sql/lex_private.h"

typedef enum byte_class {
    OTHER, /* a symbol of its own */
    SPACE,
    WORD, /* the next three may follow each other in a word */
    DIGIT,
    DOLLAR,
    QUOTE, /* ' " ` [ */
    OPERATOR,
    OPEN,
    CLOSE,
    SEMICOLON,
    BACKSLASH
} byte_class;

/* clang-format off */
static const unsigned char class_of[256] = {
    ['\t'] = SPACE, ['\n'] = SPACE, ['\v'] = SPACE, ['\f'] = SPACE, ['\r'] = SPACE, [' '] = SPACE,
    ['a' ... 'z'] = WORD, ['A' ... 'Z'] = WORD, ['_'] = WORD, [0x80 ... 0xFF] = WORD,
    ['0' ... '9'] = DIGIT, ['$'] = DOLLAR,
    ['\''] = QUOTE, ['"'] = QUOTE, ['`'] = QUOTE, ['['] = QUOTE,
    ['!'] = OPERATOR, ['#'] = OPERATOR, ['%'] = OPERATOR, ['&'] = OPERATOR, ['*'] = OPERATOR,
    ['+'] = OPERATOR, ['-'] = OPERATOR, ['.'] = OPERATOR, ['/'] = OPERATOR, [':'] = OPERATOR,
    ['<'] = OPERATOR, ['='] = OPERATOR, ['>'] = OPERATOR, ['?'] = OPERATOR, ['@'] = OPERATOR,
    ['^'] = OPERATOR, ['|'] = OPERATOR, ['~'] = OPERATOR,
    ['('] = OPEN, [')'] = CLOSE, [';'] = SEMICOLON, ['\\'] = BACKSLASH,
};
/* clang-format on */

static byte_class class_at(const char *byte)
{
    return (byte_class) class_of[(unsigned char) *byte];
}

static bool is_word_byte(char c)
{
    byte_class class = class_at(&c);
    return class >= WORD && class <= DOLLAR;
}

void wb_lexer_init(wb_lexer *lexer, wb_window *window, wb_lexer_mode mode)
{
    *lexer = (wb_lexer){.window = window,
                        .mode = mode,
                        .offset = window->base,
                        .is_line_start = true,
                        .code_comment = WB_NO_OFFSET};
}

static bool take_single(wb_lexer *lexer, wb_token *token, wb_token_kind kind)
{
    token->kind = kind;
    lexer->offset++;
    return true;
}

/* --- words ----------------------------------------------------------------------------------- */

/* Does the delimiter stand `ahead`? One of letters must not be part of a word. */
static bool is_delimiter(wb_lexer *lexer, size_t ahead, bool after_word)
{
    wb_str delimiter = wb_str_make(lexer->delimiter, lexer->delimiter_length);
    if (!wb_lex_is_next(lexer, ahead, delimiter))
        return false;
    char first = delimiter.ptr[0];
    char last = delimiter.ptr[delimiter.len - 1];
    int next = wb_lex_peek(lexer, ahead + delimiter.len);
    bool before = after_word && first != '$' && is_word_byte(first);
    bool behind =
        next != WB_NO_BYTE && last != '$' && is_word_byte(last) && is_word_byte((char) next);
    return !before && !behind;
}

static void take_word_to_delimiter(wb_lexer *lexer)
{
    for (;;) {
        int byte = wb_lex_peek(lexer, 0);
        if (byte == WB_NO_BYTE || !is_word_byte((char) byte))
            return;
        if (byte == lexer->delimiter[0] && is_delimiter(lexer, 0, true))
            return;
        lexer->offset++;
    }
}

/* Takes bytes of the classes from `first` to `last`, without regard to the delimiter. */
static void take_class(wb_lexer *lexer, byte_class first, byte_class last)
{
    do {
        wb_str rest = wb_window_rest(lexer->window, lexer->offset);
        size_t i = 0;
        while (i < rest.len && class_at(rest.ptr + i) >= first && class_at(rest.ptr + i) <= last)
            i++;
        lexer->offset += i;
        if (i < rest.len)
            return;
    } while (wb_window_more(lexer->window));
}

/* A word, or the string whose prefix it is: E'..', U&'..', X'..', B'..', N'..'. */
static bool take_word(wb_lexer *lexer, wb_token *token)
{
    token->kind = WB_TOKEN_WORD;
    if (lexer->delimiter_length != 0)
        take_word_to_delimiter(lexer);
    else
        take_class(lexer, WORD, DOLLAR);
    if (lexer->offset - token->start != 1)
        return true;
    int next = wb_lex_peek(lexer, 0);
    char prefix = wb_to_lower(*wb_window_text(lexer->window, token->start, lexer->offset).ptr);
    bool postgres = lexer->mode.dialect == WB_POSTGRES;
    if (next == '&' && prefix == 'u' && postgres) {
        int quote = wb_lex_peek(lexer, 1);
        if (quote == '\'' || quote == '"') {
            lexer->offset++;
            return wb_lex_quote(lexer, token, false);
        }
    }
    if (next != '\'')
        return true;
    if (prefix == 'e' && postgres)
        return wb_lex_quote(lexer, token, true);
    if (prefix == 'x' || prefix == 'b' || prefix == 'n')
        return wb_lex_quote(lexer, token, false);
    return true;
}

/* Does `byte`, the next one, belong to the number that ends with `before`? "1..5" is a range. */
static bool is_of_number(wb_lexer *lexer, int byte, int before, bool is_hex)
{
    int next = wb_lex_peek(lexer, 1);
    if (byte == '.')
        return next != '.';
    if (byte == '+' || byte == '-')
        return (before == 'e' || before == 'E') && !is_hex && next >= '0' && next <= '9';
    if (byte == WB_NO_BYTE || byte == '$' || !is_word_byte((char) byte))
        return false;
    bool may_end = lexer->delimiter_length != 0 && byte == lexer->delimiter[0];
    return !may_end || !is_delimiter(lexer, 0, true);
}

/* Digits with all that may hang on them: 1.5e-3, 0xFF, 1_000, 2nd. */
static bool take_number(wb_lexer *lexer, wb_token *token)
{
    token->kind = WB_TOKEN_NUMBER;
    take_class(lexer, DIGIT, DIGIT); /* most have nothing else */
    int before = WB_NO_BYTE;
    bool is_hex = false;
    for (;;) {
        int byte = wb_lex_peek(lexer, 0);
        is_hex = is_hex || byte == 'x' || byte == 'X';
        if (!is_of_number(lexer, byte, before, is_hex))
            return true;
        before = byte;
        lexer->offset++;
    }
}

static bool take_dollar(wb_lexer *lexer, wb_token *token)
{
    bool taken = false;
    if (lexer->mode.dialect == WB_MARIADB)
        return take_word(lexer, token);
    if (lexer->mode.dialect == WB_POSTGRES && !wb_lex_dollar_quote(lexer, token, &taken))
        return false;
    /* of $1 and $name the rest is the next token */
    return taken || take_single(lexer, token, WB_TOKEN_SYMBOL);
}

/* --- operators ------------------------------------------------------------------------------- */

static bool is_special_operator_byte(char c)
{
    return c != '\0' && strchr("~!@#^&|`?%", c) != NULL;
}

/* PostgreSQL: the longest run of operator bytes, before a comment; a run that ends in + or - must
 * hold one of the special bytes, otherwise those belong to the next operand. */
static size_t postgres_operator(wb_lexer *lexer)
{
    size_t length = 0;
    size_t special = 0;
    for (;; length++) {
        int byte = wb_lex_peek(lexer, length);
        if (byte <= 0 || strchr("~!@#^&|`?+-*/%<>=", byte) == NULL)
            break;
        int next = wb_lex_peek(lexer, length + 1);
        if ((byte == '-' && next == '-') || (byte == '/' && next == '*'))
            break;
        special += is_special_operator_byte((char) byte) ? 1 : 0;
    }
    wb_str run = wb_window_rest(lexer->window, lexer->offset);
    while (length > 1 && special == 0 && (run.ptr[length - 1] == '-' || run.ptr[length - 1] == '+'))
        length--;
    return length;
}

/* Operators of more than one byte, longer ones first. Those of PostgreSQL that users may define
 * are found by rule. */
static const struct {
    unsigned dialects; /* bits by wb_dialect_id */
    const char *text;
} long_operators[] = {
    {1U << WB_MARIADB, "<=>"},
    {5, "->>"},
    {7, ":="},
    {1U << WB_POSTGRES, "::"},
    {6, ".."},
    {5, "<="},
    {5, ">="},
    {5, "<>"},
    {5, "!="},
    {5, "||"},
    {1U << WB_MARIADB, "&&"},
    {5, "<<"},
    {5, ">>"},
    {5, "->"},
    {1U << WB_SQLITE, "=="},
    {1U << WB_MARIADB, "@@"},
};

static bool take_operator(wb_lexer *lexer, wb_token *token)
{
    token->kind = WB_TOKEN_SYMBOL;
    size_t length = 1;
    int next = wb_lex_peek(lexer, 1);
    if (next != WB_NO_BYTE && class_of[next] == OPERATOR) {
        if (lexer->mode.dialect == WB_POSTGRES)
            length = postgres_operator(lexer);
        size_t count = sizeof(long_operators) / sizeof(long_operators[0]);
        for (size_t i = 0; i < count && length <= 1; i++) {
            wb_str text = wb_str_from(long_operators[i].text);
            if ((long_operators[i].dialects >> lexer->mode.dialect & 1U) != 0 &&
                wb_lex_is_next(lexer, 0, text))
                length = text.len;
        }
    }
    lexer->offset += length != 0 ? length : 1;
    return true;
}

/* What begins with a byte of operators: a comment, the end of a version comment, an operator. */
static bool take_operator_or_comment(wb_lexer *lexer, wb_token *token)
{
    char byte = *wb_window_rest(lexer->window, lexer->offset).ptr;
    bool taken = false;
    if ((byte == '-' || byte == '#' || byte == '/' || byte == '*') &&
        !wb_lex_comment(lexer, token, &taken))
        return false;
    return taken || take_operator(lexer, token);
}

/* --- all ------------------------------------------------------------------------------------- */

/* Moves to the next byte that is no white space; false at the end. */
static bool skip_space(wb_lexer *lexer)
{
    for (;;) {
        wb_str rest = wb_window_rest(lexer->window, lexer->offset);
        size_t i = 0;
        while (i < rest.len && class_at(rest.ptr + i) == SPACE) {
            if (rest.ptr[i] == '\n')
                lexer->is_line_start = true;
            i++;
        }
        lexer->offset += i;
        lexer->window->hold = lexer->offset;
        if (i < rest.len)
            return true;
        if (!wb_window_more(lexer->window))
            return false;
    }
}

static bool take_backslash(wb_lexer *lexer, wb_token *token)
{
    if (lexer->mode.dialect == WB_MARIADB && wb_lex_peek(lexer, 1) == 'N') {
        lexer->offset++; /* \N is NULL */
        return take_single(lexer, token, WB_TOKEN_WORD);
    }
    bool is_command = lexer->mode.dialect != WB_SQLITE;
    return take_single(lexer, token, is_command ? WB_TOKEN_BACKSLASH : WB_TOKEN_SYMBOL);
}

static bool take(wb_lexer *lexer, wb_token *token, bool continues_escape)
{
    switch (class_at(wb_window_rest(lexer->window, lexer->offset).ptr)) {
    case WORD:
        return take_word(lexer, token);
    case DIGIT:
        return take_number(lexer, token);
    case QUOTE:
        return wb_lex_quote(lexer, token, continues_escape);
    case DOLLAR:
        return take_dollar(lexer, token);
    case OPERATOR:
        return take_operator_or_comment(lexer, token);
    case OPEN:
        return take_single(lexer, token, WB_TOKEN_OPEN);
    case CLOSE:
        return take_single(lexer, token, WB_TOKEN_CLOSE);
    case SEMICOLON:
        return take_single(lexer, token,
                           lexer->delimiter_length == 0 ? WB_TOKEN_TERMINATOR : WB_TOKEN_SYMBOL);
    case BACKSLASH:
        return take_backslash(lexer, token);
    case SPACE:
    case OTHER:
        break;
    }
    return take_single(lexer, token, WB_TOKEN_SYMBOL);
}

static bool at_end(wb_lexer *lexer, wb_token *token)
{
    token->kind = WB_TOKEN_END;
    token->end = lexer->offset;
    if (lexer->code_comment != WB_NO_OFFSET)
        return wb_lex_unclosed(lexer, lexer->code_comment, "version comment");
    return !lexer->window->failed;
}

bool wb_lexer_next(wb_lexer *lexer, wb_token *ret_token, wb_error *err)
{
    lexer->window->err = err;
    bool more = skip_space(lexer);
    ret_token->start = lexer->offset;
    ret_token->is_first_on_line = lexer->is_line_start;
    if (!more)
        return at_end(lexer, ret_token);
    bool continues_escape = lexer->after_escape_string && lexer->is_line_start;
    bool ok = true;
    if (lexer->delimiter_length != 0 && is_delimiter(lexer, 0, false)) {
        ret_token->kind = WB_TOKEN_TERMINATOR;
        lexer->offset += lexer->delimiter_length;
    } else {
        /* a line comment may stand between the parts of a string, a block comment may not */
        bool stays = lexer->after_escape_string && wb_lex_peek(lexer, 0) == '-';
        lexer->after_escape_string = false;
        ok = take(lexer, ret_token, continues_escape);
        if (ret_token->kind == WB_TOKEN_COMMENT)
            lexer->after_escape_string = stays;
    }
    lexer->is_line_start = false;
    ret_token->end = lexer->offset;
    return ok;
}

bool wb_lexer_skip_mark(wb_lexer *lexer, wb_error *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    lexer->window->err = err;
    if (wb_lex_is_next(lexer, 0, wb_str_make(mark, sizeof(mark) - 1))) {
        lexer->offset += sizeof(mark) - 1;
        lexer->window->mark.offset = lexer->offset; /* it takes no column */
    }
    return !lexer->window->failed;
}

bool wb_lexer_line(wb_lexer *lexer, wb_str *ret_line, wb_error *err)
{
    wb_window *window = lexer->window;
    window->err = err;
    uint64_t start = lexer->offset;
    uint64_t from = start;
    size_t length = 0;
    while (!wb_str_find_byte(wb_window_rest(window, from), '\n', &length)) {
        from += wb_window_rest(window, from).len;
        if (!wb_window_more(window)) {
            if (window->failed)
                return false;
            *ret_line = wb_window_rest(window, start);
            lexer->offset = from;
            return true;
        }
    }
    *ret_line = wb_window_text(window, start, from + length);
    if (ret_line->len > 0 && ret_line->ptr[ret_line->len - 1] == '\r')
        ret_line->len--;
    lexer->offset = from + length + 1;
    lexer->is_line_start = true;
    return true;
}
