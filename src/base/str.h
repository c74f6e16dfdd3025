/* A piece of text by pointer and length; not zero-terminated, not owned. */
#ifndef WB_BASE_STR_H
#define WB_BASE_STR_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct wb_str {
    const char *ptr;
    size_t len;
} wb_str;

/* A piece from a string literal. */
#define WB_STR(literal) ((wb_str){"" literal, sizeof(literal) - 1})
/* How to print a piece: printf("%.*s", WB_STR_ARG(piece)). */
#define WB_STR_ARG(s) (int) (s).len, (s).ptr

static inline wb_str wb_str_from(const char *text)
{
    return (wb_str){text != NULL ? text : "", text != NULL ? strlen(text) : 0};
}

static inline wb_str wb_str_make(const char *ptr, size_t len)
{
    return (wb_str){ptr, len};
}

bool wb_str_is_equal(wb_str a, wb_str b);
/* Compares ASCII letters without regard to case. */
bool wb_str_is_equal_nocase(wb_str a, wb_str b);
bool wb_str_is(wb_str a, const char *text);
bool wb_str_is_nocase(wb_str a, const char *text);
/* Does `text` stand anywhere in `a`, in any case of ASCII letters? */
bool wb_str_has_nocase(wb_str a, const char *text);
bool wb_str_has_prefix(wb_str text, wb_str prefix);
bool wb_str_has_suffix(wb_str text, wb_str suffix);
/* Byte order, shorter first where one begins the other. */
int wb_str_compare(wb_str a, wb_str b);
/* The rest from `start`; empty where `start` is past the end. */
wb_str wb_str_from_offset(wb_str text, size_t start);
wb_str wb_str_sub(wb_str text, size_t start, size_t length);
/* Without blanks, tabs, CR and LF at both ends. */
wb_str wb_str_trim(wb_str text);
/* Position of the first `byte`; false where there is none. */
bool wb_str_find_byte(wb_str text, char byte, size_t *ret_offset);
bool wb_str_find(wb_str text, wb_str part, size_t *ret_offset);
/* Takes what stands before the next `separator` from `rest`, and the separator; false at the end.
 * "a,,b" gives "a", "", "b"; an empty text gives one empty part. */
bool wb_str_split(wb_str *rest, char separator, wb_str *ret_part);
/* Takes the next line, without its LF or CRLF, from `rest`; false at the end. */
bool wb_str_next_line(wb_str *rest, wb_str *ret_line);
/* The next word between blanks and tabs; false at the end. */
bool wb_str_next_word(wb_str *rest, wb_str *ret_word);
/* A whole decimal number without sign; false for anything else or on overflow. */
bool wb_str_to_u64(wb_str text, uint64_t *ret_number);
char *wb_str_dup(wb_arena *arena, wb_str text);

static inline bool wb_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool wb_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool wb_is_alnum(char c)
{
    return wb_is_digit(c) || wb_is_alpha(c);
}
/* Blank, tab, CR, LF, vertical tab, form feed. */
static inline bool wb_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline char wb_to_lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char) (c + ('a' - 'A'));
    return c;
}
static inline char wb_to_upper(char c)
{
    if (c >= 'a' && c <= 'z')
        return (char) (c - ('a' - 'A'));
    return c;
}

#endif
