/* Calls of the system that fail at the n-th, and after it where that is to last. Only calls of the
 * code that is linked in come by here (wrapped by the linker), not those inside SQLite or the C
 * library. */
#ifndef WB_TESTS_FAULT_FAILING_CALLS_H
#define WB_TESTS_FAULT_FAILING_CALLS_H

#include <stdbool.h>

/* Counts from now on; the n-th call (1-based) fails with `reason`, an errno, and with `lasts` all
 * behind it. */
void failing_calls_arm(unsigned nth, int reason, bool lasts);
/* Lets all calls through again. The name of the call that failed; NULL where there was no n-th. */
const char *failing_calls_end(void);

#endif
