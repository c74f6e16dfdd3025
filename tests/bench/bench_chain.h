/* The statements of the benchmarks' chain of revisions, as generate.py writes them into files. A
 * floor must do the same work as the tools that it is the floor of. */
#ifndef WB_BENCH_CHAIN_H
#define WB_BENCH_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

enum {
    WB_BENCH_STATEMENTS = 3, /* in each direction of a revision */
    WB_BENCH_MAX_REVISIONS = 1000000,
    WB_BENCH_STATEMENT_MAX = 160, /* bytes of a statement, with its NUL */
    WB_BENCH_VERSION_MAX = 16     /* bytes of a version, with its NUL */
};

/* Writes statement `index` (0-based) of revision `number` (1-based) into `text`. */
void wb_bench_statement(char text[WB_BENCH_STATEMENT_MAX], bool is_up, unsigned number,
                        unsigned index);
/* The version that stands for revision `number` in a history table. */
void wb_bench_version(char text[WB_BENCH_VERSION_MAX], unsigned number);
/* Reads a number of revisions from the command line; 0 where it is none. */
unsigned wb_bench_count(const char *text);

#endif
