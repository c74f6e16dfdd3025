#include "base/utf8.h"

static bool is_continuation(char c)
{
    return ((unsigned char) c & 0xC0U) == 0x80U;
}

/* Length of the valid character at `text`; 0 where it is not valid. `text` is not empty. */
static size_t valid_length(wb_str text)
{
    unsigned char first = (unsigned char) text.ptr[0];
    if (first < 0x80)
        return 1;
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.len < length)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(text.ptr[i]))
            return 0;
    }
    unsigned char second = (unsigned char) text.ptr[1];
    bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    bool outside = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    return overlong || outside ? 0 : length;
}

bool wb_utf8_is_valid(wb_str text, size_t *ret_bad_offset)
{
    size_t i = 0;
    while (i < text.len) {
        if ((unsigned char) text.ptr[i] < 0x80) {
            i++;
            continue;
        }
        size_t length = valid_length(wb_str_from_offset(text, i));
        if (length == 0) {
            *ret_bad_offset = i;
            return false;
        }
        i += length;
    }
    return true;
}

size_t wb_utf8_count(wb_str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_continuation(text.ptr[i]))
            count++;
    }
    return count;
}

size_t wb_utf8_floor(wb_str text, size_t offset)
{
    if (offset >= text.len)
        return text.len;
    while (offset > 0 && is_continuation(text.ptr[offset]))
        offset--;
    return offset;
}

size_t wb_utf8_offset(wb_str text, size_t characters)
{
    size_t i = 0;
    while (i < text.len && characters > 0) {
        i++;
        while (i < text.len && is_continuation(text.ptr[i]))
            i++;
        characters--;
    }
    return i;
}

static unsigned code_point(wb_str text, size_t length)
{
    static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    unsigned code = (unsigned char) text.ptr[0] & masks[length];
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char) text.ptr[i] & 0x3FU);
    return code;
}

typedef struct range {
    unsigned first;
    unsigned last;
} range;

static bool is_in(unsigned code, const range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return false;
}

size_t wb_utf8_width(wb_str text)
{
    static const range wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0xA4CF},
                                 {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},  {0xFE30, 0xFE6F},
                                 {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F},
                                 {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    static const range none[] = {
        {0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};
    size_t width = 0;
    for (size_t i = 0; i < text.len;) {
        wb_str rest = wb_str_from_offset(text, i);
        size_t length = valid_length(rest);
        if (length == 0) {
            width++;
            i++;
            continue;
        }
        unsigned code = code_point(rest, length);
        if (is_in(code, wide, sizeof(wide) / sizeof(wide[0])))
            width += 2;
        else if (!is_in(code, none, sizeof(none) / sizeof(none[0])))
            width++;
        i += length;
    }
    return width;
}
