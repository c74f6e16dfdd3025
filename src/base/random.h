/* Random bytes from the system; tests fix the stream by a seed. */
#ifndef WB_BASE_RANDOM_H
#define WB_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void wb_random_bytes(void *bytes, size_t size);
/* A number below `limit`, each as likely; `limit` is not 0. */
uint32_t wb_random_below(uint32_t limit);
/* Writes `digits` random hex digits and a zero. */
void wb_random_hex(char *text, size_t digits);
/* For tests: makes the stream repeatable; a seed of 0 sets it free. */
void wb_random_fix(uint64_t seed);

#endif
