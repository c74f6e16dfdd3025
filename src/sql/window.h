/* The part of a script that is held in memory while it is read.
 *
 * Offsets are bytes from the start of the source, so they stay true when the window moves on. The
 * window drops what nobody holds, and grows only while somebody holds much: `keep` is held by the
 * splitter (the statement), `hold` by the lexer (the token). Only checked bytes are shown: no NUL
 * byte, whole and valid UTF-8 characters. A bad byte is reported when the reader comes to it, not
 * when it happens to be loaded, so that the outcome does not depend on the size of the pieces. */
#ifndef WB_SQL_WINDOW_H
#define WB_SQL_WINDOW_H

#include "sql/splitter.h"

#define WB_NO_OFFSET UINT64_MAX

typedef struct wb_window {
    const char *bytes; /* those from offset `base` on */
    size_t len;        /* how many of them are checked */
    uint64_t base;
    uint64_t keep; /* first byte of the statement, WB_NO_OFFSET for none */
    uint64_t hold; /* first byte of the token */
    bool failed;   /* wb_window_more returned false because of an error, which is in *err */
    wb_error *err; /* set by whoever calls the lexer */

    const char *file;
    wb_position mark; /* a known place; all bytes behind it are in the window */
    uint64_t start;   /* offset of the source within its file, added to offsets for the caller */

    char *memory; /* what `bytes` points to; NULL for a text that is not ours */
    size_t capacity;
    size_t loaded; /* bytes in memory; those behind `len` are not checked, or bad */
    size_t max_bytes;
    wb_read_fn *read;
    void *source;
    bool at_end; /* the source has no more */
    bool is_bad; /* the byte behind `len` is a NUL byte or no valid UTF-8 */
} wb_window;

/* A window on a source; no memory is taken before the first read. */
void wb_window_init(wb_window *window, const wb_splitter_options *options, wb_read_fn *read,
                    void *source);
/* A window on a text in memory, which is taken as it is, unchecked. Nothing is allocated. */
void wb_window_init_text(wb_window *window, wb_str text);
void wb_window_clear(wb_window *window);

/* Brings more bytes behind those that are there; may move the window, so pointers into it are
 * void afterwards. False at the end of the source, and when it failed. */
bool wb_window_more(wb_window *window);
/* The place of a byte that is in the window or just behind it. */
wb_position wb_window_position(const wb_window *window, uint64_t offset);
/* The same, and remembers it: the search for the next place begins there. Only where nothing
 * before `offset` is asked for any more. */
wb_position wb_window_mark(wb_window *window, uint64_t offset);
/* Fills the window's error, with the place of `offset` and its line; false. */
bool wb_window_fail(wb_window *window, wb_status status, uint64_t offset, const char *format, ...)
    WB_PRINTF(4, 5);
bool wb_window_hint(wb_window *window, const char *hint);

/* What is in the window from `offset` on. */
static inline wb_str wb_window_rest(const wb_window *window, uint64_t offset)
{
    size_t at = (size_t) (offset - window->base);
    return (wb_str){window->bytes + at, window->len - at};
}

static inline wb_str wb_window_text(const wb_window *window, uint64_t start, uint64_t end)
{
    return (wb_str){window->bytes + (size_t) (start - window->base), (size_t) (end - start)};
}

#endif
