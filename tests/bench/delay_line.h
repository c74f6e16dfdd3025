/* A bounded queue of bytes in which every byte waits for its time: one direction of a slow link. */
#ifndef WB_BENCH_DELAY_LINE_H
#define WB_BENCH_DELAY_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WB_DELAY_LINE_BYTES = 1 << 20, /* at 10 ms, room for 100 MB/s */
    WB_DELAY_LINE_MARKS = 1 << 12  /* pieces that arrived at different times */
};

typedef struct wb_delay_mark {
    int64_t due_ns;
    size_t size; /* bytes of the piece that are still here */
} wb_delay_mark;

typedef struct wb_delay_line {
    char *bytes; /* a ring */
    size_t start;
    size_t length;
    wb_delay_mark *marks; /* a ring, oldest first; due times never decrease */
    size_t first_mark;
    size_t mark_count;
} wb_delay_line;

/* False where there is no memory. */
bool wb_delay_line_init(wb_delay_line *line);
void wb_delay_line_clear(wb_delay_line *line);

/* Where bytes can be put in one piece; *ret_size is 0 while the line is full. */
char *wb_delay_line_room(const wb_delay_line *line, size_t *ret_size);
/* `size` bytes were put into the room; they leave at `due_ns`, or when all before them have left.
 */
void wb_delay_line_put(wb_delay_line *line, size_t size, int64_t due_ns);
/* The bytes that may leave at `now_ns`, as far as they lie in one piece; *ret_size is 0 for none.
 */
const char *wb_delay_line_due(const wb_delay_line *line, int64_t now_ns, size_t *ret_size);
/* The first `size` of the due bytes have left. */
void wb_delay_line_take(wb_delay_line *line, size_t size);
/* When the first byte may leave; INT64_MAX for an empty line. */
int64_t wb_delay_line_next_due(const wb_delay_line *line);

#endif
