/* The words in a file name that say what a revision does. */
#ifndef WB_REVISION_REVISION_SLUG_H
#define WB_REVISION_REVISION_SLUG_H

#include "revision/revision.h"

enum { WB_SLUG_LENGTH = 40 };

/* Sets the slug of a revision: what stands behind its id in the file name, or else the message. */
void wb_revision_set_slug(wb_revision *revision, wb_arena *arena);

#endif
