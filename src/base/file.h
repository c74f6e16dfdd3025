/* Files and paths. Paths are zero-terminated UTF-8 with '/'. */
#ifndef WB_BASE_FILE_H
#define WB_BASE_FILE_H

#include "base/buf.h"

#include <sys/types.h>

/* Reads a whole file into the arena, zero-terminated; a file over `max_bytes` is an error. */
bool wb_file_read(const char *path, size_t max_bytes, wb_arena *arena, wb_str *ret_text,
                  wb_error *err);
/* Writes a file so that it appears whole or not at all (temporary file, fsync, rename), and
 * refuses to replace an existing one unless `replace`. */
bool wb_file_write(const char *path, wb_str text, bool replace, wb_error *err);
/* Is there anything of this name? Where that cannot be told (the disk fails, say) it is true, so
 * that nothing is passed over: what uses the file then fails with the reason. */
bool wb_file_exists(const char *path);
bool wb_file_is_directory(const char *path);
/* Makes a folder and those above it; an existing folder is fine. */
bool wb_file_make_directory(const char *path, wb_error *err);
/* `folder` and `name` joined; an absolute name stays as it is, "." adds nothing. */
char *wb_path_join(wb_arena *arena, const char *folder, const char *name);
/* What stands before the last '/'; "." where there is none. */
char *wb_path_parent(wb_arena *arena, const char *path);
/* What stands after the last '/'. Points into `path`. */
const char *wb_path_base(const char *path);
/* The nearest file called `name` in `start` or a folder above it; NULL where there is none, or no
 * folder `start`. */
bool wb_path_find_upwards(wb_arena *arena, const char *start, const char *name, char **ret_path,
                          wb_error *err);

/* A file read piece by piece. */
typedef struct wb_reader {
    int fd;
    const char *path;
    uint64_t offset; /* of the next byte to be read */
} wb_reader;

/* Opens `path` for reading at byte `offset`. The path must outlive the reader. */
bool wb_reader_open(wb_reader *reader, const char *path, uint64_t offset, wb_error *err);
/* Up to `size` bytes; sets the number read, 0 at the end. */
bool wb_reader_read(wb_reader *reader, char *bytes, size_t size, size_t *ret_read, wb_error *err);
void wb_reader_close(wb_reader *reader);

#endif
