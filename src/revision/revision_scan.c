#include "revision/revision_scan.h"

#include "base/utf8.h"

void wb_scan_init(wb_scan *scan, const char *path, wb_revision *revision, bool wants_header,
                  wb_arena *arena, wb_arena *scratch)
{
    /* Not the array: loading makes a hundred thousand of these. */
    memset(scan, 0, offsetof(wb_scan, begun));
    scan->begun_length = 0;
    scan->has_lone_cr = false;
    memset(&scan->sections, 0, sizeof(scan->sections));
    scan->path = path;
    scan->revision = revision;
    scan->wants_header = wants_header;
    scan->arena = arena;
    scan->scratch = scratch;
    scan->line = 1;
    if (wants_header)
        wb_header_init(&scan->header, path, revision, arena, scratch);
}

size_t wb_scan_unfinished(wb_str piece)
{
    size_t start = piece.len;
    while (start > 0 && piece.len - start < 3 &&
           ((unsigned char) piece.ptr[start - 1] & 0xC0U) == 0x80U)
        start--;
    if (start == 0)
        return 0;
    unsigned char first = (unsigned char) piece.ptr[start - 1];
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    size_t have = piece.len - start + 1;
    return have < length ? have : 0;
}

/* A byte that is no text: where it is, and what to do. */
static bool fail_byte(const wb_scan *scan, wb_str piece, size_t offset, wb_error *err)
{
    unsigned char byte = (unsigned char) piece.ptr[offset];
    if (byte == 0)
        (void) wb_fail(err, WB_E_ENCODING, "the file has a NUL byte");
    else
        (void) wb_fail(err, WB_E_ENCODING, "the byte 0x%02X is not valid UTF-8", byte);
    (void) wb_hint(err, byte == 0 || byte >= 0xFE
                            ? "Save the file as UTF-8; it may be UTF-16, or no text at all."
                            : "Save the file as UTF-8; it may be in Latin-1 or another encoding.");
    (void) wb_at(err, scan->path, 0, 0);
    (void) wb_show(err, wb_str_sub(piece, 0, offset), offset, scan->line, scan->column + 1);
    err->excerpt[0] = '\0'; /* it cannot be shown */
    err->caret = 0;
    return false;
}

static bool check_text(wb_scan *scan, wb_str piece, wb_error *err)
{
    size_t bad = 0;
    size_t zero = 0;
    bool is_valid = wb_utf8_is_valid(piece, &bad);
    bool has_zero = wb_str_find_byte(piece, '\0', &zero);
    if (is_valid && !has_zero)
        return true;
    return fail_byte(scan, piece, is_valid || (has_zero && zero < bad) ? zero : bad, err);
}

static void end_section(wb_scan *scan, uint64_t end)
{
    if (scan->sections.count == 0)
        return;
    wb_section *last = &scan->sections.items[scan->sections.count - 1];
    last->length = end - last->start.offset;
}

static bool begin_section(wb_scan *scan, const wb_section *section, uint64_t next_line,
                          wb_error *err)
{
    wb_section fresh = *section;
    for (size_t i = 0; i < scan->sections.count; i++) {
        const wb_section *other = &scan->sections.items[i];
        if (other->direction != fresh.direction || other->dialect != fresh.dialect)
            continue;
        (void) wb_fail(err, WB_E_REVISION, "there is a second \"migrate:%s\" section for %s",
                       fresh.direction == WB_UP ? "up" : "down",
                       fresh.dialect != NULL ? fresh.dialect->name : "all engines");
        (void) wb_detail(err, "The first begins in line %u.", other->start.line - 1);
        (void) wb_hint(err, "Join them, or limit them to different engines with engine:name.");
        return wb_at(err, scan->path, scan->line, 1);
    }
    end_section(scan, scan->line_offset);
    fresh.start = (wb_position){next_line, scan->line + 1, 1};
    fresh.length = 0;
    WB_LIST_ADD(scan->scratch, &scan->sections, fresh);
    scan->in_body = true;
    return true;
}

static bool fail_text_before_marker(const wb_scan *scan, wb_str line, wb_error *err)
{
    (void) wb_fail(err, WB_E_REVISION, "there is SQL before the first marker");
    (void) wb_hint(err,
                   "Put a line \"-- migrate:up\" above it; the header takes \"--\" comments only.");
    (void) wb_at(err, scan->path, scan->line, 0);
    return wb_show(err, line, 0, scan->line, 1);
}

static bool take_marker(wb_scan *scan, const wb_section *section, size_t length, uint64_t next_line,
                        wb_error *err)
{
    if (length > WB_MARKER_MAX) {
        (void) wb_fail(err, WB_E_REVISION, "the marker line is longer than %d bytes",
                       WB_MARKER_MAX);
        (void) wb_hint(err, "Shorten it; options are separated by one blank.");
        return wb_at(err, scan->path, scan->line, 1);
    }
    if (!scan->in_body && scan->wants_header && !wb_header_finish(&scan->header, scan->line, err))
        return false;
    return begin_section(scan, section, next_line, err);
}

