/* Durations as people write them: 500ms, 2s, 1m, 1h. */
#ifndef WB_PROJECT_DURATION_H
#define WB_PROJECT_DURATION_H

#include "base/fail.h"

enum { WB_DURATION_MAX_MS = 24 * 60 * 60 * 1000 };

/* A whole number and its unit: ms, s, m, h; 0 needs none. At most a day. False for anything else.
 */
bool wb_duration_parse(wb_str text, unsigned *ret_duration_ms);

#endif
