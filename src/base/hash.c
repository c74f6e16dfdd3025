#include "base/hash.h"

void wb_sha256_init(wb_sha256 *hash)
{
    (void) crypto_hash_sha256_init(&hash->state);
}

void wb_sha256_add(wb_sha256 *hash, wb_str bytes)
{
    (void) crypto_hash_sha256_update(&hash->state, (const unsigned char *) bytes.ptr, bytes.len);
}

void wb_sha256_hex(wb_sha256 *hash, char ret_hex[WB_SHA256_HEX])
{
    unsigned char digest[WB_SHA256_BYTES];
    (void) crypto_hash_sha256_final(&hash->state, digest);
    (void) sodium_bin2hex(ret_hex, WB_SHA256_HEX, digest, sizeof(digest));
}

uint64_t wb_hash_u64(wb_str bytes)
{
    unsigned char digest[WB_SHA256_BYTES];
    (void) crypto_hash_sha256(digest, (const unsigned char *) bytes.ptr, bytes.len);
    uint64_t number = 0;
    for (unsigned i = 0; i < 8; i++)
        number = number << 8 | digest[i];
    return number;
}

void wb_wipe(void *memory, size_t size)
{
    sodium_memzero(memory, size);
}
