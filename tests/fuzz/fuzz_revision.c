/* Any bytes as a revision file: it is read or refused with an error that names a place, and
 * reading it in pieces finds the same sections. */
#include "revision/revision_scan.h"

#include <stdlib.h>

/* NOLINTNEXTLINE(readability-identifier-naming): the fuzzer's name for it */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
    if (!is_true)
        abort();
}

/* The piece length comes from the data, so that the fuzzer can choose it. */
static bool scan_in_pieces(wb_str text, size_t length, wb_revision *revision, wb_arena *arena,
                           wb_error *err)
{
    wb_scan scan;
    wb_scan_init(&scan, "fuzz.sql", revision, false, arena, arena);
    for (size_t start = 0; start < text.len;) {
        wb_str piece = wb_str_sub(text, start, length);
        if (start + piece.len < text.len)
            piece.len -= wb_scan_unfinished(piece);
        if (!wb_scan_feed(&scan, piece, err))
            return false;
        start += piece.len;
    }
    return wb_scan_finish(&scan, err);
}

static void compare_sections(const wb_revision *a, const wb_revision *b)
{
    require(a->sections.count == b->sections.count);
    for (size_t i = 0; i < a->sections.count; i++) {
        require(a->sections.items[i].start.offset == b->sections.items[i].start.offset);
        require(a->sections.items[i].start.line == b->sections.items[i].start.line);
        require(a->sections.items[i].length == b->sections.items[i].length);
        require(a->sections.items[i].direction == b->sections.items[i].direction);
    }
}

static void check_revision(const wb_revision *revision, size_t size)
{
    uint64_t end = 0;
    require(wb_revision_id_is_valid(wb_str_from(revision->id)));
    require(revision->message != NULL && revision->slug != NULL && revision->sections.count > 0);
    for (size_t i = 0; i < revision->sections.count; i++) {
        const wb_section *section = &revision->sections.items[i];
        require(section->start.offset >= end);
        end = section->start.offset + section->length;
        require(end <= size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    WB_SCRATCH(arena);
    wb_str text = wb_str_make(wb_str_dup(arena, wb_str_make((const char *) data, size)), size);
    wb_error err = {0};
    wb_error piece_err = {0};
    wb_revision *revision = NULL;
    wb_revision in_pieces = {0};
    size_t length = 4 + (size > 0 ? data[size / 2] % 61U : 0);
    bool is_read = wb_revision_parse(text, "fuzz.sql", arena, &revision, &err);
    bool is_scanned = scan_in_pieces(text, length, &in_pieces, arena, &piece_err);
    if (!is_read) {
        require(err.status != WB_E_OK && err.message[0] != '\0' && err.hint[0] != '\0');
        require(err.line != 0 && strcmp(err.file, "fuzz.sql") == 0);
        return 0;
    }
    require(is_scanned);
    check_revision(revision, size);
    compare_sections(revision, &in_pieces);
    return 0;
}
