#include "base/random.h"

#include <sodium.h>
#include <string.h>

static uint64_t fixed_seed;
static uint64_t fixed_step;

void wb_random_fix(uint64_t seed)
{
    fixed_seed = seed;
    fixed_step = 0;
}

void wb_random_bytes(void *bytes, size_t size)
{
    if (fixed_seed == 0) {
        randombytes_buf(bytes, size);
        return;
    }
    unsigned char seed[randombytes_SEEDBYTES] = {0};
    memcpy(seed, &fixed_seed, sizeof(fixed_seed));
    memcpy(seed + sizeof(fixed_seed), &fixed_step, sizeof(fixed_step));
    fixed_step++;
    randombytes_buf_deterministic(bytes, size, seed);
}

uint32_t wb_random_below(uint32_t limit)
{
    uint64_t wide = 0; /* 64 bits make the bias of the remainder too small to matter */
    wb_random_bytes(&wide, sizeof(wide));
    return (uint32_t) (wide % limit);
}

void wb_random_hex(char *text, size_t digits)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < digits; i++) {
        unsigned char byte = 0;
        wb_random_bytes(&byte, 1);
        text[i] = hex[byte & 0xFU];
    }
    text[digits] = '\0';
}
