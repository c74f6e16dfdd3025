#include "engine/comparison.h"

/* Both checksums of one file that is known to differ, asked from the ledger only now. */
static const wb_ledger_row *full_row(const wb_ledger *full, const char *revision)
{
    for (size_t i = 0; i < full->rows.count; i++) {
        if (strcmp(full->rows.items[i].revision, revision) == 0)
            return &full->rows.items[i];
    }
    return NULL;
}

static bool compare_normal(const wb_ledger *ledger, const wb_ledger *full, wb_revision *revision,
                           wb_difference *ret_difference, wb_error *err)
{
    char normal[WB_SHA256_HEX];
    if (!wb_revision_normal_checksum(revision, ledger->context->dialect, normal, err))
        return false;
    const wb_ledger_row *row = full_row(full, revision->id);
    bool same = row != NULL && strcmp(row->checksum, normal) == 0;
    *ret_difference = (wb_difference){.kind = same ? WB_FILE_COSMETIC : WB_FILE_EDITED,
                                      .revision = revision->id,
                                      .path = revision->path};
    return true;
}

bool wb_compare_files(const wb_ledger *ledger, wb_arena *arena, wb_difference_list *ret_list,
                      wb_error *err)
{
    wb_ledger *full = NULL;
    *ret_list = (wb_difference_list){0};
    for (size_t i = 0; i < ledger->rows.count; i++) {
        const wb_ledger_row *row = &ledger->rows.items[i];
        uint32_t index = 0;
        wb_difference difference = {.kind = WB_FILE_MISSING, .revision = row->revision};
        if (wb_graph_find(ledger->context->graph, wb_str_from(row->revision), &index)) {
            wb_revision *revision = ledger->context->set->revisions.items[index];
            if (revision->checksum[0] == '\0' && !wb_revision_checksum(revision, err))
                return false;
            if (strcmp(revision->checksum, row->raw_checksum) == 0)
                continue;
            if (full == NULL && !wb_ledger_read(ledger->context, WB_LEDGER_FULL, &full, err))
                return false;
            if (!compare_normal(ledger, full, revision, &difference, err))
                return false;
        }
        WB_LIST_ADD(arena, ret_list, difference);
    }
    return true;
}

static bool fail_missing_file(const wb_ledger *ledger, const char *revision, wb_error *err)
{
    wb_fail(err, WB_E_MISSING_REVISION, "revision \"%s\" is applied, but no file has this id",
            revision);
    wb_detail(err, "The database \"%s\" may be ahead of this checkout, or the file was deleted.",
              ledger->context->target);
    return wb_hint(err, "Bring the file back (an older or newer checkout has it), or say where the "
                        "database really is with `whimbrel stamp --purge REVISION`.");
}

static bool fail_edited(const wb_difference *difference, wb_error *err)
{
    wb_fail(err, WB_E_CHECKSUM, "revision \"%s\" was edited after it was applied",
            difference->revision);
    wb_at(err, difference->path, 0, 0);
    wb_detail(err, "What it would run now is not what was run.");
    return wb_hint(err, "Undo the edit (`git diff` or `git log -p` on the file shows it) and make "
                        "the change in a new revision; or, if the database already is as the file "
                        "says, accept it with `whimbrel stamp current`.");
}

bool wb_demand_unchanged(const wb_ledger *ledger, wb_error *err)
{
    WB_SCRATCH(tmp);
    wb_difference_list list;
    if (!wb_compare_files(ledger, tmp, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const wb_difference *difference = &list.items[i];
        switch (difference->kind) {
        case WB_FILE_MISSING:
            return fail_missing_file(ledger, difference->revision, err);
        case WB_FILE_EDITED:
            return fail_edited(difference, err);
        case WB_FILE_COSMETIC:
            wb_context_warn(ledger->context,
                            "%s: comments or white space changed since it was applied",
                            difference->path);
            break;
        }
    }
    return true;
}
