/* Listing a folder and those below it.
 *
 * The kind of an entry comes from the listing itself (d_type); only symbolic links, and entries on
 * file systems that do not tell, cost a question each. A loop can only be made by a link, and
 * shows itself as a folder that has itself among the folders it lies in. */
#define _GNU_SOURCE /* d_type */
#include "revision/revision_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct folder {
    const char *path; /* from the root; empty for the root itself */
    uint32_t parent;  /* its place in the list of folders */
    wb_identity identity;
} folder;

typedef struct lister {
    const wb_root *root;
    const wb_root *roots;
    size_t root_count;
    wb_arena *arena;
    WB_LIST(folder) folders; /* those behind the one being read are still to be read */
    WB_LIST(const char *) files;
} lister;

static wb_identity identity_of(const struct stat *about)
{
    return (wb_identity){about->st_dev, about->st_ino};
}

static bool is_same(wb_identity a, wb_identity b)
{
    return a.device == b.device && a.inode == b.inode;
}

bool wb_root_open(wb_root *root, const char *path, bool allow_missing, wb_error *err)
{
    *root = (wb_root){.path = path, .fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (root->fd < 0 && errno == ENOENT && allow_missing)
        return true;
    if (root->fd < 0 && errno == ENOTDIR) {
        (void) wb_fail(err, WB_E_IO, "\"%s\" is not a folder", path);
        return wb_hint(err, "Give the folder in which the revision files lie.");
    }
    if (root->fd < 0) {
        bool is_missing = errno == ENOENT;
        (void) wb_fail_errno(err, errno, "cannot open the folder \"%s\"", path);
        return wb_hint(err, is_missing
                                ? "Make it with \"whimbrel init\", or correct \"migrations\" "
                                  "in the project file."
                                : "Check who may read it, and where its links lead.");
    }
    struct stat about;
    if (fstat(root->fd, &about) != 0) {
        int reason = errno;
        wb_root_close(root);
        return wb_fail_errno(err, reason, "cannot read the folder \"%s\"", path);
    }
    root->identity = identity_of(&about);
    return true;
}

void wb_root_close(wb_root *root)
{
    if (root->fd >= 0)
        (void) close(root->fd);
    root->fd = -1;
}

typedef enum entry_kind { KIND_FILE, KIND_FOLDER, KIND_OTHER } entry_kind;

static const char *full_path(const lister *work, const char *path)
{
    return path[0] != '\0' ? wb_path_join(work->arena, work->root->path, path) : work->root->path;
}

/* What an entry is; a link is what it leads to. */
static bool find_kind(const lister *work, unsigned char type, const char *path,
                      entry_kind *ret_kind, wb_error *err)
{
    *ret_kind = type == DT_REG ? KIND_FILE : type == DT_DIR ? KIND_FOLDER : KIND_OTHER;
    if (type != DT_LNK && type != DT_UNKNOWN)
        return true;
    struct stat about;
    if (fstatat(work->root->fd, path, &about, 0) != 0) {
        bool is_loop = errno == ELOOP;
        (void) wb_fail_errno(err, errno, "cannot follow the link \"%s\"", full_path(work, path));
        return wb_hint(err, is_loop ? "The links lead in a circle; remove one of them."
                                    : "Remove the link, or restore what it leads to.");
    }
    *ret_kind = S_ISREG(about.st_mode)   ? KIND_FILE
                : S_ISDIR(about.st_mode) ? KIND_FOLDER
                                         : KIND_OTHER;
    return true;
}

static bool fail_entry(const lister *work, const char *path, const char *what, const char *hint,
                       wb_error *err)
{
    (void) wb_fail(err, WB_E_REVISION, "\"%s\" %s", full_path(work, path), what);
    (void) wb_at(err, full_path(work, path), 0, 0);
    return wb_hint(err, "%s", hint);
}

static bool add_entry(lister *work, uint32_t parent, const char *path, entry_kind kind,
                      wb_error *err)
{
    wb_str name = wb_str_from(path);
    bool is_sql = wb_str_has_suffix(name, WB_STR(".sql"));
    bool is_nearly = name.len >= 4 && !is_sql &&
                     wb_str_is_nocase(wb_str_from_offset(name, name.len - 4), ".sql");
    if (is_nearly && kind == KIND_FILE)
        return fail_entry(work, path, "ends in capital letters",
                          "Rename it so that it ends in \".sql\", or put \"_\" before its name.",
                          err);
    if (is_sql && kind == KIND_FOLDER)
        return fail_entry(work, path, "is a folder, though it is named like a revision file",
                          "Rename it, or put \"_\" before its name to have it passed over.", err);
    if (is_sql && kind == KIND_OTHER)
        return fail_entry(work, path, "is neither a file nor a folder",
                          "A revision must be a plain file; remove the pipe or device.", err);
    if (kind == KIND_FOLDER)
        WB_LIST_ADD(work->arena, &work->folders, ((folder){path, parent, {0}}));
    else if (is_sql)
        WB_LIST_ADD(work->arena, &work->files, path);
    return true;
}

static bool read_entries(lister *work, DIR *listing, uint32_t index, wb_error *err)
{
    const char *above = work->folders.items[index].path;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(listing); // NOLINT(concurrency-mt-unsafe): own stream
        if (entry == NULL && errno != 0)
            return wb_fail_errno(err, errno, "cannot read the folder \"%s\"",
                                 full_path(work, above));
        if (entry == NULL)
            return true;
        if (entry->d_name[0] == '.' || entry->d_name[0] == '_')
            continue;
        entry_kind kind = KIND_OTHER;
        const char *path = wb_path_join(work->arena, above, entry->d_name);
        if (!find_kind(work, entry->d_type, path, &kind, err) ||
            !add_entry(work, index, path, kind, err))
            return false;
    }
}

