#include "driver/postgres/pq_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static const char pq_file_name[] = "libpq.so.5";

static const char *const pq_names[] = {
#define WB_PQ_NAME(member, name) #name,
    WB_PQ_FUNCTIONS(WB_PQ_NAME)
#undef WB_PQ_NAME
};

enum { PQ_FUNCTION_COUNT = sizeof(pq_names) / sizeof(pq_names[0]) };

_Static_assert(sizeof(wb_pq_library) == PQ_FUNCTION_COUNT * sizeof(void *),
               "the table is filled as an array of pointers");

/* Written once, under `pq_once`, and constant from then on. A failure is kept too: a library that
 * was not there at the first call is not looked for again. */
static pthread_once_t pq_once = PTHREAD_ONCE_INIT;
static wb_pq_library pq_loaded;
static char pq_fault[256];

static void pq_load(void)
{
    void *handle = dlopen(pq_file_name, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): glibc keeps it for each thread */
        const char *reason = dlerror();
        (void) snprintf(pq_fault, sizeof(pq_fault), "The loader says: %s.",
                        reason != NULL ? reason : "nothing");
        return;
    }
    for (size_t i = 0; i < PQ_FUNCTION_COUNT; i++) {
        void *function = dlsym(handle, pq_names[i]);
        if (function == NULL) {
            (void) snprintf(pq_fault, sizeof(pq_fault),
                            "The installed one is too old: it lacks %s.", pq_names[i]);
            (void) dlclose(handle);
            return;
        }
        memcpy((char *) &pq_loaded + i * sizeof(function), &function, sizeof(function));
    }
}

bool wb_pq_library_load(const wb_pq_library **ret_library, wb_error *err)
{
    (void) pthread_once(&pq_once, pq_load);
    if (pq_fault[0] != '\0') {
        wb_fail(err, WB_E_UNSUPPORTED, "the PostgreSQL client library '%s' cannot be loaded",
                pq_file_name);
        wb_detail(err, "%s", pq_fault);
        return wb_hint(err, "Install libpq 14 or newer; on Debian and Ubuntu: "
                            "apt-get install libpq5");
    }
    *ret_library = &pq_loaded;
    return true;
}
