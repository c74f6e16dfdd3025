#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wb_buf_init(wb_buf *buf, size_t max_bytes)
{
    *buf = (wb_buf){.max = max_bytes};
}

void wb_buf_clear(wb_buf *buf)
{
    free(buf->ptr);
    wb_buf_init(buf, buf->max);
}

void wb_buf_reset(wb_buf *buf)
{
    buf->len = 0;
    buf->overflow = false;
    if (buf->ptr != NULL)
        buf->ptr[0] = '\0';
}

char *wb_buf_reserve(wb_buf *buf, size_t length)
{
    if (buf->max != 0 && (length > buf->max || buf->len > buf->max - length)) {
        buf->overflow = true;
        return NULL;
    }
    size_t need = buf->len + length + 1;
    if (need > buf->capacity) {
        size_t capacity = buf->capacity < 64 ? 64 : buf->capacity;
        while (capacity < need)
            capacity *= 2;
        buf->ptr = wb_realloc(buf->ptr, capacity);
        buf->capacity = capacity;
    }
    return buf->ptr + buf->len;
}

void wb_buf_add(wb_buf *buf, const char *bytes, size_t length)
{
    char *room = wb_buf_reserve(buf, length);
    if (room == NULL)
        return;
    if (length != 0)
        memcpy(room, bytes, length);
    buf->len += length;
    buf->ptr[buf->len] = '\0';
}

void wb_buf_add_str(wb_buf *buf, wb_str text)
{
    wb_buf_add(buf, text.ptr, text.len);
}

void wb_buf_puts(wb_buf *buf, const char *text)
{
    wb_buf_add(buf, text, strlen(text));
}

void wb_buf_putc(wb_buf *buf, char c)
{
    wb_buf_add(buf, &c, 1);
}

void wb_buf_vprintf(wb_buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    if (length > 0) {
        char *room = wb_buf_reserve(buf, (size_t) length);
        if (room != NULL) {
            (void) vsnprintf(room, (size_t) length + 1, format, again);
            buf->len += (size_t) length;
        }
    }
    va_end(again);
}

void wb_buf_printf(wb_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    wb_buf_vprintf(buf, format, args);
    va_end(args);
}

void wb_buf_consume(wb_buf *buf, size_t length)
{
    if (length >= buf->len) {
        wb_buf_reset(buf);
        return;
    }
    memmove(buf->ptr, buf->ptr + length, buf->len - length);
    buf->len -= length;
    buf->ptr[buf->len] = '\0';
}
