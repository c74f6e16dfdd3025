/* File names from a template: strftime fields and {revision}, {slug}, {seq}. */
#define _GNU_SOURCE /* gmtime_r, localtime_r, tzset */
#include "base/fail.h"
#include "base/utf8.h"
#include "revision/revision_slug.h"

#include <time.h>

typedef struct namer {
    const wb_new_revision *revision;
    const char *slug;
    struct tm time;
    bool has_identity; /* {revision} or {seq} was there */
    wb_buf name;
} namer;

static bool fail_template(const namer *work, wb_str part, const char *hint, wb_error *err)
{
    (void) wb_fail(err, WB_E_CONFIG, "the file template \"%s\" has an unknown field \"%.*s\"",
                   work->revision->file_template, WB_STR_ARG(part));
    return wb_hint(err, "%s", hint);
}

/* The fields of strftime that are numbers: no locale changes them. */
static bool time_number(const struct tm *when, char field, int *ret_number, int *ret_width)
{
    *ret_width = field == 'Y' ? 4 : field == 'j' ? 3 : 2;
    switch (field) {
    case 'Y':
        *ret_number = when->tm_year + 1900;
        return true;
    case 'y':
        *ret_number = when->tm_year % 100;
        return true;
    case 'm':
        *ret_number = when->tm_mon + 1;
        return true;
    case 'd':
        *ret_number = when->tm_mday;
        return true;
    case 'j':
        *ret_number = when->tm_yday + 1;
        return true;
    case 'H':
        *ret_number = when->tm_hour;
        return true;
    case 'M':
        *ret_number = when->tm_min;
        return true;
    case 'S':
        *ret_number = when->tm_sec;
        return true;
    default:
        return false;
    }
}

static bool add_time(namer *work, wb_str template, wb_error *err)
{
    int number = 0;
    int width = 0;
    char field = '\0';
    if (template.len >= 2)
        field = template.ptr[1];
    if (field == '%') {
        wb_buf_putc(&work->name, '%');
        return true;
    }
    if (!time_number(&work->time, field, &number, &width))
        return fail_template(work, wb_str_sub(template, 0, 2),
                             "Fields of the time are %Y %y %m %d %j %H %M %S; "
                             "a percent sign itself is %%.",
                             err);
    wb_buf_printf(&work->name, "%0*d", width, number);
    return true;
}

/* Takes off the glue before a slug that is empty, so that "id_.sql" becomes "id.sql". */
static void add_slug(namer *work)
{
    wb_buf *name = &work->name;
    bool has_glue =
        name->len > 1 && (name->ptr[name->len - 1] == '_' || name->ptr[name->len - 1] == '-');
    if (work->slug[0] == '\0' && has_glue)
        name->ptr[--name->len] = '\0';
    wb_buf_puts(name, work->slug);
}

static bool add_field(namer *work, wb_str field, wb_error *err)
{
    enum { WIDEST = 20 };
    wb_str inner = wb_str_sub(field, 1, field.len - 2);
    uint64_t width = 1;
    if (wb_str_is(inner, "slug")) {
        add_slug(work);
        return true;
    }
    if (wb_str_is(inner, "revision")) {
        work->has_identity = true;
        wb_buf_puts(&work->name, work->revision->id);
        return true;
    }
    bool is_seq = wb_str_is(inner, "seq");
    if (wb_str_has_prefix(inner, WB_STR("seq:")))
        is_seq =
            wb_str_to_u64(wb_str_from_offset(inner, 4), &width) && width >= 1 && width <= WIDEST;
    if (!is_seq)
        return fail_template(work, field, "The fields are {revision}, {slug}, {seq} and {seq:4}.",
                             err);
    work->has_identity = true;
    wb_buf_printf(&work->name, "%0*llu", (int) width,
                  (unsigned long long) work->revision->sequence);
    return true;
}

static bool expand(namer *work, wb_error *err)
{
    wb_str rest = wb_str_from(work->revision->file_template);
    while (rest.len > 0) {
        size_t used = 1;
        size_t close = 0;
        if (rest.ptr[0] == '%') {
            used = 2;
            if (!add_time(work, rest, err))
                return false;
        } else if (rest.ptr[0] == '{') {
            if (!wb_str_find_byte(rest, '}', &close))
                return fail_template(work, rest, "A field ends with a closing brace.", err);
            used = close + 1;
            if (!add_field(work, wb_str_sub(rest, 0, used), err))
                return false;
        } else {
            wb_buf_putc(&work->name, rest.ptr[0]);
        }
        rest = wb_str_from_offset(rest, used);
    }
    return true;
}

/* What is wrong with one part of the path; NULL where nothing is. */
static const char *fault_of_part(wb_str part)
{
    enum { LONGEST = 255 };
    if (part.len == 0)
        return "has an empty part";
    if (wb_str_is(part, "..") || wb_str_is(part, "."))
        return "leaves its folder";
    if (part.ptr[0] == '.' || part.ptr[0] == '_')
        return "has a part that begins with \".\" or \"_\", which would be passed over";
    if (part.len > LONGEST)
        return "has a part that is longer than 255 bytes";
    for (size_t i = 0; i < part.len; i++) {
        if ((unsigned char) part.ptr[i] < ' ' || part.ptr[i] == 0x7F || part.ptr[i] == '\\')
            return "has a control character or a backslash";
    }
    return NULL;
}

static const char *fault_of_name(const namer *work, wb_str name)
{
    size_t ignored = 0;
    if (!work->has_identity)
        return "has neither {revision} nor {seq}, so that two files could get one name";
    if (!wb_utf8_is_valid(name, &ignored))
        return "is not valid UTF-8";
    wb_str part;
    wb_str rest = name;
    while (wb_str_split(&rest, '/', &part)) {
        const char *fault = fault_of_part(part);
        if (fault != NULL)
            return fault;
    }
    if (!wb_str_has_suffix(name, WB_STR(".sql")))
        return "does not end in \".sql\"";
    return NULL;
}

bool wb_revision_file_name(const wb_new_revision *revision, int64_t now_us, wb_arena *arena,
                           const char **ret_name, wb_error *err)
{
    unsigned length = revision->slug_length != 0 ? revision->slug_length : WB_SLUG_LENGTH;
    namer work = {.revision = revision,
                  .slug =
                      wb_slug(revision->message != NULL ? revision->message : "", length, arena)};
    time_t seconds = (time_t) (now_us / 1000000);
    if (revision->local_time) {
        tzset(); /* localtime_r need not */
        (void) localtime_r(&seconds, &work.time);
    } else {
        (void) gmtime_r(&seconds, &work.time);
    }
    wb_buf_init(&work.name, 0);
    bool ok = expand(&work, err);
    const char *fault = ok ? fault_of_name(&work, wb_buf_str(&work.name)) : NULL;
    if (fault != NULL) {
        ok = wb_fail(err, WB_E_CONFIG, "the file template \"%s\" %s", revision->file_template,
                     fault);
        (void) wb_detail(err, "It makes the name \"%s\".", wb_buf_text(&work.name));
        (void) wb_hint(err, "The default is \"%s\".", WB_REVISION_TEMPLATE);
    } else if (ok) {
        *ret_name = wb_str_dup(arena, wb_buf_str(&work.name));
    }
    wb_buf_clear(&work.name);
    return ok;
}