/* Is this folder one that it lies in itself, or one of the others that were given? */
static bool check_identity(const lister *work, uint32_t index, wb_error *err)
{
    const folder *here = &work->folders.items[index];
    for (uint32_t i = index; i != 0;) {
        i = work->folders.items[i].parent;
        if (is_same(work->folders.items[i].identity, here->identity))
            return fail_entry(work, here->path, "leads back to a folder that it lies in",
                              "Remove the symbolic link that makes the circle.", err);
    }
    for (size_t i = 0; i < work->root_count && index != 0; i++) {
        const wb_root *other = &work->roots[i];
        if (other == work->root || other->fd < 0 || !is_same(other->identity, here->identity))
            continue;
        (void) wb_fail(err, WB_E_CONFIG, "the folder \"%s\" is given, but lies in \"%s\" already",
                       other->path, work->root->path);
        return wb_hint(err, "Folders are read with those in them; give only the upper one.");
    }
    return true;
}

static bool read_folder(lister *work, uint32_t index, wb_error *err)
{
    const char *path = work->folders.items[index].path;
    int fd =
        openat(work->root->fd, path[0] != '\0' ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
    struct stat about;
    if (listing == NULL || fstat(fd, &about) != 0) {
        int reason = errno;
        if (listing != NULL)
            (void) closedir(listing);
        else if (fd >= 0)
            (void) close(fd);
        return wb_fail_errno(err, reason, "cannot read the folder \"%s\"", full_path(work, path));
    }
    work->folders.items[index].identity = identity_of(&about);
    bool ok = check_identity(work, index, err) && read_entries(work, listing, index, err);
    (void) closedir(listing);
    return ok;
}

static int compare_paths(const void *left, const void *right)
{
    const char *const *a = left;
    const char *const *b = right;
    return strcmp(*a, *b); /* by bytes, as unsigned */
}

bool wb_folder_list(const wb_root *root, const wb_root *roots, size_t root_count, wb_arena *arena,
                    const char ***ret_paths, size_t *ret_count, wb_error *err)
{
    lister work = {.root = root, .roots = roots, .root_count = root_count, .arena = arena};
    WB_LIST_ADD(arena, &work.folders, ((folder){.path = ""}));
    for (uint32_t i = 0; i < work.folders.count; i++) {
        if (!read_folder(&work, i, err))
            return false;
    }
    if (work.files.count > 1)
        qsort(work.files.items, work.files.count, sizeof(*work.files.items), compare_paths);
    *ret_paths = work.files.items;
    *ret_count = work.files.count;
    return true;
}
