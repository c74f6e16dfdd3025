/* The header of a revision file: the comment lines above its first marker.
 *
 *     -- Create users table            the first line is the message, unless it is a known key
 *     --
 *     -- revision: b8a169f37b24        lines that touch, one of them a known key, are a key block:
 *     -- revises: 2963c4558295         there every line must be one
 *     --
 *     -- Any other text: free words.   elsewhere a colon means nothing */
#ifndef WB_REVISION_REVISION_HEADER_H
#define WB_REVISION_REVISION_HEADER_H

#include "revision/revision.h"

typedef struct wb_header_line {
    wb_str text; /* what stands behind the dashes, trimmed */
    wb_str line; /* the whole line */
    unsigned number;
} wb_header_line;

typedef struct wb_header {
    const char *path;
    wb_revision *revision; /* to be filled */
    wb_arena *arena;       /* of the revision */
    wb_arena *scratch;
    WB_LIST(wb_header_line) block; /* the lines since the last empty one */
    bool has_first;                /* the first comment line was seen */
    unsigned seen;                 /* keys, by bit */
    unsigned lines[16];            /* and the lines they stand in */
    wb_header_line near_miss;      /* a line that may have been meant as `revision:` */
} wb_header;

void wb_header_init(wb_header *header, const char *path, wb_revision *revision, wb_arena *arena,
                    wb_arena *scratch);
/* Takes the next line; its text must stay until wb_header_finish. It is blank or a comment. */
bool wb_header_add(wb_header *header, wb_str line, unsigned number, wb_error *err);
/* Ends the header at the line `number`. */
bool wb_header_finish(wb_header *header, unsigned number, wb_error *err);
/* Would this text, as the first comment line, be read as its message? */
bool wb_header_is_message(wb_str text);

#endif
