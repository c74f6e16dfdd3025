/* Loading all revisions of the folders.
 *
 * A file costs an open, a read and a close: it is read into one buffer, which all files share, and
 * what is needed of it is copied out. A file that is larger than the buffer gives its header from
 * the first piece; its sections are found when they are wanted. */
#define _GNU_SOURCE
#include "revision/graph_keys.h"
#include "revision/revision_folder.h"
#include "revision/revision_scan.h"
#include "revision/revision_slug.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { LOAD_PIECE_BYTES = 64 * 1024 };

typedef struct loader {
    const wb_folder_options *options;
    wb_revision_set *set;
    wb_keys ids;
    wb_arena *arena;
    wb_arena *tmp;  /* of the load */
    wb_arena *each; /* of one file; emptied for the next */
    wb_scan scan;
    char *piece;
} loader;

static bool fail_open(const char *path, wb_error *err)
{
    bool is_denied = errno == EACCES;
    (void) wb_fail_errno(err, errno, "cannot open \"%s\"", path);
    (void) wb_at(err, path, 0, 0);
    return wb_hint(err, is_denied ? "Give the user that runs this the right to read the file."
                                  : "Check that the file is still there.");
}

/* A file that is larger than one piece. With checksums it is read to its end, and then the
 * sections cost nothing more. */
static bool read_large(loader *work, wb_reader *reader, wb_revision *revision, wb_sha256 *hash,
                       wb_error *err)
{
    wb_str piece = wb_str_make(work->piece, LOAD_PIECE_BYTES);
    size_t kept = wb_scan_unfinished(piece);
    if (!wb_scan_feed(&work->scan, wb_str_sub(piece, 0, piece.len - kept), err))
        return false;
    if (!work->scan.in_body) {
        (void) wb_fail(err, WB_E_REVISION, "there is no \"-- migrate:up\" in the first %d KiB",
                       LOAD_PIECE_BYTES / 1024);
        (void) wb_hint(err, "Put the first marker near the top, and long explanations below it.");
        return wb_at(err, revision->path, 1, 0);
    }
    if (!work->options->want_checksums)
        return true;
    for (;;) {
        memmove(work->piece, work->piece + piece.len - kept, kept);
        size_t got = 0;
        if (!wb_reader_read(reader, work->piece + kept, LOAD_PIECE_BYTES - kept, &got, err))
            return false;
        wb_sha256_add(hash, wb_str_make(work->piece + kept, got));
        piece = wb_str_make(work->piece, kept + got);
        kept = got != 0 ? wb_scan_unfinished(piece) : 0;
        if (!wb_scan_feed(&work->scan, wb_str_sub(piece, 0, piece.len - kept), err))
            return false;
        if (got == 0)
            return wb_scan_finish(&work->scan, err);
    }
}

static bool read_revision(loader *work, wb_reader *reader, wb_revision *revision, wb_error *err)
{
    wb_sha256 hash;
    size_t got = 0;
    if (!wb_reader_read(reader, work->piece, LOAD_PIECE_BYTES, &got, err))
        return false;
    wb_arena_clear(work->each);
    wb_scan_init(&work->scan, revision->path, revision, true, work->arena, work->each);
    if (work->options->want_checksums) {
        wb_sha256_init(&hash);
        wb_sha256_add(&hash, wb_str_make(work->piece, got));
    }
    if (got < LOAD_PIECE_BYTES) {
        if (!wb_scan_feed(&work->scan, wb_str_make(work->piece, got), err) ||
            !wb_scan_finish(&work->scan, err))
            return false;
    } else if (!read_large(work, reader, revision, &hash, err)) {
        return false;
    }
    if (work->options->want_checksums)
        wb_sha256_hex(&hash, revision->checksum);
    return true;
}

static bool add_revision(loader *work, wb_revision *revision, wb_error *err)
{
    size_t count = work->set->revisions.count;
    wb_key key = {.text = wb_str_from(revision->id), .value = (uint32_t) count};
    const wb_key *taken = wb_keys_add(&work->ids, key);
    if (taken != NULL) {
        const wb_revision *other = work->set->revisions.items[taken->value];
        (void) wb_fail(err, WB_E_REVISION, "two files have the revision id \"%s\"", revision->id);
        (void) wb_at(err, revision->path, revision->id_line, 0);
        (void) wb_detail(err, "The other file is \"%s\", line %u.", other->path, other->id_line);
        return wb_hint(err, "Remove one of the files, or give one of them a new id.");
    }
    revision->index = (uint32_t) count;
    wb_revision_set_slug(revision, work->arena);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): it is a list of pointers */
    WB_LIST_ADD(work->arena, &work->set->revisions, revision);
    return true;
}

static bool load_file(loader *work, const wb_root *root, const char *name, wb_error *err)
{
    wb_revision *revision = WB_NEW(work->arena, wb_revision);
    revision->path = wb_path_join(work->arena, root->path, name);
    /* O_NONBLOCK: were the file changed for a pipe at this moment, opening it would hang. */
    int fd = openat(root->fd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return fail_open(revision->path, err);
    wb_reader reader = {.fd = fd, .path = revision->path};
    bool ok = read_revision(work, &reader, revision, err);
    wb_reader_close(&reader);
    return ok && add_revision(work, revision, err);
}

static bool load_folder(loader *work, const wb_root *root, const wb_root *roots, wb_error *err)
{
    if (root->fd < 0)
        return true;
    const char **paths = NULL;
    size_t count = 0;
    if (!wb_folder_list(root, roots, work->options->folder_count, work->tmp, &paths, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!load_file(work, root, paths[i], err))
            return false;
    }
    return true;
}

static bool open_roots(const wb_folder_options *options, wb_root *roots, wb_error *err)
{
    for (size_t i = 0; i < options->folder_count; i++) {
        if (!wb_root_open(&roots[i], options->folders[i], options->allow_missing, err))
            return false;
        for (size_t k = 0; k < i && roots[i].fd >= 0; k++) {
            if (roots[k].fd < 0 || roots[k].identity.device != roots[i].identity.device ||
                roots[k].identity.inode != roots[i].identity.inode)
                continue;
            (void) wb_fail(err, WB_E_CONFIG, "the folder \"%s\" is given twice", roots[i].path);
            return wb_hint(err, "Name each folder once.");
        }
    }
    return true;
}

bool wb_revisions_load(const wb_folder_options *options, wb_arena *arena, wb_revision_set **ret_set,
                       wb_error *err)
{
    WB_SCRATCH(tmp);
    WB_SCRATCH(each);
    loader work = {.options = options,
                   .set = WB_NEW(arena, wb_revision_set),
                   .arena = arena,
                   .tmp = tmp,
                   .each = each,
                   .piece = wb_arena_alloc(tmp, LOAD_PIECE_BYTES)};
    work.set->arena = arena;
    wb_keys_init(&work.ids, 64, tmp);
    wb_root *roots = WB_NEW_ARRAY(tmp, wb_root, options->folder_count + 1);
    for (size_t i = 0; i < options->folder_count; i++)
        roots[i].fd = -1;
    bool ok = open_roots(options, roots, err);
    for (size_t i = 0; i < options->folder_count && ok; i++)
        ok = load_folder(&work, &roots[i], roots, err);
    for (size_t i = 0; i < options->folder_count; i++)
        wb_root_close(&roots[i]);
    if (ok)
        *ret_set = work.set;
    return ok;
}
