/* Errors of Whimbrel: what every fallible function fills when it fails.
 *
 * A fallible function returns bool. False means that its wb_error is filled; true means that it
 * was not touched. Nothing is allocated: the caller owns the struct, usually on its stack. */
#ifndef WHIMBREL_ERROR_H
#define WHIMBREL_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define WB_API          __attribute__((visibility("default")))
#define WB_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define WB_API
#define WB_PRINTF(f, a)
#endif

typedef enum wb_status {
#define WB_STATUS(name, class_name, exit_code, text) WB_E_##name,
#include <whimbrel/status.def>
#undef WB_STATUS
    WB_STATUS_COUNT
} wb_status;

enum { WB_ERROR_CONTEXTS = 8 };

typedef struct wb_error {
    wb_status status;
    unsigned line;        /* place in the user's file, 1-based; 0 where there is none */
    unsigned column;      /* in characters, 1-based; 0 where only the line is known */
    unsigned caret;       /* column of the fault within `excerpt`, 1-based; 0 for no caret */
    unsigned contexts;    /* how many of `context` are in use */
    unsigned native_code; /* the engine's own error number, 0 where there is none */
    char sqlstate[6];     /* five characters, empty where there is none */
    char message[768];    /* what is wrong: lower case, no full stop */
    char detail[1024];    /* more about it, full sentences; may be empty */
    char hint[768];       /* what to do next, full sentences; may be empty */
    char file[512];       /* the user's file at fault; may be empty */
    char excerpt[256];    /* the line of that file; may be empty */
    char context[WB_ERROR_CONTEXTS][160]; /* what was being done, innermost first */
} wb_error;

/* Name of a status as in JSON, such as "UNKNOWN_REVISION". */
WB_API const char *wb_status_name(wb_status status);
/* Class of a status, such as "target"; what a program should branch on. */
WB_API const char *wb_status_class(wb_status status);
/* Exit code that the program uses for a status. */
WB_API int wb_status_exit_code(wb_status status);
/* One-line meaning of a status. */
WB_API const char *wb_status_text(wb_status status);

#ifdef __cplusplus
}
#endif
#endif
