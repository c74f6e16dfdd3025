/* libpq's keyword form: host=/run/postgresql dbname='my db' password='it\'s'. A value is quoted, or
 * ends at a blank; in both a backslash takes the next byte as it is. */
#include "project/url_reader.h"

static size_t skip_keyword_blanks(wb_str text, size_t i)
{
    while (i < text.len && wb_is_space(text.ptr[i]))
        i++;
    return i;
}

/* Reads the value at *at and moves *at behind it. */
static bool read_value(const wb_url_reader *reader, size_t *at, const char **ret_value,
                       wb_error *err)
{
    wb_str text = reader->text;
    size_t i = *at;
    bool is_quoted = i < text.len && text.ptr[i] == '\'';
    size_t start = i;
    char *out = wb_arena_alloc(reader->arena, text.len - i + 1);
    size_t length = 0;
    i += is_quoted ? 1 : 0;
    while (i < text.len && (is_quoted ? text.ptr[i] != '\'' : !wb_is_space(text.ptr[i]))) {
        if (text.ptr[i] == '\\' && i + 1 < text.len)
            i++;
        out[length++] = text.ptr[i++];
    }
    out[length] = '\0';
    if (is_quoted && i == text.len) {
        (void) wb_url_fail_at(reader, text.ptr + start, err, "a quote is not closed");
        return wb_hint(err, "Inside quotes write \\' for a quote and \\\\ for a backslash.");
    }
    *at = i + (is_quoted ? 1 : 0);
    *ret_value = out;
    return true;
}

static bool read_pair(wb_url_reader *reader, size_t *at, wb_error *err)
{
    wb_str text = reader->text;
    size_t start = *at;
    size_t i = start;
    while (i < text.len && (wb_is_alnum(text.ptr[i]) || text.ptr[i] == '_'))
        i++;
    wb_str name_at = wb_str_sub(text, start, i - start);
    i = skip_keyword_blanks(text, i);
    if (name_at.len == 0 || i == text.len || text.ptr[i] != '=') {
        (void) wb_url_fail_at(reader, text.ptr + start, err, "keyword=value is expected");
        return wb_hint(err, "Put a value with blanks in single quotes: dbname='my db'.");
    }
    i = skip_keyword_blanks(text, i + 1);
    size_t value_start = i;
    const char *value = NULL;
    if (!read_value(reader, &i, &value, err))
        return false;
    wb_str value_at = wb_str_sub(text, value_start, i - value_start);
    const char *name = wb_str_dup(reader->arena, name_at);
    if (wb_url_is_secret_name(name))
        wb_url_add_secret(reader, value_at);
    *at = i;
    /* Behind a password a bad name may be the rest of it, if it has a blank. */
    reader->is_doubtful = reader->secrets.count > 0;
    return wb_url_set_parameter(reader, name, name_at, value, value_at, err);
}

bool wb_url_read_keywords(wb_url_reader *reader, wb_error *err)
{
    size_t i = 0;
    while ((i = skip_keyword_blanks(reader->text, i)) < reader->text.len) {
        if (!read_pair(reader, &i, err))
            return false;
    }
    return true;
}
