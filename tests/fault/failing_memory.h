/* malloc, calloc and realloc of the whole process, libraries included, of which the n-th fails. */
#ifndef WB_TESTS_FAULT_FAILING_MEMORY_H
#define WB_TESTS_FAULT_FAILING_MEMORY_H

#include <stdbool.h>

/* Counts from now on; the n-th (1-based) gives NULL, and with `lasts` all behind it. */
void failing_memory_arm(unsigned long nth, bool lasts);
/* Lets all through again. Returns how many were counted. */
unsigned long failing_memory_end(void);

#endif
