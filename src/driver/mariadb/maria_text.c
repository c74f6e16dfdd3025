#include "driver/mariadb/maria_text.h"

wb_maria_lexer wb_maria_lexer_make(wb_str text, bool backslash_escapes)
{
    return (wb_maria_lexer){.text = text, .backslash_escapes = backslash_escapes};
}

/* The byte `ahead` of the next one; 0 past the end. */
static char peek(const wb_maria_lexer *lexer, size_t ahead)
{
    size_t at = lexer->at + ahead;
    if (at < lexer->text.len)
        return lexer->text.ptr[at];
    return '\0';
}

static bool is_word_byte(char c)
{
    return wb_is_alnum(c) || c == '_' || c == '$' || (unsigned char) c >= 0x80;
}

/* Passes a quoted piece; `at` is on its opening quote. A doubled quote inside reads as two pieces
 * side by side, which is as good. */
static void skip_quoted(wb_maria_lexer *lexer, char quote)
{
    wb_str text = lexer->text;
    size_t i = lexer->at + 1;
    while (i < text.len && text.ptr[i] != quote) {
        if (text.ptr[i] == '\\' && quote != '`' && lexer->backslash_escapes) {
            /* Under ANSI_QUOTES a backslash in double quotes is itself; the mode is not known. */
            if (quote == '"')
                lexer->is_doubtful = true;
            i++;
        }
        i++;
    }
    if (i >= text.len)
        lexer->is_doubtful = true;
    lexer->at = i < text.len ? i + 1 : text.len;
}

static void skip_line(wb_maria_lexer *lexer)
{
    while (lexer->at < lexer->text.len && lexer->text.ptr[lexer->at] != '\n')
        lexer->at++;
}

static void skip_block_comment(wb_maria_lexer *lexer)
{
    size_t length = 0;
    wb_str body = wb_str_from_offset(lexer->text, lexer->at + 2);
    if (wb_str_find(body, WB_STR("*/"), &length)) {
        lexer->at += length + 4;
        return;
    }
    lexer->is_doubtful = true;
    lexer->at = lexer->text.len;
}

/* The server runs what is in a version comment, or skips it, which only the server knows. Inside
 * one, comments nest by rules that differ between versions. */
static void open_version_comment(wb_maria_lexer *lexer)
{
    if (lexer->in_version_comment)
        lexer->is_doubtful = true;
    lexer->in_version_comment = true;
    lexer->at += peek(lexer, 2) == 'M' ? 4 : 3;
    while (wb_is_digit(peek(lexer, 0)))
        lexer->at++;
}

/* Passes a comment that begins with a slash, or the opening of a version comment. */
static void skip_slash_comment(wb_maria_lexer *lexer)
{
    bool is_version = peek(lexer, 2) == '!' || (peek(lexer, 2) == 'M' && peek(lexer, 3) == '!');
    if (is_version) {
        open_version_comment(lexer);
        return;
    }
    if (lexer->in_version_comment)
        lexer->is_doubtful = true;
    skip_block_comment(lexer);
}

/* Two dashes are a comment only where a blank or the end follows. */
static bool is_line_comment(const wb_maria_lexer *lexer)
{
    bool is_dashes = peek(lexer, 0) == '-' && peek(lexer, 1) == '-';
    return peek(lexer, 0) == '#' || (is_dashes && (unsigned char) peek(lexer, 2) <= ' ');
}

/* Passes one blank or comment; false where there is none. */
static bool skip_gap(wb_maria_lexer *lexer)
{
    char c = peek(lexer, 0);
    char next = peek(lexer, 1);
    if (wb_is_space(c)) {
        lexer->at++;
    } else if (is_line_comment(lexer)) {
        skip_line(lexer);
    } else if (c == '/' && next == '*') {
        skip_slash_comment(lexer);
    } else if (c == '*' && next == '/' && lexer->in_version_comment) {
        lexer->in_version_comment = false;
        lexer->at += 2;
    } else {
        return false;
    }
    return true;
}

static wb_maria_token_kind take(wb_maria_lexer *lexer)
{
    char c = peek(lexer, 0);
    switch (c) {
    case '\'':
    case '"':
    case '`':
        skip_quoted(lexer, c);
        return WB_MARIA_OTHER;
    case '?':
        lexer->at++;
        return WB_MARIA_PLACEHOLDER;
    case ';':
        lexer->at++;
        return WB_MARIA_SEMICOLON;
    case '\0': /* ends the text for some of the server's parsers, not for others */
        lexer->is_doubtful = true;
        break;
    default:
        break;
    }
    if (!is_word_byte(c)) {
        lexer->at++;
        return WB_MARIA_OTHER;
    }
    while (lexer->at < lexer->text.len && is_word_byte(lexer->text.ptr[lexer->at]))
        lexer->at++;
    return WB_MARIA_WORD;
}

