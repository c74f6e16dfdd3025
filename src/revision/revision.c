/* One revision file: its header and sections, and its checksums. */
#include "revision/revision.h"

#include "revision/revision_scan.h"
#include "revision/revision_slug.h"

#include <assert.h>

enum { PIECE_BYTES = 64 * 1024 };

bool wb_revision_parse(wb_str text, const char *path, wb_arena *arena, wb_revision **ret_revision,
                       wb_error *err)
{
    WB_SCRATCH(tmp);
    wb_revision *revision = WB_NEW(arena, wb_revision);
    wb_scan scan;
    wb_scan_init(&scan, wb_arena_strdup(arena, path), revision, true, arena, tmp);
    if (!wb_scan_feed(&scan, text, err) || !wb_scan_finish(&scan, err))
        return false;
    wb_revision_set_slug(revision, arena);
    *ret_revision = revision;
    return true;
}

/* Feeds what the reader still gives to the scan; `piece` has room for PIECE_BYTES. */
static bool scan_rest(wb_scan *scan, wb_reader *reader, char *piece, wb_error *err)
{
    size_t kept = 0; /* bytes of a character that goes on in the next piece */
    for (;;) {
        size_t got = 0;
        if (!wb_reader_read(reader, piece + kept, PIECE_BYTES - kept, &got, err))
            return false;
        wb_str whole = wb_str_make(piece, kept + got);
        kept = got != 0 ? wb_scan_unfinished(whole) : 0;
        if (!wb_scan_feed(scan, wb_str_sub(whole, 0, whole.len - kept), err))
            return false;
        if (got == 0)
            return true;
        memmove(piece, piece + whole.len - kept, kept);
    }
}

bool wb_revision_sections(wb_revision *revision, wb_arena *arena, wb_error *err)
{
    if (revision->sections_known)
        return true;
    WB_SCRATCH(tmp);
    wb_reader reader;
    if (!wb_reader_open(&reader, revision->path, 0, err))
        return false;
    wb_scan scan;
    wb_scan_init(&scan, revision->path, revision, false, arena, tmp);
    bool ok = scan_rest(&scan, &reader, wb_arena_alloc(tmp, PIECE_BYTES), err) &&
              wb_scan_finish(&scan, err);
    wb_reader_close(&reader);
    return ok;
}

const wb_section *wb_revision_section(const wb_revision *revision, wb_direction direction,
                                      wb_dialect_id engine)
{
    const wb_section *general = NULL;
    assert(revision->sections_known);
    for (size_t i = 0; i < revision->sections.count; i++) {
        const wb_section *section = &revision->sections.items[i];
        if (section->direction != direction)
            continue;
        if (section->dialect != NULL && section->dialect->id == engine)
            return section;
        if (section->dialect == NULL)
            general = section;
    }
    return general;
}

static bool hash_file(wb_reader *reader, char *piece, wb_sha256 *hash, wb_error *err)
{
    for (;;) {
        size_t got = 0;
        if (!wb_reader_read(reader, piece, PIECE_BYTES, &got, err))
            return false;
        if (got == 0)
            return true;
        wb_sha256_add(hash, wb_str_make(piece, got));
    }
}

bool wb_revision_checksum(wb_revision *revision, wb_error *err)
{
    WB_SCRATCH(tmp);
    wb_reader reader;
    if (!wb_reader_open(&reader, revision->path, 0, err))
        return false;
    wb_sha256 hash;
    wb_sha256_init(&hash);
    bool ok = hash_file(&reader, wb_arena_alloc(tmp, PIECE_BYTES), &hash, err);
    wb_reader_close(&reader);
    if (ok)
        wb_sha256_hex(&hash, revision->checksum);
    return ok;
}

static bool hash_section(const wb_revision *revision, const wb_section *section,
                         const wb_dialect *dialect, wb_sha256 *hash, wb_error *err)
{
    wb_section_source *source = NULL;
    if (!wb_section_open(revision, section, NULL, NULL, &source, err))
        return false;
    wb_splitter_options options = {
        .dialect = dialect, .file = revision->path, .start = section->start};
    bool ok = wb_sql_hash_tokens(&options, wb_section_read, source, hash, err);
    wb_section_close(source);
    return ok;
}

bool wb_revision_normal_checksum(wb_revision *revision, const wb_dialect *dialect,
                                 char ret_hex[WB_SHA256_HEX], wb_error *err)
{
    static const wb_direction directions[] = {WB_UP, WB_DOWN};
    WB_SCRATCH(tmp);
    wb_revision whole = *revision; /* with its sections, which go with `tmp` */
    wb_sha256 hash;
    if (!wb_revision_sections(&whole, tmp, err))
        return false;
    wb_sha256_init(&hash);
    for (size_t i = 0; i < 2; i++) {
        const wb_section *section = wb_revision_section(&whole, directions[i], dialect->id);
        wb_sha256_add(&hash, section != NULL ? WB_STR("+") : WB_STR("-"));
        if (section != NULL && !hash_section(&whole, section, dialect, &hash, err))
            return false;
    }
    wb_sha256_hex(&hash, ret_hex);
    return true;
}
