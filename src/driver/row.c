#include "driver/driver.h"

#include <errno.h>
#include <stdlib.h>

bool wb_row_is_null(const wb_row *row, size_t column)
{
    return column >= row->count || row->cells[column].ptr == NULL;
}

const char *wb_row_text(const wb_row *row, size_t column)
{
    return wb_row_is_null(row, column) ? "" : row->cells[column].ptr;
}

int64_t wb_row_int(const wb_row *row, size_t column)
{
    const char *text = wb_row_text(row, column);
    if (strcmp(text, "t") == 0 || strcmp(text, "true") == 0)
        return 1;
    errno = 0;
    char *end = NULL;
    long long number = strtoll(text, &end, 10);
    return errno != 0 || end == text || *end != '\0' ? 0 : (int64_t) number;
}
