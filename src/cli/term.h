/* Text for people: a stream that knows whether it may use colours and how wide it is. */
#ifndef WB_CLI_TERM_H
#define WB_CLI_TERM_H

#include "base/buf.h"
#include "base/fail.h"

#include <stdio.h>

typedef enum wb_paint {
    WB_PAINT_NONE, /* back to normal */
    WB_PAINT_ID,
    WB_PAINT_GOOD,
    WB_PAINT_BAD,
    WB_PAINT_WARN,
    WB_PAINT_DIM,
    WB_PAINT_HEADING
} wb_paint;

typedef struct wb_term {
    FILE *stream;
    bool is_terminal;
    bool can_redraw; /* a terminal that can go back to the begin of its line */
    bool has_colour;
    bool has_unicode; /* the locale says UTF-8 */
    unsigned width;   /* columns */
    int failure;      /* errno of the first write that failed; 0 where none did */
} wb_term;

/* `color` is "auto", "always" or "never"; NULL means auto. */
void wb_term_init(wb_term *term, FILE *stream, const char *color);
void wb_put(wb_term *term, const char *format, ...) WB_PRINTF(2, 3);
/* Writes bytes as they are. */
void wb_put_bytes(wb_term *term, const char *bytes, size_t length);
void wb_term_flush(wb_term *term);
/* Flushes. False where something could not be written; a reader who went away is no failure. */
bool wb_term_finish(wb_term *term, wb_error *err);
/* The sequence that begins a colour; empty where the stream has none. */
const char *wb_paint_begin(const wb_term *term, wb_paint paint);

/* `text` without what a terminal would obey: control characters become '?', line ends and tabs
 * blanks. Text of files and servers goes through it before it is shown. NULL becomes "". */
const char *wb_clean(wb_arena *arena, const char *text);
/* The same, with line ends kept. */
const char *wb_clean_lines(wb_arena *arena, const char *text);
/* `text` cut to `width` columns, with "..." where it was cut. */
const char *wb_cut(wb_arena *arena, const char *text, size_t width);
/* Adds `text` in lines of at most `width` columns, each indented; the first one goes on at column
 * `column`, where the text before it ended. Ends with a line end. */
void wb_wrap(wb_buf *buf, const char *text, size_t column, size_t indent, size_t width);
/* "0.41 s", "12 ms", "2 min 5 s". */
const char *wb_duration_text(wb_arena *arena, int64_t duration_us);
/* "s" where `count` is not one, for words in messages. */
const char *wb_plural(size_t count);

#endif
