/* Finding the revision files of folders. Only revision_folder.c and revision_load.c include it. */
#ifndef WB_REVISION_REVISION_FOLDER_H
#define WB_REVISION_REVISION_FOLDER_H

#include "revision/revision.h"

#include <sys/types.h>

/* Which file or folder something really is. */
typedef struct wb_identity {
    dev_t device;
    ino_t inode;
} wb_identity;

typedef struct wb_root {
    const char *path;
    int fd; /* -1 where it may be missing and is */
    wb_identity identity;
} wb_root;

/* Opens a folder that was given by name. */
bool wb_root_open(wb_root *root, const char *path, bool allow_missing, wb_error *err);
void wb_root_close(wb_root *root);
/* Lists the revision files in a root and the folders below it: their paths from the root, in byte
 * order. `roots` are all that were given; a folder below one that is another is an error. */
bool wb_folder_list(const wb_root *root, const wb_root *roots, size_t root_count, wb_arena *arena,
                    const char ***ret_paths, size_t *ret_count, wb_error *err);

#endif
