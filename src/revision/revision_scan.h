/* Going through a revision file from its first byte to its last, in pieces of any size: checks
 * that it is text, reads its header, finds its sections. Nothing of the body is kept. */
#ifndef WB_REVISION_REVISION_SCAN_H
#define WB_REVISION_REVISION_SCAN_H

#include "revision/revision_header.h"
#include "revision/revision_marker.h"

typedef struct wb_scan {
    const char *path;
    wb_revision *revision;
    wb_header header;
    bool wants_header;
    bool in_body;    /* the first marker was seen */
    wb_arena *arena; /* of the revision */
    wb_arena *scratch;
    uint64_t offset;      /* of the next byte to come */
    uint64_t line_offset; /* of the line that is being read */
    unsigned line;        /* its number */
    unsigned column;      /* characters of it that came in earlier pieces */
    char
        begun[WB_MARKER_MAX + 8]; /* its bytes that came in earlier pieces, as far as they matter */
    size_t begun_length;
    bool has_lone_cr; /* there was a CR; with no LF at all it was the line end */
    WB_LIST(wb_section) sections;
} wb_scan;

/* With `wants_header` the header lines must all come in the first piece. */
void wb_scan_init(wb_scan *scan, const char *path, wb_revision *revision, bool wants_header,
                  wb_arena *arena, wb_arena *scratch);
/* Takes the next piece, which ends between two characters. */
bool wb_scan_feed(wb_scan *scan, wb_str piece, wb_error *err);
/* Ends the file; the revision then has all its sections. */
bool wb_scan_finish(wb_scan *scan, wb_error *err);
/* How many bytes at the end of `piece` are a character that may go on in the next one. */
size_t wb_scan_unfinished(wb_str piece);

#endif
