/* Hiding passwords in text of unknown origin: a client library's message, a line of a file, SQL.
 *
 * One pass from left to right. At each place where a secret may begin, a rule below says how far it
 * reaches; that piece becomes *** and the pass goes on behind it. The rules:
 *
 *   scheme://user:SECRET@       up to the last '@' before a blank, a quote or the next URL
 *   password=SECRET             also pwd, secret, token, ... and names that end so; ':' for '='
 *   PASSWORD 'SECRET'           as in CREATE ROLE
 *   IDENTIFIED BY 'SECRET'      and WITH, VIA, USING, AS, of MariaDB and MySQL
 *
 * Hiding too much costs a look at the original; hiding too little cannot be undone. */
#include "base/buf.h"
#include "project/url.h"

typedef struct masker {
    wb_str text;
    size_t at;     /* next byte to look at */
    size_t copied; /* all before this is in `out` */
    wb_buf out;
} masker;

static void hide(masker *m, size_t start, size_t end)
{
    if (end <= start)
        return;
    wb_buf_add(&m->out, m->text.ptr + m->copied, start - m->copied);
    wb_buf_puts(&m->out, "***");
    m->copied = end;
    m->at = end;
}

static char masker_byte(const masker *m, size_t i)
{
    if (i >= m->text.len)
        return '\0';
    return m->text.ptr[i];
}

static bool is_word_byte(char c)
{
    return wb_is_alnum(c) || c == '_' || (unsigned char) c >= 0x80;
}

static size_t skip_blanks(const masker *m, size_t i)
{
    while (wb_is_space(masker_byte(m, i)))
        i++;
    return i;
}

static size_t skip_word(const masker *m, size_t i)
{
    while (is_word_byte(masker_byte(m, i)))
        i++;
    return i;
}

static bool is_url_start(const masker *m, size_t i)
{
    return masker_byte(m, i) == ':' && masker_byte(m, i + 1) == '/' && masker_byte(m, i + 2) == '/';
}

/* Where the URL whose host part begins at `i` ends. */
static size_t url_end(const masker *m, size_t i)
{
    while (i < m->text.len && !wb_is_space(m->text.ptr[i]) &&
           strchr("\"'`<>", m->text.ptr[i]) == NULL && !is_url_start(m, i))
        i++;
    return i;
}

static bool is_digits(const masker *m, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        if (!wb_is_digit(m->text.ptr[i]) && m->text.ptr[i] != ',')
            return false;
    }
    return true;
}

/* A password with a blank or a quote in it ends at an '@' farther on in the line. */
static size_t find_at_in_line(const masker *m, size_t i)
{
    for (; i < m->text.len && m->text.ptr[i] != '\n' && !is_url_start(m, i); i++) {
        if (m->text.ptr[i] == '@')
            return i;
    }
    return SIZE_MAX;
}

/* The marks that divide what stands behind "://"; each SIZE_MAX where there is none. */
typedef struct marks {
    size_t colon; /* the first before any '@' */
    size_t at;    /* the last */
    size_t host_end;
} marks;

static marks find_marks(const masker *m, size_t start, size_t end)
{
    marks found = {.colon = SIZE_MAX, .at = SIZE_MAX, .host_end = SIZE_MAX};
    for (size_t i = start; i < end; i++) {
        char c = m->text.ptr[i];
        if (c == ':' && found.colon == SIZE_MAX && found.at == SIZE_MAX)
            found.colon = i;
        else if (c == '@')
            found.at = i;
        else if (strchr("/?#", c) != NULL && found.host_end == SIZE_MAX)
            found.host_end = i;
    }
    return found;
}

/* `start` is behind "://". */
static void mask_userinfo(masker *m, size_t start)
{
    size_t end = url_end(m, start);
    marks found = find_marks(m, start, end);
    size_t host_end = found.host_end != SIZE_MAX ? found.host_end : end;
    m->at = start;
    if (found.colon == SIZE_MAX || masker_byte(m, start) == '[')
        return;
    if (found.at != SIZE_MAX) {
        hide(m, found.colon + 1, found.at);
    } else if (found.colon < host_end && !is_digits(m, found.colon + 1, host_end)) {
        size_t farther = find_at_in_line(m, end);
        hide(m, found.colon + 1, farther != SIZE_MAX ? farther : host_end);
    }
}

/* The end of the quoted text that begins at `i`, behind its quote or at the end of the text. Both
 * ways to have a quote inside are understood: doubled, and behind a backslash. */
static size_t quoted_end(const masker *m, size_t i)
{
    char quote = m->text.ptr[i++];
    while (i < m->text.len) {
        bool is_quote = m->text.ptr[i] == quote;
        bool takes_two = m->text.ptr[i] == '\\' || (is_quote && masker_byte(m, i + 1) == quote);
        if (is_quote && !takes_two)
            return i + 1;
        i += takes_two ? 2 : 1;
    }
    return m->text.len;
}

/* The end of a $tag$ text of PostgreSQL; `i` itself where none begins there. */
static size_t dollar_end(const masker *m, size_t i)
{
    size_t tag_end = skip_word(m, i + 1);
    if (masker_byte(m, tag_end) != '$')
        return i;
    wb_str tag = wb_str_sub(m->text, i, tag_end + 1 - i);
    size_t close = 0;
    if (!wb_str_find(wb_str_from_offset(m->text, tag_end + 1), tag, &close))
        return m->text.len;
    return tag_end + 1 + close + tag.len;
}

