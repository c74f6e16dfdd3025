/* A folder of its own for each test, with files made from text. */
#ifndef WB_TESTS_FOLDER_FIXTURE_H
#define WB_TESTS_FOLDER_FIXTURE_H

#include "../../support/test.h"
#include "base/fail.h"
#include "base/file.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static inline int fixture_remove(const char *path, const struct stat *about, int type,
                                 struct FTW *place)
{
    (void) about;
    (void) type;
    (void) place;
    return remove(path);
}

static inline int make_folder(void **state)
{
    static char folder[64];
    (void) snprintf(folder, sizeof(folder), "/tmp/whimbrel-test-XXXXXX");
    *state = mkdtemp(folder);
    return *state != NULL ? 0 : -1;
}

static inline int remove_folder(void **state)
{
    return nftw( // NOLINT(concurrency-mt-unsafe): there is one thread
        *state, fixture_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline const char *in_folder(void **state, const char *name, wb_arena *arena)
{
    return wb_path_join(arena, *state, name);
}

static inline void put_bytes(void **state, const char *name, wb_str bytes)
{
    WB_SCRATCH(arena);
    wb_error err = {0};
    const char *path = in_folder(state, name, arena);
    if (!wb_file_make_directory(wb_path_parent(arena, path), &err) ||
        !wb_file_write(path, bytes, true, &err))
        fail_msg("%s", err.message);
}

static inline void put(void **state, const char *name, const char *text)
{
    put_bytes(state, name, wb_str_from(text));
}

/* A small revision. */
static inline void put_revision(void **state, const char *name, const char *id)
{
    WB_SCRATCH(arena);
    put(state, name, wb_arena_printf(arena, "-- revision: %s\n-- migrate:up\nSELECT 1;\n", id));
}

#define FOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

#endif
