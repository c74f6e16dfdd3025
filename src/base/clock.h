/* Time. Tests set the clock through the hook. */
#ifndef WB_BASE_CLOCK_H
#define WB_BASE_CLOCK_H

#include "base/str.h"

enum { WB_TIME_TEXT = 32 };

/* Microseconds since 1970, UTC. */
int64_t wb_clock_now_us(void);
/* Microseconds of a clock that never goes back; only differences mean anything. */
int64_t wb_clock_monotonic_us(void);
/* Sleeps; a signal does not cut it short. */
void wb_clock_sleep_ms(unsigned duration_ms);
/* "2025-10-24T18:07:12Z". */
void wb_time_format(int64_t time_us, char ret_text[WB_TIME_TEXT]);
/* Reads that form, also with a blank for the T, with a fraction, and with "+00", "Z" or nothing
 * behind; false for anything else. */
bool wb_time_parse(wb_str text, int64_t *ret_time_us);
/* For tests: fixes what wb_clock_now_us gives; a negative value sets it free. */
void wb_clock_fix(int64_t now_us);

#endif
