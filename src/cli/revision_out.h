/* How lists of revisions are shown. */
#ifndef WB_CLI_REVISION_OUT_H
#define WB_CLI_REVISION_OUT_H

#include "cli/cli.h"

/* "b8a169f37b24 (auth) (head) (current)". */
void wb_revision_name(const wb_cli *cli, const wb_revision_info *info, wb_buf *buf);
/* "2963c4558295 -> b8a169f37b24 (head), Create users table". */
void wb_revision_line(const wb_cli *cli, const wb_revision_info *info, wb_buf *buf);
/* All that is known, in several lines. */
void wb_revision_details(const wb_cli *cli, const wb_revision_info *info, wb_buf *buf);

/* Collects lists of several databases: JSON is one array, printed at the end. */
typedef struct wb_revision_out {
    json_t *array; /* NULL for text */
} wb_revision_out;

/* Shows or collects a list; text is one line each, or the details with --verbose. */
void wb_revision_out_add(wb_cli *cli, wb_revision_out *out, wb_target *target,
                         const wb_revision_list *list);
/* Calls `show` for every database chosen, with a wb_revision_out as its argument. */
bool wb_revision_out_run(wb_cli *cli, wb_target_fn *show, wb_error *err);

#endif
