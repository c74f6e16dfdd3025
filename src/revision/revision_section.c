/* Reading a section: a range of its file, with `${name}` replaced for the names that the header
 * lists in `variables:`. Without such a list the bytes go through untouched; there is no other
 * template language, and no way to write one in by accident. */
#include "revision/revision.h"

#include <stdlib.h>

enum { WINDOW_BYTES = 16 * 1024 };

struct wb_section_source {
    const wb_revision *revision;
    wb_variable_fn *variable; /* NULL: nothing is replaced */
    const void *variable_arg;
    wb_reader reader;
    uint64_t left; /* bytes of the section that are not in the window yet */
    size_t start;  /* what of the window is still to be given out */
    size_t end;
    wb_buf value; /* of a variable, still to be given out */
    unsigned line;
    unsigned column;
    char window[WINDOW_BYTES];
};

bool wb_section_open(const wb_revision *revision, const wb_section *section,
                     wb_variable_fn *variable, const void *variable_arg,
                     wb_section_source **ret_source, wb_error *err)
{
    wb_section_source *source = wb_alloc(sizeof(*source));
    source->revision = revision;
    source->variable = revision->has_variables ? variable : NULL;
    source->variable_arg = variable_arg;
    source->left = section->length;
    source->start = source->end = 0;
    source->line = section->start.line;
    source->column = section->start.column;
    wb_buf_init(&source->value, 0);
    if (!wb_reader_open(&source->reader, revision->path, section->start.offset, err)) {
        free(source);
        return false;
    }
    *ret_source = source;
    return true;
}

void wb_section_close(wb_section_source *source)
{
    if (source == NULL)
        return;
    wb_reader_close(&source->reader);
    wb_buf_clear(&source->value);
    free(source);
}

/* Reads up to `size` bytes of the section. A file that has become shorter is an error: half a
 * section must not be run. */
static bool read_raw(wb_section_source *source, char *bytes, size_t size, size_t *ret_read,
                     wb_error *err)
{
    *ret_read = 0;
    if (size > source->left)
        size = (size_t) source->left;
    if (size == 0)
        return true;
    if (!wb_reader_read(&source->reader, bytes, size, ret_read, err))
        return false;
    source->left -= *ret_read;
    if (*ret_read != 0)
        return true;
    (void) wb_fail(err, WB_E_IO, "\"%s\" became shorter while it was read", source->revision->path);
    return wb_hint(err, "Run the command again when the file is no longer being written.");
}

static bool fill_window(wb_section_source *source, wb_error *err)
{
    memmove(source->window, source->window + source->start, source->end - source->start);
    source->end -= source->start;
    source->start = 0;
    size_t got = 0;
    if (!read_raw(source, source->window + source->end, WINDOW_BYTES - source->end, &got, err))
        return false;
    source->end += got;
    return true;
}

static void count_position(wb_section_source *source, wb_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n') {
            source->line++;
            source->column = 1;
        } else if (((unsigned char) text.ptr[i] & 0xC0U) != 0x80U) {
            source->column++;
        }
    }
}

/* The name in a "${name}" at the start of `text` that the header lists; empty for anything else. */
static wb_str listed_name(const wb_section_source *source, wb_str text)
{
    size_t close = 0;
    wb_str none = {"", 0};
    if (!wb_str_has_prefix(text, WB_STR("${")))
        return none;
    wb_str inner = wb_str_sub(text, 2, WB_REVISION_ID_MAX + 1);
    if (!wb_str_find_byte(inner, '}', &close))
        return none;
    wb_str name = wb_str_sub(inner, 0, close);
    for (size_t i = 0; i < source->revision->variables.count; i++) {
        if (wb_str_is(name, source->revision->variables.items[i].text))
            return name;
    }
    return none;
}

/* Replaces the variable at the start of the window; its value is given out next. */
static bool replace(wb_section_source *source, wb_str name, wb_error *err)
{
    char key[WB_REVISION_ID_MAX + 1];
    memcpy(key, name.ptr, name.len);
    key[name.len] = '\0';
    const char *value = source->variable(source->variable_arg, key);
    if (value == NULL) {
        (void) wb_fail(err, WB_E_CONFIG, "the variable \"%s\" has no value", key);
        (void) wb_hint(err, "Set it before running this revision, or take it out of the file.");
        return wb_at(err, source->revision->path, source->line, source->column);
    }
    wb_buf_reset(&source->value);
    wb_buf_puts(&source->value, value);
    size_t length = name.len + strlen("${}");
    count_position(source, wb_str_make(source->window + source->start, length));
    source->start += length;
    return true;
}

/* How many bytes at the start of `text` can be given out as they are. 0 where a '$' stands there.
 */
static size_t plain_length(wb_str text)
{
    size_t dollar = text.len;
    (void) wb_str_find_byte(text, '$', &dollar);
    return dollar;
}

/* Gives out the next piece: of a value, or of the window up to the next variable. */
static bool read_replaced(wb_section_source *source, char *bytes, size_t size, size_t *ret_read,
                          wb_error *err)
{
    enum { LOOK_AHEAD = WB_REVISION_ID_MAX + 3 }; /* "${" name "}" */
    while (source->value.len == 0) {
        if (source->end - source->start < LOOK_AHEAD && source->left > 0) {
            if (!fill_window(source, err))
                return false;
            continue;
        }
        wb_str text = wb_str_make(source->window + source->start, source->end - source->start);
        wb_str name = listed_name(source, text);
        if (name.len != 0) {
            const char *begin = name.ptr;
            if (!replace(source, wb_str_make(begin, name.len), err))
                return false;
            if (source->value.len == 0)
                continue; /* an empty value */
            break;
        }
        size_t length = text.len == 0 ? 0 : plain_length(wb_str_from_offset(text, 1)) + 1;
        *ret_read = length < size ? length : size;
        memcpy(bytes, text.ptr, *ret_read);
        count_position(source, wb_str_sub(text, 0, *ret_read));
        source->start += *ret_read;
        return true;
    }
    *ret_read = source->value.len < size ? source->value.len : size;
    memcpy(bytes, source->value.ptr, *ret_read);
    wb_buf_consume(&source->value, *ret_read);
    return true;
}

bool wb_section_read(void *section_source, char *bytes, size_t size, size_t *ret_read,
                     wb_error *err)
{
    wb_section_source *source = section_source;
    if (source->variable == NULL)
        return read_raw(source, bytes, size, ret_read, err);
    return read_replaced(source, bytes, size, ret_read, err);
}
