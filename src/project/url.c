/* Which form a text has is told from its beginning: a known scheme, a keyword and '=', or a path
 * (which is refused, with the URL that was meant). Each form has a reader of its own; they fill one
 * wb_url and leave the pieces that are secret to the masking at the end. */
#include "base/suggest.h"
#include "base/utf8.h"
#include "project/url_reader.h"

#include <stdio.h>

enum { LONGEST_URL = 32 * 1024 };

typedef struct scheme {
    const char *name; /* without "+driver" */
    wb_engine engine;
} scheme;

static const scheme schemes[] = {
    {"sqlite", WB_ENGINE_SQLITE},     {"sqlite3", WB_ENGINE_SQLITE},
    {"file", WB_ENGINE_SQLITE},       {"postgresql", WB_ENGINE_POSTGRES},
    {"postgres", WB_ENGINE_POSTGRES}, {"pgsql", WB_ENGINE_POSTGRES},
    {"psql", WB_ENGINE_POSTGRES},     {"pg", WB_ENGINE_POSTGRES},
    {"postgis", WB_ENGINE_POSTGRES},  {"pgx", WB_ENGINE_POSTGRES},
    {"pgx5", WB_ENGINE_POSTGRES},     {"mysql", WB_ENGINE_MARIADB},
    {"mysql2", WB_ENGINE_MARIADB},    {"mariadb", WB_ENGINE_MARIADB},
};

enum { SCHEME_COUNT = sizeof(schemes) / sizeof(schemes[0]) };

static const char forms_hint[] =
    "Write sqlite:app.db, postgresql://user:password@host:5432/database, "
    "or mariadb://user:password@host:3306/database.";

bool wb_url_fail_at(const wb_url_reader *reader, const char *at, wb_error *err, const char *format,
                    ...)
{
    char what[512];
    va_list args;
    va_start(args, format);
    (void) vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    size_t offset = (size_t) (at - reader->text.ptr);
    size_t character = wb_utf8_count(wb_str_sub(reader->text, 0, offset)) + 1;
    return wb_fail(err, WB_E_CONFIG, "%s (character %zu of the URL)", what, character);
}

