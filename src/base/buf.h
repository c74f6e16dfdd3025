/* A growing text, always zero-terminated. Its maximum is set when it is made, so that hostile
 * input ends in an error and not in the machine's memory. */
#ifndef WB_BASE_BUF_H
#define WB_BASE_BUF_H

#include "base/str.h"

typedef struct wb_buf {
    char *ptr;
    size_t len;
    size_t capacity;
    size_t max;    /* largest length; 0 means no limit but memory */
    bool overflow; /* something was left out because of `max` */
} wb_buf;

void wb_buf_init(wb_buf *buf, size_t max_bytes);
/* Frees the memory; the buffer may be used again. */
void wb_buf_clear(wb_buf *buf);
/* Empties the buffer and keeps its memory. */
void wb_buf_reset(wb_buf *buf);
void wb_buf_add(wb_buf *buf, const char *bytes, size_t length);
void wb_buf_add_str(wb_buf *buf, wb_str text);
void wb_buf_puts(wb_buf *buf, const char *text);
void wb_buf_putc(wb_buf *buf, char c);
void wb_buf_printf(wb_buf *buf, const char *format, ...) WB_PRINTF(2, 3);
void wb_buf_vprintf(wb_buf *buf, const char *format, va_list args) WB_PRINTF(2, 0);
/* Room for `length` more bytes, to be filled by the caller, who then adds to `len`. NULL where
 * the maximum would be passed. */
char *wb_buf_reserve(wb_buf *buf, size_t length);
/* Removes the first `length` bytes. */
void wb_buf_consume(wb_buf *buf, size_t length);

static inline wb_str wb_buf_str(const wb_buf *buf)
{
    return (wb_str){buf->ptr != NULL ? buf->ptr : "", buf->len};
}
/* The text, never NULL; valid until the next change. */
static inline const char *wb_buf_text(const wb_buf *buf)
{
    return buf->ptr != NULL ? buf->ptr : "";
}

/* A buffer that is freed at the end of the scope. */
#define WB_AUTO_BUF(name, max_bytes)                    \
    __attribute__((cleanup(wb_buf_clear))) wb_buf name; \
    wb_buf_init(&(name), (max_bytes))

#endif
