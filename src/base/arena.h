/* Memory that lives and dies together.
 *
 * Whoever passes the arena owns the result. There are no free functions for parts: a model, a
 * graph, a plan each live in one arena. Running out of memory ends the process through one
 * settable hook (ARCHITECTURE, "Decisions"), so no caller checks for NULL. */
#ifndef WB_BASE_ARENA_H
#define WB_BASE_ARENA_H

#include <whimbrel/whimbrel.h> /* wb_arena_new, wb_arena_free */

#include <stdarg.h>
#include <stddef.h>

/* Forgets all that was allocated but keeps the first block for reuse. */
void wb_arena_clear(wb_arena *arena);
/* `size` bytes, not initialised, aligned for any type. Never NULL. */
void *wb_arena_alloc(wb_arena *arena, size_t size);
/* `count` items of `size` bytes, zeroed. */
void *wb_arena_calloc(wb_arena *arena, size_t count, size_t size);
/* A zero-terminated copy of `length` bytes. */
char *wb_arena_strndup(wb_arena *arena, const char *text, size_t length);
/* A copy of `text`; NULL stays NULL. */
char *wb_arena_strdup(wb_arena *arena, const char *text);
char *wb_arena_printf(wb_arena *arena, const char *format, ...) WB_PRINTF(2, 3);
/* Bytes that the arena holds from the system. */
size_t wb_arena_size_bytes(const wb_arena *arena);

#define WB_NEW(arena, type)          ((type *) wb_arena_calloc((arena), 1, sizeof(type)))
#define WB_NEW_ARRAY(arena, type, n) ((type *) wb_arena_calloc((arena), (n), sizeof(type)))

void wb_arena_cleanup(wb_arena **arena);
/* An arena that goes at the end of the scope. */
/* NOLINTBEGIN(bugprone-macro-parentheses): `name` is declared here */
#define WB_SCRATCH(name) __attribute__((cleanup(wb_arena_cleanup))) wb_arena *name = wb_arena_new()

/* NOLINTEND(bugprone-macro-parentheses) */
/* malloc, calloc and realloc that do not return when memory is out. */
void *wb_alloc(size_t size);
void *wb_calloc(size_t count, size_t size);
void *wb_realloc(void *memory, size_t size);
char *wb_strdup(const char *text);

/* Called when memory is out; must not return. The default writes one line and aborts. */
typedef void wb_out_of_memory_fn(size_t size);
void wb_set_out_of_memory(wb_out_of_memory_fn *hook);

#endif
