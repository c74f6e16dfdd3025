#include "base/fail.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool wb_fail(wb_error *err, wb_status status, const char *format, ...)
{
    *err = (wb_error){.status = status};
    va_list args;
    va_start(args, format);
    (void) vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
    return false;
}

static wb_status status_of_errno(int errno_value)
{
    switch (errno_value) {
    case ENOSPC:
    case EDQUOT:
        return WB_E_NO_SPACE;
    default:
        return WB_E_IO;
    }
}

bool wb_fail_errno(wb_error *err, int errno_value, const char *format, ...)
{
    *err = (wb_error){.status = status_of_errno(errno_value)};
    va_list args;
    va_start(args, format);
    (void) vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
    size_t length = strlen(err->message);
    char reason[128] = "";
    if (strerror_r(errno_value, reason, sizeof(reason)) != 0)
        (void) snprintf(reason, sizeof(reason), "error %d", errno_value);
    (void) snprintf(err->message + length, sizeof(err->message) - length, ": %s", reason);
    return false;
}

bool wb_detail(wb_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void) vsnprintf(err->detail, sizeof(err->detail), format, args);
    va_end(args);
    return false;
}

bool wb_hint(wb_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void) vsnprintf(err->hint, sizeof(err->hint), format, args);
    va_end(args);
    return false;
}

bool wb_while(wb_error *err, const char *format, ...)
{
    if (err->contexts >= WB_ERROR_CONTEXTS)
        return false;
    char *slot = err->context[err->contexts++];
    va_list args;
    va_start(args, format);
    (void) vsnprintf(slot, sizeof(err->context[0]), format, args);
    va_end(args);
    return false;
}

bool wb_at(wb_error *err, const char *file, unsigned line, unsigned column)
{
    (void) snprintf(err->file, sizeof(err->file), "%s", file != NULL ? file : "");
    err->line = line;
    err->column = column;
    return false;
}

/* The characters of a line that are shown before the fault when the line is long. */
enum { EXCERPT_BEFORE = 50, EXCERPT_BYTES = 120 };

bool wb_show(wb_error *err, wb_str text, size_t offset, unsigned first_line, unsigned first_column)
{
    if (offset > text.len)
        offset = text.len;
    unsigned line = first_line;
    size_t line_start = 0;
    for (size_t i = 0; i < offset; i++) {
        if (text.ptr[i] == '\n') {
            line++;
            line_start = i + 1;
        }
    }
    size_t line_end = offset;
    while (line_end < text.len && text.ptr[line_end] != '\n' && text.ptr[line_end] != '\r')
        line_end++;
    size_t characters = wb_utf8_count(wb_str_sub(text, line_start, offset - line_start));
    err->line = line;
    err->column = (unsigned) characters + (line == first_line ? first_column : 1);

    size_t shown_from = line_start;
    if (offset - line_start > EXCERPT_BYTES - EXCERPT_BEFORE)
        shown_from = wb_utf8_floor(text, offset - EXCERPT_BEFORE);
    wb_str shown = wb_str_sub(text, shown_from, line_end - shown_from);
    if (shown.len > EXCERPT_BYTES)
        shown.len = wb_utf8_floor(shown, EXCERPT_BYTES);
    size_t used = 0;
    for (size_t i = 0; i < shown.len && used + 1 < sizeof(err->excerpt); i++) {
        char c = shown.ptr[i];
        if (c == '\t') /* keeps the caret in its column */
            c = ' ';
        err->excerpt[used++] = c;
    }
    err->excerpt[used] = '\0';
    err->caret = (unsigned) wb_utf8_count(wb_str_sub(text, shown_from, offset - shown_from)) + 1;
    return false;
}
