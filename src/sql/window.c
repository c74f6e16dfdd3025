#include "sql/window.h"

#include "base/fail.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    FIRST_CAPACITY = 4096,
    WINDOW_PIECE = 64 * 1024,
    DEFAULT_MAX = 1024 * 1024 * 1024,
    LOOK_AHEAD = 64 /* bytes that the lexer may want behind a statement */
};

void wb_window_init(wb_window *window, const wb_splitter_options *options, wb_read_fn *read,
                    void *source)
{
    *window = (wb_window){.keep = WB_NO_OFFSET,
                          .bytes = "",
                          .file = options->file,
                          .mark = {.offset = 0, .line = 1, .column = 1},
                          .start = options->start.offset,
                          .max_bytes = options->max_statement_bytes,
                          .read = read,
                          .source = source};
    if (options->start.line != 0) {
        window->mark.line = options->start.line;
        window->mark.column = options->start.column;
    }
    if (window->max_bytes == 0 || window->max_bytes > SIZE_MAX - LOOK_AHEAD)
        window->max_bytes = DEFAULT_MAX;
}

void wb_window_init_text(wb_window *window, wb_str text)
{
    *window = (wb_window){.keep = 0,
                          .bytes = text.ptr,
                          .len = text.len,
                          .loaded = text.len,
                          .mark = {.offset = 0, .line = 1, .column = 1},
                          .at_end = true};
}

void wb_window_clear(wb_window *window)
{
    free(window->memory);
    window->memory = NULL;
    window->bytes = "";
    window->len = window->loaded = window->capacity = 0;
}

static wb_position advanced(wb_position from, wb_str passed)
{
    from.offset += passed.len;
    const char *end = passed.ptr + passed.len;
    for (;;) {
        const char *newline = memchr(passed.ptr, '\n', (size_t) (end - passed.ptr));
        if (newline == NULL)
            break;
        from.line++;
        from.column = 1;
        passed.ptr = newline + 1;
    }
    passed.len = (size_t) (end - passed.ptr);
    from.column += (unsigned) wb_utf8_count(passed);
    return from;
}

wb_position wb_window_position(const wb_window *window, uint64_t offset)
{
    wb_position place = advanced(window->mark, wb_window_text(window, window->mark.offset, offset));
    place.offset += window->start;
    return place;
}

wb_position wb_window_mark(wb_window *window, uint64_t offset)
{
    window->mark = advanced(window->mark, wb_window_text(window, window->mark.offset, offset));
    wb_position place = window->mark;
    place.offset += window->start;
    return place;
}

bool wb_window_fail(wb_window *window, wb_status status, uint64_t offset, const char *format, ...)
{
    char message[sizeof(((wb_error *) NULL)->message)];
    va_list args;
    va_start(args, format);
    (void) vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    (void) wb_fail(window->err, status, "%s", message);
    (void) wb_at(window->err, window->file, 0, 0);
    uint64_t from = window->mark.offset;
    wb_str text = wb_window_rest(window, from);
    (void) wb_show(window->err, text, (size_t) (offset - from), window->mark.line,
                   window->mark.column);
    window->failed = true;
    return false;
}

bool wb_window_hint(wb_window *window, const char *hint)
{
    return wb_hint(window->err, "%s", hint);
}

/* How many bytes at the front are ASCII and not NUL; eight at a time. A byte has its high bit set
 * in `word`, or in `word - 0x01...` because of a borrow, only where it is not such a byte. */
static size_t plain_prefix(const char *bytes, size_t count)
{
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        if (((word | (word - 0x0101010101010101U)) & 0x8080808080808080U) != 0)
            break;
    }
    while (i < count && (signed char) bytes[i] > 0)
        i++;
    return i;
}

static size_t length_by_first_byte(unsigned char first)
{
    return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
}

/* Checks the loaded bytes behind `len` and moves `len` on. True where it moved. */
static bool check(wb_window *window)
{
    size_t before = window->len;
    while (window->len < window->loaded && !window->is_bad) {
        window->len += plain_prefix(window->memory + window->len, window->loaded - window->len);
        size_t end = window->len;
        while (end < window->loaded && (unsigned char) window->memory[end] >= 0x80)
            end++;
        wb_str run = wb_str_make(window->memory + window->len, end - window->len);
        size_t bad = run.len;
        bool valid = run.len == 0 || wb_utf8_is_valid(run, &bad);
        window->len += bad;
        if (run.len == 0) {
            window->is_bad = window->len < window->loaded; /* a NUL byte */
        } else if (!valid) {
            size_t need = length_by_first_byte((unsigned char) window->memory[window->len]);
            if (window->len + need > window->loaded && !window->at_end)
                break; /* perhaps only cut in two by the end of the piece */
            window->is_bad = true;
        }
    }
    return window->len > before;
}

static bool fail_bad_byte(wb_window *window)
{
    assert(window->memory != NULL);
    uint64_t at = window->base + window->len;
    unsigned byte = (unsigned char) window->memory[window->len];
    if (byte == 0) {
        (void) wb_window_fail(window, WB_E_ENCODING, at, "the script holds a NUL byte");
        return wb_window_hint(window, "Is this a binary file, or text in UTF-16? "
                                      "Scripts are UTF-8 text.");
    }
    (void) wb_window_fail(window, WB_E_ENCODING, at, "byte 0x%02X is not valid UTF-8", byte);
    return wb_window_hint(window, "Convert the file to UTF-8; write binary values in "
                                  "hexadecimal.");
}

static bool fail_too_long(wb_window *window, uint64_t from)
{
    (void) wb_window_fail(window, WB_E_SYNTAX, from, "a statement is longer than %zu bytes",
                          window->max_bytes);
    return wb_window_hint(window, "Is a quote or a terminator missing? Otherwise cut it into "
                                  "several statements.");
}

/* Drops what nobody holds, and makes the memory larger where what is held fills half of it, or
 * where it is still small and the source filled it. */
static bool make_room(wb_window *window)
{
    uint64_t from = window->keep < window->hold ? window->keep : window->hold;
    size_t drop = (size_t) (from - window->base);
    if (window->loaded - drop > window->max_bytes + LOOK_AHEAD)
        return fail_too_long(window, from);
    bool was_full = window->loaded == window->capacity;
    if (drop > 0) {
        assert(window->memory != NULL);
        if (window->mark.offset < from)
            (void) wb_window_mark(window, from);
        memmove(window->memory, window->memory + drop, window->loaded - drop);
        window->loaded -= drop;
        window->len -= drop;
        window->base = from;
    }
    if ((was_full && window->capacity < WINDOW_PIECE) || window->loaded > window->capacity / 2) {
        window->capacity = window->capacity == 0 ? FIRST_CAPACITY : window->capacity * 2;
        window->memory = wb_realloc(window->memory, window->capacity);
    }
    window->bytes = window->memory;
    return true;
}

bool wb_window_more(wb_window *window)
{
    while (!window->failed) {
        if (window->memory != NULL && check(window))
            return true;
        if (window->is_bad)
            return fail_bad_byte(window);
        if (window->at_end || !make_room(window))
            return false;
        size_t got = 0;
        if (!window->read(window->source, window->memory + window->loaded,
                          window->capacity - window->loaded, &got, window->err)) {
            window->failed = true;
            return false;
        }
        window->loaded += got;
        window->at_end = got == 0;
    }
    return false;
}
