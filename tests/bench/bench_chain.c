#include "bench_chain.h"

#include <stdio.h>
#include <stdlib.h>

/* The number of the revision stands between the parts. */
typedef struct pattern {
    const char *before;
    const char *after;
    const char *end; /* behind the second number; NULL where there is one number only */
} pattern;

static const pattern up_patterns[WB_BENCH_STATEMENTS] = {
    {"CREATE TABLE bench_", " (id bigint PRIMARY KEY, name varchar(80) NOT NULL)", NULL},
    {"CREATE INDEX bench_", "_name ON bench_", " (name)"},
    {"ALTER TABLE bench_", " ADD COLUMN note varchar(200)", NULL},
};

/* In the opposite order. Dropping the table alone would do, but a down that a person or a tool
 * writes undoes each statement. */
static const pattern down_patterns[WB_BENCH_STATEMENTS] = {
    {"ALTER TABLE bench_", " DROP COLUMN note", NULL},
    {"DROP INDEX bench_", "_name", NULL},
    {"DROP TABLE bench_", "", NULL},
};

void wb_bench_statement(char text[WB_BENCH_STATEMENT_MAX], bool is_up, unsigned number,
                        unsigned index)
{
    const pattern *parts = is_up ? &up_patterns[index] : &down_patterns[index];

    if (parts->end == NULL) {
        (void) snprintf(text, WB_BENCH_STATEMENT_MAX, "%s%06u%s", parts->before, number,
                        parts->after);
        return;
    }
    (void) snprintf(text, WB_BENCH_STATEMENT_MAX, "%s%06u%s%06u%s", parts->before, number,
                    parts->after, number, parts->end);
}

void wb_bench_version(char text[WB_BENCH_VERSION_MAX], unsigned number)
{
    (void) snprintf(text, WB_BENCH_VERSION_MAX, "%014u", number);
}

unsigned wb_bench_count(const char *text)
{
    char *end = NULL;
    unsigned long count = strtoul(text, &end, 10);

    if (end == text || *end != '\0' || count > WB_BENCH_MAX_REVISIONS)
        return 0;
    return (unsigned) count;
}
