/* SHA-256, whole or piece by piece. */
#ifndef WB_BASE_HASH_H
#define WB_BASE_HASH_H

#include "base/str.h"

#include <sodium.h>

enum { WB_SHA256_BYTES = 32, WB_SHA256_HEX = 65 };

typedef struct wb_sha256 {
    crypto_hash_sha256_state state;
} wb_sha256;

void wb_sha256_init(wb_sha256 *hash);
void wb_sha256_add(wb_sha256 *hash, wb_str bytes);
/* 64 lower-case hex digits and a zero. */
void wb_sha256_hex(wb_sha256 *hash, char ret_hex[WB_SHA256_HEX]);
/* The first eight bytes of the hash of `bytes` as a number; for lock keys. */
uint64_t wb_hash_u64(wb_str bytes);
/* Overwrites memory that held a secret; the compiler does not leave it out. */
void wb_wipe(void *memory, size_t size);

#endif
