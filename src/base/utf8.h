/* UTF-8: checking it and counting characters. */
#ifndef WB_BASE_UTF8_H
#define WB_BASE_UTF8_H

#include "base/str.h"

/* Is all of `text` valid UTF-8 (no surrogates, no overlong forms)? Otherwise gives the offset of
 * the first bad byte. */
bool wb_utf8_is_valid(wb_str text, size_t *ret_bad_offset);
/* Number of characters (code points). Bad bytes count as one each. */
size_t wb_utf8_count(wb_str text);
/* The largest offset not above `offset` that begins a character. */
size_t wb_utf8_floor(wb_str text, size_t offset);
/* Offset of the character with index `characters`, 0-based; the end where there are fewer. */
size_t wb_utf8_offset(wb_str text, size_t characters);
/* Columns that `text` takes on a terminal: wide characters take two, combining ones none. */
size_t wb_utf8_width(wb_str text);

#endif
