#include "project/duration.h"

static const struct {
    const char *name;
    uint64_t length_ms;
} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"min", 60000}, {"h", 3600000}};

bool wb_duration_parse(wb_str text, unsigned *ret_duration_ms)
{
    size_t digits = 0;
    while (digits < text.len && wb_is_digit(text.ptr[digits]))
        digits++;
    uint64_t number = 0;
    if (!wb_str_to_u64(wb_str_sub(text, 0, digits), &number) || number > WB_DURATION_MAX_MS)
        return false;
    wb_str unit = wb_str_from_offset(text, digits);
    if (unit.len == 0 && number == 0) {
        *ret_duration_ms = 0;
        return true;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (!wb_str_is(unit, units[i].name))
            continue;
        if (number > WB_DURATION_MAX_MS / units[i].length_ms)
            return false;
        *ret_duration_ms = (unsigned) (number * units[i].length_ms);
        return true;
    }
    return false;
}
