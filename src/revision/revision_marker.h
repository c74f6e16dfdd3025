/* Marker lines: `-- migrate:up` and `-- migrate:down` with their options.
 *
 * A marker is a whole line wherever it stands, so that sections can be found without knowing any
 * SQL. It begins at the first column, and case counts. */
#ifndef WB_REVISION_REVISION_MARKER_H
#define WB_REVISION_REVISION_MARKER_H

#include "revision/revision.h"

/* The longest marker line, in bytes. */
enum { WB_MARKER_MAX = 512 };

/* Reads a line (without its end). Sets *ret_is_marker, and for a marker its direction and options.
 * Fails on a marker with a fault, and on a line that was surely meant as one. */
bool wb_marker_parse(wb_str line, unsigned line_number, const char *path, bool *ret_is_marker,
                     wb_section *ret_section, wb_error *err);

#endif
