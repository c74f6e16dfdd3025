#include "revision/revision_slug.h"

#include "base/utf8.h"

/* Letters of other alphabets are kept as they are: file names are UTF-8. */
static bool is_word_byte(char c)
{
    return wb_is_alnum(c) || (unsigned char) c >= 0x80;
}

static wb_str next_slug_word(wb_str *rest)
{
    size_t start = 0;
    while (start < rest->len && !is_word_byte(rest->ptr[start]))
        start++;
    size_t end = start;
    while (end < rest->len && is_word_byte(rest->ptr[end]))
        end++;
    wb_str word = wb_str_sub(*rest, start, end - start);
    *rest = wb_str_from_offset(*rest, end);
    return word;
}

const char *wb_slug(const char *message, unsigned max_length, wb_arena *arena)
{
    wb_str rest = wb_str_from(message);
    char *slug = wb_arena_alloc(arena, (size_t) max_length + 1);
    size_t used = 0;
    for (;;) {
        wb_str word = next_slug_word(&rest);
        size_t glue = used != 0 ? 1 : 0;
        bool fits = word.len <= max_length && used + glue <= max_length - word.len;
        if (word.len == 0 || (!fits && used != 0))
            break;
        if (!fits)
            word.len = wb_utf8_floor(word, max_length); /* one word that is too long */
        if (glue != 0)
            slug[used++] = '_';
        for (size_t i = 0; i < word.len; i++)
            slug[used++] = wb_to_lower(word.ptr[i]);
        if (!fits)
            break;
    }
    slug[used] = '\0';
    return slug;
}

void wb_revision_set_slug(wb_revision *revision, wb_arena *arena)
{
    wb_str name = wb_str_from(wb_path_base(revision->path));
    if (wb_str_has_suffix(name, WB_STR(".sql")))
        name.len -= strlen(".sql");
    size_t at = 0;
    wb_str id = wb_str_from(revision->id);
    if (wb_str_find(name, id, &at)) {
        wb_str behind = wb_str_from_offset(name, at + id.len);
        if (behind.len > 1 && !is_word_byte(behind.ptr[0])) {
            revision->slug = wb_str_dup(arena, wb_str_from_offset(behind, 1));
            return;
        }
    }
    revision->slug = wb_slug(revision->message, WB_SLUG_LENGTH, arena);
}
