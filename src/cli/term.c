#include "cli/term.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_DEFAULT = 80, WIDTH_LEAST = 40, WIDTH_MOST = 1000 };

/* The program reads its environment before it starts any thread, and never changes it. */
static const char *variable(const char *name)
{
    const char *value = getenv(name); // NOLINT(concurrency-mt-unsafe)
    return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool is_smart(bool is_terminal)
{
    const char *kind = variable("TERM");
    return is_terminal && kind != NULL && strcmp(kind, "dumb") != 0;
}

static bool wants_colour(bool is_terminal, const char *color)
{
    if (color != NULL && strcmp(color, "always") == 0)
        return true;
    if (color != NULL && strcmp(color, "never") == 0)
        return false;
    return is_smart(is_terminal) && variable("NO_COLOR") == NULL;
}

static bool locale_is_utf8(void)
{
    const char *locale = variable("LC_ALL");
    if (locale == NULL)
        locale = variable("LC_CTYPE");
    if (locale == NULL)
        locale = variable("LANG");
    static const char *const names[] = {"UTF-8", "utf-8", "UTF8", "utf8"};
    for (size_t i = 0; locale != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strstr(locale, names[i]) != NULL)
            return true;
    }
    return false;
}

static unsigned width_of(int fd)
{
    uint64_t columns = 0;
    struct winsize size = {0};
    if (!wb_str_to_u64(wb_str_from(variable("COLUMNS")), &columns) || columns == 0)
        columns = ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
    if (columns == 0)
        return WIDTH_DEFAULT;
    return columns < WIDTH_LEAST  ? WIDTH_LEAST
           : columns > WIDTH_MOST ? WIDTH_MOST
                                  : (unsigned) columns;
}

void wb_term_init(wb_term *term, FILE *stream, const char *color)
{
    int fd = fileno(stream);
    *term = (wb_term){.stream = stream,
                      .is_terminal = isatty(fd) == 1,
                      .has_unicode = locale_is_utf8(),
                      .width = width_of(fd)};
    term->can_redraw = is_smart(term->is_terminal);
    term->has_colour = wants_colour(term->is_terminal, color);
}

static void note_failure(wb_term *term)
{
    if (term->failure == 0)
        term->failure = errno != 0 ? errno : EIO;
}

void wb_put_bytes(wb_term *term, const char *bytes, size_t length)
{
    errno = 0;
    if (fwrite(bytes, 1, length, term->stream) != length)
        note_failure(term);
}

void wb_put(wb_term *term, const char *format, ...)
{
    WB_AUTO_BUF(text, 0);
    va_list args;
    va_start(args, format);
    wb_buf_vprintf(&text, format, args);
    va_end(args);
    wb_put_bytes(term, wb_buf_text(&text), text.len);
}

void wb_term_flush(wb_term *term)
{
    errno = 0;
    if (fflush(term->stream) != 0)
        note_failure(term);
}

bool wb_term_finish(wb_term *term, wb_error *err)
{
    wb_term_flush(term);
    if (term->failure == 0 || term->failure == EPIPE)
        return true;
    (void) wb_fail_errno(err, term->failure, "cannot write to the standard output");
    return wb_hint(err, "What was asked of the database is done; only the output is incomplete.");
}

const char *wb_paint_begin(const wb_term *term, wb_paint paint)
{
    static const char *const sequences[] = {
        [WB_PAINT_NONE] = "\033[0m",   [WB_PAINT_ID] = "\033[33m",     [WB_PAINT_GOOD] = "\033[32m",
        [WB_PAINT_BAD] = "\033[1;31m", [WB_PAINT_WARN] = "\033[1;33m", [WB_PAINT_DIM] = "\033[2m",
        [WB_PAINT_HEADING] = "\033[1m"};
    return term->has_colour ? sequences[paint] : "";
}

/* ---- shaping text ---- */

static const char *clean(wb_arena *arena, const char *text, bool keep_lines)
{
    char *copy = wb_arena_strdup(arena, text != NULL ? text : "");
    for (size_t i = 0; copy[i] != '\0'; i++) {
        unsigned char c = (unsigned char) copy[i];
        unsigned char next = (unsigned char) copy[i + 1];
        if (c == '\n' && keep_lines)
            continue;
        if (c == '\n' || c == '\r' || c == '\t')
            copy[i] = ' ';
        else if (c < ' ' || c == 0x7f)
            copy[i] = '?';
        else if (c == 0xc2 && next >= 0x80 && next < 0xa0) /* the same controls, in UTF-8 */
            copy[i] = copy[i + 1] = '?';
    }
    return copy;
}

const char *wb_clean(wb_arena *arena, const char *text)
{
    return clean(arena, text, false);
}

const char *wb_clean_lines(wb_arena *arena, const char *text)
{
    return clean(arena, text, true);
}

const char *wb_cut(wb_arena *arena, const char *text, size_t width)
{
    wb_str whole = wb_str_from(text);
    if (wb_utf8_width(whole) <= width)
        return text;
    size_t keep = width > 3 ? width - 3 : 0;
    wb_str part = whole;
    size_t characters = wb_utf8_count(whole);
    while (part.len > 0 && wb_utf8_width(part) > keep)
        part.len = wb_utf8_offset(whole, --characters);
    return wb_arena_printf(arena, "%.*s...", WB_STR_ARG(part));
}

void wb_wrap(wb_buf *buf, const char *text, size_t column, size_t indent, size_t width)
{
    wb_str rest = wb_str_from(text);
    wb_str word;
    bool is_first = true;
    while (wb_str_next_word(&rest, &word)) {
        size_t word_width = wb_utf8_width(word);
        if (column < indent) {
            wb_buf_printf(buf, "%*s", (int) (indent - column), "");
            column = indent;
        } else if (!is_first && column + 1 + word_width > width) {
            wb_buf_printf(buf, "\n%*s", (int) indent, "");
            column = indent;
        } else if (!is_first) {
            wb_buf_putc(buf, ' ');
            column++;
        }
        wb_buf_add_str(buf, word);
        column += word_width;
        is_first = false;
    }
    wb_buf_putc(buf, '\n');
}

const char *wb_duration_text(wb_arena *arena, int64_t duration_us)
{
    int64_t ms = duration_us / 1000;
    if (ms < 100)
        return wb_arena_printf(arena, "%lld ms", (long long) ms);
    if (ms < INT64_C(60) * 1000)
        return wb_arena_printf(arena, "%.2f s", (double) ms / 1000.0);
    int64_t seconds = ms / 1000;
    if (seconds < INT64_C(60) * 60)
        return wb_arena_printf(arena, "%lld min %lld s", (long long) (seconds / 60),
                               (long long) (seconds % 60));
    return wb_arena_printf(arena, "%lld h %lld min", (long long) (seconds / 3600),
                           (long long) (seconds / 60 % 60));
}

const char *wb_plural(size_t count)
{
    return count == 1 ? "" : "s";
}
