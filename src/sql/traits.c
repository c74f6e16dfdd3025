#include "sql/traits.h"

/* Is the word one of "A|B|C"? */
static bool is_one_of(wb_str word, wb_str alternatives)
{
    const char *p = alternatives.ptr;
    const char *end = p + alternatives.len;
    while (p < end) {
        size_t i = 0;
        while (p < end && i < word.len && wb_to_upper(word.ptr[i]) == *p) {
            i++;
            p++;
        }
        if (i == word.len && (p == end || *p == '|'))
            return true;
        while (p < end && *p != '|')
            p++;
        p++;
    }
    return false;
}

/* Takes the next item of a pattern. */
static bool next_item(const char **pattern, wb_str *ret_item)
{
    const char *p = *pattern;
    if (*p == '\0')
        return false;
    size_t length = 0;
    while (p[length] != ' ' && p[length] != '\0')
        length++;
    *ret_item = wb_str_make(p, length);
    *pattern = p[length] == ' ' ? p + length + 1 : p + length;
    return true;
}

static bool take_name(wb_token_reader *reader)
{
    for (;;) {
        if (reader->token.kind != WB_TOKEN_WORD && reader->token.kind != WB_TOKEN_NAME)
            return false;
        wb_token_reader_step(reader);
        if (!wb_token_reader_accept(reader, "."))
            return true;
    }
}

/* Matches one item of a pattern and steps over what it stands for. */
static bool match_item(wb_token_reader *reader, wb_str item)
{
    bool is_word = reader->token.kind == WB_TOKEN_WORD;
    switch (item.ptr[0]) {
    case '.':
        return wb_token_reader_is_at_end(reader);
    case '~':
        return take_name(reader);
    case '(':
        if (item.len == 1)
            return reader->token.kind == WB_TOKEN_OPEN;
        if (reader->token.kind == WB_TOKEN_OPEN)
            wb_token_reader_skip_group(reader);
        return true;
    default:
        break;
    }
    bool optional = item.ptr[0] == '?';
    if (is_word && is_one_of(reader->text, wb_str_from_offset(item, optional ? 1 : 0))) {
        wb_token_reader_step(reader);
        return true;
    }
    return optional;
}

bool wb_traits_match(wb_token_reader *reader, const char *pattern)
{
    wb_str item;
    if (*pattern == '\0')
        return true;
    wb_token_reader ahead;
    wb_token_reader_copy(&ahead, reader);
    while (next_item(&pattern, &item)) {
        if (!match_item(&ahead, item))
            return false;
    }
    wb_token_reader_copy(reader, &ahead);
    return true;
}

static int compare_verb(wb_str word, const char *verb)
{
    size_t i = 0;
    while (i < word.len && verb[i] != '\0' && wb_to_upper(word.ptr[i]) == verb[i])
        i++;
    if (i == word.len)
        return verb[i] == '\0' ? 0 : -1;
    return (unsigned char) wb_to_upper(word.ptr[i]) - (unsigned char) verb[i];
}

/* The first row with this verb; NULL where there is none. */
static const wb_traits_row *find_verb(wb_str word, const wb_traits_row *rows, size_t count)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_verb(word, rows[middle].verb) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && compare_verb(word, rows[low].verb) == 0 ? &rows[low] : NULL;
}

const wb_traits_table *wb_traits_table_of(wb_dialect_id dialect)
{
    static const wb_traits_table *const tables[WB_DIALECT_COUNT] = {
        [WB_SQLITE] = &wb_traits_sqlite,
        [WB_POSTGRES] = &wb_traits_postgres,
        [WB_MARIADB] = &wb_traits_mariadb,
    };
    return tables[dialect];
}

/* The same verb is mostly the same literal. */
static bool is_same(const char *verb, const char *other)
{
    return verb == other || strcmp(verb, other) == 0;
}

static unsigned traits_at(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    const wb_traits_table *table = wb_traits_table_of(reader->lexer.mode.dialect);
    while (reader->token.kind == WB_TOKEN_OPEN) /* (SELECT ...) UNION ... */
        wb_token_reader_step(reader);
    if (reader->token.kind != WB_TOKEN_WORD)
        return 0;
    const wb_traits_row *row = find_verb(reader->text, table->rows, table->count);
    if (row == NULL)
        return 0;
    const char *verb = row->verb;
    if (row->pattern[0] != '\0' || row->look != NULL)
        wb_token_reader_step(reader);
    for (; row < table->rows + table->count && is_same(row->verb, verb); row++) {
        if (wb_traits_match(reader, row->pattern))
            return row->traits | (row->look != NULL ? row->look(look) : 0);
    }
    return 0;
}

unsigned wb_traits_of(wb_lexer_mode mode, wb_str text, unsigned version)
{
    enum { LEVELS = 3 }; /* SET STATEMENT ... FOR ANALYZE SELECT; more there is not */
    wb_traits_look look;
    look.version = version;
    wb_token_reader_open(&look.reader, mode, text);
    unsigned traits = 0;
    unsigned level = 0;
    do {
        look.again = false;
        traits |= traits_at(&look);
    } while (look.again && ++level < LEVELS);
    return traits;
}

unsigned wb_statement_traits(const wb_dialect *dialect, wb_str text, unsigned version)
{
    wb_lexer_mode mode = {.dialect = dialect->id,
                          .backslash = dialect->id == WB_MARIADB,
                          .brackets = dialect->id == WB_SQLITE};
    return wb_traits_of(mode, text, version);
}