static bool take_header_line(wb_scan *scan, wb_str line, wb_error *err)
{
    wb_str text = wb_str_trim(line);
    if (text.len != 0 && !wb_str_has_prefix(text, WB_STR("--")))
        return fail_text_before_marker(scan, line, err);
    return !scan->wants_header || wb_header_add(&scan->header, line, scan->line, err);
}

/* A whole line, or the beginning of one that is longer than any marker. */
static bool take_line(wb_scan *scan, wb_str line, uint64_t next_line, wb_error *err)
{
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    /* Most lines are neither blank nor a comment: look no further. */
    if (scan->in_body && (line.len == 0 || (line.ptr[0] != '-' && !wb_is_space(line.ptr[0]))))
        return true;
    wb_section section;
    bool is_marker = false;
    if (!wb_marker_parse(line, scan->line, scan->path, &is_marker, &section, err))
        return false;
    if (is_marker)
        return take_marker(scan, &section, line.len, next_line, err);
    return scan->in_body || take_header_line(scan, line, err);
}

/* Keeps the beginning of a line that goes on in the next piece. */
static void keep_beginning(wb_scan *scan, wb_str part)
{
    size_t room = sizeof(scan->begun) - scan->begun_length;
    wb_str kept = wb_str_sub(part, 0, room);
    if (kept.len < part.len)
        kept.len = wb_utf8_floor(part, kept.len);
    memcpy(scan->begun + scan->begun_length, kept.ptr, kept.len);
    scan->begun_length += kept.len;
    scan->column += (unsigned) wb_utf8_count(part);
}

bool wb_scan_feed(wb_scan *scan, wb_str piece, wb_error *err)
{
    if (!check_text(scan, piece, err))
        return false;
    size_t start = 0;
    if (scan->offset == 0 && wb_str_has_prefix(piece, WB_STR("\xEF\xBB\xBF")))
        start = 3; /* the byte order mark that some editors write */
    while (start < piece.len) {
        wb_str rest = wb_str_from_offset(piece, start);
        size_t end = 0;
        if (!wb_str_find_byte(rest, '\n', &end)) {
            if (scan->begun_length == 0 && scan->column == 0)
                scan->line_offset = scan->offset + start;
            keep_beginning(scan, rest);
            break;
        }
        wb_str line = wb_str_sub(rest, 0, end);
        bool has_begun = scan->column != 0;
        if (has_begun) {
            keep_beginning(scan, line);
            line = wb_str_make(scan->begun, scan->begun_length);
        } else {
            scan->line_offset = scan->offset + start;
        }
        start += end + 1;
        if (!take_line(scan, line, scan->offset + start, err))
            return false;
        scan->line++;
        scan->column = 0;
        scan->begun_length = 0;
    }
    scan->offset += piece.len;
    return true;
}

static bool has_up(const wb_scan *scan)
{
    for (size_t i = 0; i < scan->sections.count; i++) {
        if (scan->sections.items[i].direction == WB_UP)
            return true;
    }
    return false;
}

static bool fail_no_up(const wb_scan *scan, wb_error *err)
{
    if (scan->offset == 0) {
        (void) wb_fail(err, WB_E_REVISION, "the file is empty");
        (void) wb_hint(err, "Remove it, or write a header and a section \"-- migrate:up\"; "
                            "\"whimbrel revision\" makes such a file.");
    } else {
        (void) wb_fail(err, WB_E_REVISION, "the file has no \"-- migrate:up\" section");
        (void) wb_hint(err, "Put a line \"-- migrate:up\" above the SQL that moves forward.");
    }
    return wb_at(err, scan->path, scan->line, 0);
}

bool wb_scan_finish(wb_scan *scan, wb_error *err)
{
    wb_str last = wb_str_make(scan->begun, scan->begun_length);
    if (last.len != 0 && !take_line(scan, last, scan->offset, err))
        return false;
    if (!scan->in_body && scan->wants_header && scan->offset != 0 &&
        !wb_header_finish(&scan->header, scan->line, err))
        return false;
    if (!has_up(scan))
        return fail_no_up(scan, err);
    end_section(scan, scan->offset);
    wb_revision *revision = scan->revision;
    size_t count = scan->sections.count;
    revision->sections.items = WB_NEW_ARRAY(scan->arena, wb_section, count);
    memcpy(revision->sections.items, scan->sections.items, count * sizeof(wb_section));
    revision->sections.count = count;
    revision->sections.capacity = count;
    revision->sections_known = true;
    revision->size_bytes = scan->offset;
    return true;
}
