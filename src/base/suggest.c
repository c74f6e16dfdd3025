#include "base/suggest.h"

#include "base/buf.h"

enum { LONGEST = 64 };

static char folded(char c)
{
    if (c == '-')
        return '_';
    return wb_to_lower(c);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment, keeping three rows of its table. */
size_t wb_suggest_distance(wb_str a, wb_str b)
{
    if (a.len > LONGEST || b.len > LONGEST)
        return SIZE_MAX;
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *second = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            char left = folded(a.ptr[i - 1]);
            char right = folded(b.ptr[j - 1]);
            size_t best = above[j - 1] + (left != right ? 1 : 0);
            best = smaller(best, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && left == folded(b.ptr[j - 2]) && folded(a.ptr[i - 2]) == right)
                best = smaller(best, second[j - 2] + 1);
            row[j] = best;
        }
    }
    return rows[a.len % 3][b.len];
}

/* A third of a name may be wrong: less finds no typing error in a short name, more finds names
 * that have nothing to do with it. */
static size_t farthest(wb_str name)
{
    return name.len < 4 ? 1 : (name.len + 1) / 3;
}

const char *wb_suggest(wb_arena *arena, wb_str name, const char *const *names, size_t count)
{
    size_t best = farthest(name) + 1;
    const char *near[WB_SUGGEST_MAX];
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        size_t distance = wb_suggest_distance(name, wb_str_from(names[i]));
        if (distance > best || distance > farthest(name))
            continue;
        if (distance < best)
            found = 0;
        best = distance;
        if (found < WB_SUGGEST_MAX)
            near[found++] = names[i];
    }
    if (found == 0)
        return NULL;
    WB_AUTO_BUF(text, 0);
    wb_buf_puts(&text, "Did you mean ");
    for (size_t i = 0; i < found; i++)
        wb_buf_printf(&text, "%s\"%s\"", i == 0 ? "" : i + 1 == found ? " or " : ", ", near[i]);
    wb_buf_putc(&text, '?');
    return wb_str_dup(arena, wb_buf_str(&text));
}
