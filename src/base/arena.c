#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 256 * 1024, ALIGNMENT = _Alignof(max_align_t) };

typedef struct block {
    struct block *next;
    size_t size;
    size_t used;
    _Alignas(max_align_t) char bytes[];
} block;

struct wb_arena {
    block *blocks; /* newest first; only the newest has room */
    size_t next_size;
    size_t total;
};

static void report_and_abort(size_t size)
{
    (void) fprintf(stderr, "whimbrel: out of memory (%zu bytes)\n", size);
    abort();
}

static wb_out_of_memory_fn *out_of_memory = report_and_abort;

void wb_set_out_of_memory(wb_out_of_memory_fn *hook)
{
    out_of_memory = hook != NULL ? hook : report_and_abort;
}

static void *checked(void *memory, size_t size)
{
    if (memory == NULL) {
        out_of_memory(size);
        abort(); /* the hook must not return */
    }
    return memory;
}

void *wb_alloc(size_t size)
{
    return checked(malloc(size != 0 ? size : 1), size);
}

void *wb_calloc(size_t count, size_t size)
{
    return checked(calloc(count != 0 ? count : 1, size != 0 ? size : 1), count * size);
}

void *wb_realloc(void *memory, size_t size)
{
    return checked(realloc(memory, size != 0 ? size : 1), size);
}

char *wb_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(wb_alloc(size), text, size);
}

static block *block_new(size_t size)
{
    block *fresh = wb_alloc(sizeof(block) + size);
    fresh->next = NULL;
    fresh->size = size;
    fresh->used = 0;
    return fresh;
}

wb_arena *wb_arena_new(void)
{
    wb_arena *arena = wb_alloc(sizeof(*arena));
    *arena = (wb_arena){.next_size = FIRST_BLOCK};
    return arena;
}

static void free_blocks(block *first)
{
    while (first != NULL) {
        block *next = first->next;
        free(first);
        first = next;
    }
}

void wb_arena_free(wb_arena *arena)
{
    if (arena == NULL)
        return;
    free_blocks(arena->blocks);
    free(arena);
}

void wb_arena_cleanup(wb_arena **arena)
{
    wb_arena_free(*arena);
}

void wb_arena_clear(wb_arena *arena)
{
    if (arena->blocks == NULL)
        return;
    free_blocks(arena->blocks->next);
    arena->blocks->next = NULL;
    arena->blocks->used = 0;
    arena->total = arena->blocks->size;
}

/* Gives an allocation that is large for the next block a block of its own, placed behind the
 * newest so that the room left there is not lost. */
static void *alloc_alone(wb_arena *arena, size_t size)
{
    block *own = block_new(size);
    own->used = size;
    arena->total += size;
    if (arena->blocks == NULL) {
        arena->blocks = own;
    } else {
        own->next = arena->blocks->next;
        arena->blocks->next = own;
    }
    return own->bytes;
}

void *wb_arena_alloc(wb_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        (void) checked(NULL, size);
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    block *newest = arena->blocks;
    if (newest == NULL || newest->size - newest->used < size) {
        if (size > arena->next_size / 4)
            return alloc_alone(arena, size);
        newest = block_new(arena->next_size);
        newest->next = arena->blocks;
        arena->blocks = newest;
        arena->total += arena->next_size;
        if (arena->next_size < LARGEST_BLOCK)
            arena->next_size *= 2;
    }
    void *memory = newest->bytes + newest->used;
    newest->used += size;
    return memory;
}

void *wb_arena_calloc(wb_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 2 / size)
        (void) checked(NULL, SIZE_MAX);
    void *memory = wb_arena_alloc(arena, count * size);
    return memset(memory, 0, count * size);
}

char *wb_arena_strndup(wb_arena *arena, const char *text, size_t length)
{
    char *copy = wb_arena_alloc(arena, length + 1);
    if (length != 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *wb_arena_strdup(wb_arena *arena, const char *text)
{
    return text != NULL ? wb_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *wb_arena_printf(wb_arena *arena, const char *format, ...)
{
    va_list args;
    va_list again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    size_t size = length < 0 ? 1 : (size_t) length + 1;
    char *text = wb_arena_alloc(arena, size);
    text[0] = '\0';
    (void) vsnprintf(text, size, format, again);
    va_end(again);
    va_end(args);
    return text;
}

size_t wb_arena_size_bytes(const wb_arena *arena)
{
    return arena->total;
}
