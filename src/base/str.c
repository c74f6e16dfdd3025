#define _GNU_SOURCE /* memmem */
#include "base/str.h"

#include <string.h>

bool wb_str_is_equal(wb_str a, wb_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool wb_str_is_equal_nocase(wb_str a, wb_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (wb_to_lower(a.ptr[i]) != wb_to_lower(b.ptr[i]))
            return false;
    }
    return true;
}

bool wb_str_is(wb_str a, const char *text)
{
    return wb_str_is_equal(a, wb_str_from(text));
}

bool wb_str_is_nocase(wb_str a, const char *text)
{
    return wb_str_is_equal_nocase(a, wb_str_from(text));
}

bool wb_str_has_nocase(wb_str a, const char *text)
{
    wb_str wanted = wb_str_from(text);
    for (size_t i = 0; i + wanted.len <= a.len; i++) {
        if (wb_str_is_equal_nocase(wb_str_make(a.ptr + i, wanted.len), wanted))
            return true;
    }
    return false;
}

bool wb_str_has_prefix(wb_str text, wb_str prefix)
{
    return text.len >= prefix.len && wb_str_is_equal(wb_str_sub(text, 0, prefix.len), prefix);
}

bool wb_str_has_suffix(wb_str text, wb_str suffix)
{
    return text.len >= suffix.len &&
           wb_str_is_equal(wb_str_from_offset(text, text.len - suffix.len), suffix);
}

int wb_str_compare(wb_str a, wb_str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);
    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

wb_str wb_str_from_offset(wb_str text, size_t start)
{
    if (start > text.len)
        start = text.len;
    return (wb_str){text.ptr + start, text.len - start};
}

wb_str wb_str_sub(wb_str text, size_t start, size_t length)
{
    wb_str rest = wb_str_from_offset(text, start);
    return (wb_str){rest.ptr, length < rest.len ? length : rest.len};
}

wb_str wb_str_trim(wb_str text)
{
    while (text.len > 0 && wb_is_space(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && wb_is_space(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

bool wb_str_find_byte(wb_str text, char byte, size_t *ret_offset)
{
    const char *found = text.len == 0 ? NULL : memchr(text.ptr, byte, text.len);
    if (found == NULL)
        return false;
    *ret_offset = (size_t) (found - text.ptr);
    return true;
}

bool wb_str_find(wb_str text, wb_str part, size_t *ret_offset)
{
    if (part.len == 0 || text.len < part.len)
        return false;
    const char *found = memmem(text.ptr, text.len, part.ptr, part.len);
    if (found == NULL)
        return false;
    *ret_offset = (size_t) (found - text.ptr);
    return true;
}

bool wb_str_split(wb_str *rest, char separator, wb_str *ret_part)
{
    if (rest->ptr == NULL) /* set below when the last part was taken */
        return false;
    size_t end = 0;
    if (wb_str_find_byte(*rest, separator, &end)) {
        *ret_part = wb_str_sub(*rest, 0, end);
        *rest = wb_str_from_offset(*rest, end + 1);
        return true;
    }
    *ret_part = *rest;
    *rest = (wb_str){NULL, 0};
    return true;
}

bool wb_str_next_line(wb_str *rest, wb_str *ret_line)
{
    if (rest->len == 0)
        return false;
    size_t end = rest->len;
    bool has_end = wb_str_find_byte(*rest, '\n', &end);
    wb_str line = wb_str_sub(*rest, 0, end);
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    *ret_line = line;
    *rest = wb_str_from_offset(*rest, has_end ? end + 1 : end);
    return true;
}

bool wb_str_next_word(wb_str *rest, wb_str *ret_word)
{
    size_t start = 0;
    while (start < rest->len && wb_is_space(rest->ptr[start]))
        start++;
    size_t end = start;
    while (end < rest->len && !wb_is_space(rest->ptr[end]))
        end++;
    *ret_word = wb_str_sub(*rest, start, end - start);
    *rest = wb_str_from_offset(*rest, end);
    return ret_word->len > 0;
}

bool wb_str_to_u64(wb_str text, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!wb_is_digit(text.ptr[i]))
            return false;
        uint64_t digit = (uint64_t) (text.ptr[i] - '0');
        if (number > (UINT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *ret_number = number;
    return true;
}

char *wb_str_dup(wb_arena *arena, wb_str text)
{
    return wb_arena_strndup(arena, text.ptr, text.len);
}
