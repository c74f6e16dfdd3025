#include "failing_memory.h"

#include <errno.h>
#include <stddef.h>

/* The program's own symbols go before the C library's, for every library that is loaded. */
#define VISIBLE __attribute__((visibility("default")))

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
VISIBLE void *malloc(size_t size);
VISIBLE void *calloc(size_t count, size_t size);
VISIBLE void *realloc(void *memory, size_t size);

static struct {
    bool is_armed;
    bool lasts;
    unsigned long nth;
    unsigned long seen;
} memory_plan;

void failing_memory_arm(unsigned long nth, bool lasts)
{
    memory_plan.nth = nth;
    memory_plan.lasts = lasts;
    memory_plan.seen = 0;
    memory_plan.is_armed = true;
}

unsigned long failing_memory_end(void)
{
    memory_plan.is_armed = false;
    return memory_plan.seen;
}

static bool is_due(void)
{
    if (!memory_plan.is_armed)
        return false;
    memory_plan.seen++;
    bool due = memory_plan.seen == memory_plan.nth ||
               (memory_plan.lasts && memory_plan.seen > memory_plan.nth);
    if (due)
        errno = ENOMEM;
    return due;
}

void *malloc(size_t size)
{
    return is_due() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return is_due() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return is_due() ? NULL : __libc_realloc(memory, size);
}