static int hex_value(char c)
{
    if (wb_is_digit(c))
        return c - '0';
    c = wb_to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool wb_url_decode(const wb_url_reader *reader, wb_str piece, const char *what,
                   const char **ret_text, wb_error *err)
{
    char *out = wb_arena_alloc(reader->arena, piece.len + 1);
    size_t length = 0;
    for (size_t i = 0; i < piece.len; i++) {
        if (piece.ptr[i] != '%') {
            out[length++] = piece.ptr[i];
            continue;
        }
        int high = i + 2 < piece.len ? hex_value(piece.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_value(piece.ptr[i + 2]) : -1;
        if (low < 0) {
            (void) wb_url_fail_at(reader, piece.ptr + i, err,
                                  "the %s has a \"%%\" without two hex digits behind it", what);
            return wb_hint(err, "Write %%25 for a percent sign.");
        }
        if (high == 0 && low == 0)
            return wb_url_fail_at(reader, piece.ptr + i, err, "the %s has a zero byte (%%00)",
                                  what);
        out[length++] = (char) (high * 16 + low);
        i += 2;
    }
    out[length] = '\0';
    size_t bad = 0;
    if (strcmp(what, "password") != 0 && !wb_utf8_is_valid(wb_str_make(out, length), &bad))
        return wb_url_fail_at(reader, piece.ptr, err, "the %s is not valid UTF-8", what);
    *ret_text = out;
    return true;
}

void wb_url_add_secret(wb_url_reader *reader, wb_str piece)
{
    if (piece.len > 0)
        WB_LIST_ADD(reader->arena, &reader->secrets, piece);
}

static const char *masked_text(const wb_url_reader *reader)
{
    WB_AUTO_BUF(shown, 0);
    size_t done = 0;
    for (size_t i = 0; i < reader->secrets.count; i++) {
        wb_str secret = reader->secrets.items[i];
        size_t start = (size_t) (secret.ptr - reader->text.ptr);
        wb_buf_add(&shown, reader->text.ptr + done, start - done);
        wb_buf_puts(&shown, "***");
        done = start + secret.len;
    }
    wb_buf_add_str(&shown, wb_str_from_offset(reader->text, done));
    return wb_str_dup(reader->arena, wb_buf_str(&shown));
}

/* The scheme of "scheme:rest"; false where the text does not begin with one. */
static bool split_scheme(wb_str text, wb_str *ret_scheme, wb_str *ret_rest)
{
    size_t end = 0;
    if (!wb_str_find_byte(text, ':', &end) || end == 0 || !wb_is_alpha(text.ptr[0]))
        return false;
    for (size_t i = 0; i < end; i++) {
        char c = text.ptr[i];
        if (!wb_is_alnum(c) && c != '+' && c != '-' && c != '.' && c != '_')
            return false;
    }
    *ret_scheme = wb_str_sub(text, 0, end);
    *ret_rest = wb_str_from_offset(text, end + 1);
    return true;
}

/* SQLAlchemy's "+driver" says how Python connects, which is no matter here. */
static wb_str without_driver(wb_str name)
{
    size_t plus = 0;
    return wb_str_find_byte(name, '+', &plus) ? wb_str_sub(name, 0, plus) : name;
}

static const scheme *find_scheme(wb_str name)
{
    wb_str base = without_driver(name);
    for (size_t i = 0; i < SCHEME_COUNT; i++) {
        if (wb_str_is_nocase(base, schemes[i].name))
            return &schemes[i];
    }
    return NULL;
}

static bool fail_unknown_scheme(wb_url_reader *reader, wb_str name, wb_error *err)
{
    const char *known[SCHEME_COUNT];
    for (size_t i = 0; i < SCHEME_COUNT; i++)
        known[i] = schemes[i].name;
    const char *near = wb_suggest(reader->arena, without_driver(name), known, SCHEME_COUNT);
    (void) wb_fail(err, WB_E_CONFIG, "the URL's scheme \"%.*s\" is not known", WB_STR_ARG(name));
    if (near != NULL)
        return wb_hint(err, "%s", near);
    return wb_hint(err, "Whimbrel works with SQLite, PostgreSQL and MariaDB or MySQL. %s",
                   forms_hint);
}

static bool looks_like_path(wb_str text)
{
    static const char *const suffixes[] = {".db", ".sqlite", ".sqlite3", ".db3"};
    if (wb_str_is_nocase(text, ":memory:"))
        return true;
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        size_t length = strlen(suffixes[i]);
        if (text.len > length &&
            wb_str_is_nocase(wb_str_from_offset(text, text.len - length), suffixes[i]))
            return true;
    }
    return false;
}

/* A text without a scheme is not shown, unless it is a path beyond doubt: user:secret@tcp(host) is
 * the form of some stacks. */
static bool fail_no_form(const wb_url_reader *reader, wb_error *err)
{
    wb_str text = reader->text;
    size_t at = 0;
    bool may_hold_secret = wb_str_find_byte(text, '@', &at) || wb_str_find_byte(text, '=', &at);
    if (!may_hold_secret && looks_like_path(text)) {
        (void) wb_fail(err, WB_E_CONFIG, "\"%.*s\" is a path, not a database URL",
                       WB_STR_ARG(text));
        return wb_hint(err, "Write sqlite:%.*s", WB_STR_ARG(text));
    }
    (void) wb_fail(err, WB_E_CONFIG, "the database URL has no scheme");
    return wb_hint(err, "%s", forms_hint);
}

static bool read_with_scheme(wb_url_reader *reader, wb_str name, wb_str rest, wb_error *err)
{
    const scheme *known = find_scheme(name);
    bool has_slashes = wb_str_has_prefix(rest, WB_STR("//"));
    if (known == NULL) {
        bool is_url = has_slashes && name.len > 1; /* C:// is a drive */
        return is_url ? fail_unknown_scheme(reader, name, err) : fail_no_form(reader, err);
    }
    reader->url->engine = known->engine;
    reader->url->scheme = wb_str_dup(reader->arena, name);
    if (known->engine == WB_ENGINE_SQLITE) {
        reader->seconds = without_driver(name).len != name.len;
        return wb_url_read_sqlite(reader, rest, strcmp(known->name, "file") == 0, err);
    }
    if (!has_slashes) {
        (void) wb_url_fail_at(reader, rest.ptr, err, "the URL lacks \"//\" behind \"%.*s:\"",
                              WB_STR_ARG(name));
        return wb_hint(err, "%s", forms_hint);
    }
    return wb_url_read_server(reader, wb_str_from_offset(rest, 2), err);
}

/* Does the text begin as "keyword =" does? */
static bool has_keyword_form(wb_str text)
{
    size_t i = 0;
    while (i < text.len && (wb_is_alnum(text.ptr[i]) || text.ptr[i] == '_'))
        i++;
    size_t name_end = i;
    while (i < text.len && wb_is_space(text.ptr[i]))
        i++;
    return name_end > 0 && i < text.len && text.ptr[i] == '=';
}

static bool read_form(wb_url_reader *reader, wb_error *err)
{
    wb_str text = reader->text;
    wb_str name;
    wb_str rest;
    if (wb_str_has_prefix(text, WB_STR("jdbc:")))
        text = wb_str_from_offset(text, 5);
    if (split_scheme(text, &name, &rest))
        return read_with_scheme(reader, name, rest, err);
    if (has_keyword_form(text)) {
        reader->url->engine = WB_ENGINE_POSTGRES;
        reader->url->scheme = "postgresql";
        return wb_url_read_keywords(reader, err);
    }
    return fail_no_form(reader, err);
}

static bool check_text(const wb_url_reader *reader, wb_error *err)
{
    wb_str text = reader->text;
    if (text.len == 0) {
        (void) wb_fail(err, WB_E_CONFIG, "the database URL is empty");
        return wb_hint(err, "%s", forms_hint);
    }
    if (text.len > LONGEST_URL)
        return wb_fail(err, WB_E_CONFIG, "the database URL is longer than %d bytes",
                       (int) LONGEST_URL);
    size_t bad = 0;
    if (!wb_utf8_is_valid(text, &bad))
        return wb_url_fail_at(reader, text.ptr + bad, err, "the URL is not valid UTF-8");
    if (text.ptr[0] == '"' || text.ptr[0] == '\'') {
        (void) wb_fail(err, WB_E_CONFIG, "the database URL begins with a quote");
        return wb_hint(err, "Remove the quotes around it. Files of variables that no shell reads, "
                            "such as docker's --env-file, keep them.");
    }
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char) text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return wb_url_fail_at(reader, text.ptr + i, err, "the URL has a control character");
    }
    return true;
}

bool wb_url_parse(const char *text, wb_arena *arena, wb_url *ret_url, wb_error *err)
{
    wb_url url = {.engine = WB_ENGINE_SQLITE};
    wb_url_reader reader = {
        .text = wb_str_trim(wb_str_from(text)),
        .arena = arena,
        .url = &url,
    };
    if (!check_text(&reader, err) || !read_form(&reader, err) || !wb_url_finish(&reader, err))
        return false;
    url.masked = masked_text(&reader);
    *ret_url = url;
    return true;
}

const char *wb_url_parameter_value(const wb_url *url, const char *name)
{
    for (size_t i = 0; i < url->parameters.count; i++) {
        if (strcmp(url->parameters.items[i].name, name) == 0)
            return url->parameters.items[i].value;
    }
    return NULL;
}