wb_maria_token wb_maria_lexer_next(wb_maria_lexer *lexer)
{
    while (lexer->at < lexer->text.len && skip_gap(lexer))
        continue;
    wb_maria_token token = {.kind = WB_MARIA_END, .at = lexer->at};
    if (lexer->at < lexer->text.len) {
        token.kind = take(lexer);
        token.length = lexer->at - token.at;
    } else if (lexer->in_version_comment) {
        lexer->is_doubtful = true;
    }
    return token;
}

/* How statements that begin with a word behave. A word that is missing here makes its statement
 * travel alone, which is slower and always right. */
typedef enum family {
    SIMPLE,
    READ,
    DDL,
    MODULE, /* DDL that may hold the body of a routine, with semicolons */
    BEGINS, /* BEGIN opens a transaction, but also a compound statement */
    SETS    /* SET may be SET STATEMENT ... FOR CALL, or change how texts are read */
} family;

static const struct {
    const char *word;
    family family;
} families[] = {
    {"ALTER", MODULE},    {"ANALYZE", SIMPLE}, {"BEGIN", BEGINS},    {"CHECK", SIMPLE},
    {"COMMIT", SIMPLE},   {"CREATE", MODULE},  {"DELETE", SIMPLE},   {"DESC", READ},
    {"DESCRIBE", READ},   {"DO", SIMPLE},      {"DROP", DDL},        {"EXPLAIN", READ},
    {"FLUSH", SIMPLE},    {"GRANT", DDL},      {"INSERT", SIMPLE},   {"LOCK", SIMPLE},
    {"OPTIMIZE", SIMPLE}, {"RELEASE", SIMPLE}, {"RENAME", DDL},      {"REPAIR", SIMPLE},
    {"REPLACE", SIMPLE},  {"REVOKE", DDL},     {"ROLLBACK", SIMPLE}, {"SAVEPOINT", SIMPLE},
    {"SELECT", READ},     {"SET", SETS},       {"SHOW", READ},       {"START", SIMPLE},
    {"TRUNCATE", DDL},    {"UNLOCK", SIMPLE},  {"UPDATE", SIMPLE},   {"USE", SIMPLE},
    {"VALUES", READ},     {"WITH", SIMPLE},
};

static bool find_family(wb_str word, family *ret_family)
{
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        if (wb_str_is_nocase(word, families[i].word)) {
            *ret_family = families[i].family;
            return true;
        }
    }
    return false;
}

/* Words after which a SET may be more than a plain one. */
static bool is_weighty_in_set(wb_str word)
{
    static const char *const words[] = {"STATEMENT", "SQL_MODE", "NAMES", "CHARACTER", "CHARSET"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (wb_str_is_nocase(word, words[i]))
            return true;
    }
    return false;
}

/* What the tokens behind the first word say. */
typedef struct summary {
    size_t tokens;
    bool has_semicolon;
    bool is_weighty_set;
    bool ends_with_end;
    wb_str second;
} summary;

static summary summarise(wb_maria_lexer *lexer, family kind)
{
    summary found = {0};
    wb_maria_token token;
    while ((token = wb_maria_lexer_next(lexer)).kind != WB_MARIA_END) {
        wb_str text = wb_str_sub(lexer->text, token.at, token.length);
        if (++found.tokens == 1)
            found.second = text;
        found.has_semicolon = found.has_semicolon || token.kind == WB_MARIA_SEMICOLON;
        found.ends_with_end = token.kind == WB_MARIA_WORD && wb_str_is_nocase(text, "END");
        if (kind == SETS && token.kind == WB_MARIA_WORD && is_weighty_in_set(text))
            found.is_weighty_set = true;
    }
    return found;
}

static bool fits(family kind, const summary *found)
{
    if (kind == MODULE) /* the server takes a body as one piece up to its END */
        return !found->has_semicolon || found->ends_with_end;
    if (found->has_semicolon)
        return false;
    if (kind == BEGINS)
        return found->tokens == 0 ||
               (found->tokens == 1 && wb_str_is_nocase(found->second, "WORK"));
    return kind != SETS || !found->is_weighty_set;
}

wb_maria_traits wb_maria_traits_of(wb_str sql, bool backslash_escapes)
{
    wb_maria_traits traits = {0};
    wb_maria_lexer lexer = wb_maria_lexer_make(sql, backslash_escapes);
    wb_maria_token first = wb_maria_lexer_next(&lexer);
    family kind = SIMPLE;
    /* Where the first word is in a version comment, the server may see another one. */
    if (lexer.in_version_comment || !find_family(wb_str_sub(sql, first.at, first.length), &kind))
        return traits;
    summary found = summarise(&lexer, kind);
    traits.can_share = !lexer.is_doubtful && fits(kind, &found);
    traits.is_read = kind == READ;
    traits.is_ddl = kind == DDL || kind == MODULE;
    return traits;
}