/* Hides the literal at `i`, quotes and all. False where there is none. */
static bool mask_literal(masker *m, size_t i)
{
    char c = masker_byte(m, i);
    bool has_letter = c != '\0' && strchr("eEnNxXbB", c) != NULL && masker_byte(m, i + 1) == '\'';
    size_t start = has_letter ? i + 1 : i;
    c = masker_byte(m, start);
    size_t end = start;
    if (c == '\'' || c == '"')
        end = quoted_end(m, start);
    else if (c == '$')
        end = dollar_end(m, start);
    hide(m, start, end);
    return end > start;
}

/* How sure it is that a word names a secret. */
typedef enum certainty {
    NO_SECRET,
    IF_ASSIGNED, /* token=..., but not: unexpected token "x" */
    SECRET
} certainty;

static certainty certainty_of(wb_str word)
{
    static const struct {
        const char *end;
        certainty sure;
    } ends[] = {
        {"password", SECRET},   {"passwd", SECRET},      {"pwd", SECRET},
        {"passphrase", SECRET}, {"secret", IF_ASSIGNED}, {"token", IF_ASSIGNED},
        {"pass", IF_ASSIGNED},
    };
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t length = strlen(ends[i].end);
        if (word.len >= length &&
            wb_str_is_nocase(wb_str_from_offset(word, word.len - length), ends[i].end))
            return ends[i].sure;
    }
    return NO_SECRET;
}

/* The value behind "password =", which begins at `i`. In a URL it ends at '&', elsewhere at a
 * blank, since a password may hold any other character. */
static void mask_value(masker *m, size_t i, bool is_in_url)
{
    if (mask_literal(m, i))
        return;
    size_t end = i;
    while (end < m->text.len && !wb_is_space(m->text.ptr[end]) &&
           (!is_in_url || strchr("&\"'`<>", m->text.ptr[end]) == NULL)) {
        end += m->text.ptr[end] == '\\' && end + 1 < m->text.len ? 2 : 1;
    }
    hide(m, i, end);
}

/* MySQL says "(using password: YES)". */
static bool is_yes_or_no(const masker *m, size_t i)
{
    wb_str rest = wb_str_from_offset(m->text, i);
    return wb_str_has_prefix(rest, WB_STR("YES)")) || wb_str_has_prefix(rest, WB_STR("NO)"));
}

/* `end` is behind a word that names a secret. */
static void mask_named(masker *m, size_t start, size_t end, certainty sure)
{
    bool is_in_url = start > 0 && (m->text.ptr[start - 1] == '?' || m->text.ptr[start - 1] == '&');
    size_t i = end;
    if (masker_byte(m, i) == '"' || masker_byte(m, i) == '\'')
        i++; /* "password": "..." */
    i = skip_blanks(m, i);
    char sign = masker_byte(m, i);
    if (sign == '=' || (sign == ':' && sure == SECRET)) {
        i += masker_byte(m, i + 1) == '=' ? 2 : 1; /* == and := */
        i = skip_blanks(m, i);
        if (!is_yes_or_no(m, i))
            mask_value(m, i, is_in_url);
        return;
    }
    size_t literal = sign == '(' ? skip_blanks(m, i + 1) : i;
    if (sure == SECRET && (i != end || sign == '('))
        (void) mask_literal(m, literal);
}

/* IDENTIFIED [WITH plugin] BY 'x' | VIA plugin USING 'x' OR plugin USING PASSWORD('y') ... */
static void mask_identified(masker *m, size_t i)
{
    enum { FARTHEST = 24 }; /* words and parentheses */
    for (unsigned seen = 0; seen < FARTHEST && i < m->text.len; seen++) {
        i = skip_blanks(m, i);
        char c = masker_byte(m, i);
        if (mask_literal(m, i))
            i = m->at;
        else if (is_word_byte(c))
            i = skip_word(m, i);
        else if (c == '(' || c == ')')
            i++;
        else
            return;
    }
}

/* A word of the text: names of secrets and IDENTIFIED matter. */
static void mask_word(masker *m)
{
    size_t start = m->at;
    size_t end = skip_word(m, start);
    wb_str word = wb_str_sub(m->text, start, end - start);
    m->at = end;
    if (wb_str_is_nocase(word, "identified"))
        mask_identified(m, end);
    else if (certainty_of(word) != NO_SECRET)
        mask_named(m, start, end, certainty_of(word));
}

const char *wb_mask_secrets(const char *text, wb_arena *arena)
{
    masker m = {.text = wb_str_from(text)};
    wb_buf_init(&m.out, 0);
    while (m.at < m.text.len) {
        if (is_url_start(&m, m.at))
            mask_userinfo(&m, m.at + 3);
        else if (is_word_byte(m.text.ptr[m.at]))
            mask_word(&m);
        else
            m.at++;
    }
    wb_buf_add_str(&m.out, wb_str_from_offset(m.text, m.copied));
    const char *masked = wb_str_dup(arena, wb_buf_str(&m.out));
    wb_buf_clear(&m.out);
    return masked;
}
