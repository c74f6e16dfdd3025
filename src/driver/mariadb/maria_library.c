#include "driver/mariadb/maria_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

static const char file_name[] = "libmariadb.so.3";

static const char *const names[] = {
#define WB_MARIA_NAME(member, name) #name,
    WB_MARIA_FUNCTIONS(WB_MARIA_NAME)
#undef WB_MARIA_NAME
};

enum { FUNCTION_COUNT = sizeof(names) / sizeof(names[0]) };

_Static_assert(sizeof(wb_maria_library) == FUNCTION_COUNT * sizeof(void *),
               "the table is filled as an array of pointers");

/* Written once, under `once`. A failure is kept too: a library that was not there at the first
 * call is not looked for again. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static wb_maria_library loaded;
static bool is_loaded;
static char fault[256];

static void keep_fault(const char *what, const char *detail)
{
    (void) snprintf(fault, sizeof(fault), "%s%s%s", what, detail != NULL ? ": " : "",
                    detail != NULL ? detail : "");
}

/* mysql_init would do this by itself, but not safely when two threads are first at once. It makes
 * the process ignore SIGPIPE, which a TLS connection that breaks would raise; an application that
 * handles the signal keeps its handler. */
static void initialise(void)
{
    struct sigaction before;
    (void) sigaction(SIGPIPE, NULL, &before);
    if (loaded.server_init(0, NULL, NULL) != 0)
        keep_fault("it could not be initialised", NULL);
    else
        is_loaded = true;
    bool is_default = (before.sa_flags & SA_SIGINFO) == 0 && before.sa_handler == SIG_DFL;
    if (!is_default)
        (void) sigaction(SIGPIPE, &before, NULL);
}

static void load(void)
{
    void *handle = dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): glibc keeps it for each thread */
        keep_fault("the loader says", dlerror());
        return;
    }
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        void *function = dlsym(handle, names[i]);
        if (function == NULL) {
            keep_fault("it lacks the function", names[i]);
            (void) dlclose(handle);
            return;
        }
        memcpy((char *) &loaded + i * sizeof(function), &function, sizeof(function));
    }
    initialise();
}

bool wb_maria_library_load(const wb_maria_library **ret_library, wb_error *err)
{
    (void) pthread_once(&once, load);
    if (!is_loaded) {
        wb_fail(err, WB_E_UNSUPPORTED, "the MariaDB client library \"%s\" can't be loaded",
                file_name);
        wb_detail(err, "%s.", fault);
        return wb_hint(err, "Install MariaDB Connector/C 3; on Debian and Ubuntu: apt-get install "
                            "libmariadb3");
    }
    (void) loaded.thread_init();
    *ret_library = &loaded;
    return true;
}
