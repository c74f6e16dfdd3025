/* Compares what the ledger says was applied with the files as they are. */
#ifndef WB_ENGINE_COMPARISON_H
#define WB_ENGINE_COMPARISON_H

#include "engine/ledger.h"

typedef enum wb_difference_kind {
    WB_FILE_MISSING, /* applied, but no file has this id */
    WB_FILE_EDITED,  /* the file differs in what is run */
    WB_FILE_COSMETIC /* only comments, white space or line ends differ */
} wb_difference_kind;

typedef struct wb_difference {
    wb_difference_kind kind;
    const char *revision;
    const char *path; /* NULL for a missing file */
} wb_difference;

typedef struct wb_difference_list {
    wb_difference *items;
    size_t count;
    size_t capacity;
} wb_difference_list;

/* All differences, in the ledger's order. Needs no query while the raw checksums agree. */
bool wb_compare_files(const wb_ledger *ledger, wb_arena *arena, wb_difference_list *ret_list,
                      wb_error *err);
/* As a run demands it: missing and edited files stop it, cosmetic edits are warned of. */
bool wb_demand_unchanged(const wb_ledger *ledger, wb_error *err);

#endif
