#include <whimbrel/error.h>

static const struct {
    const char *name;
    const char *class_name;
    int exit_code;
    const char *text;
} statuses[] = {
#define WB_STATUS(name, class_name, exit_code, text) {#name, class_name, exit_code, text},
#include <whimbrel/status.def>
#undef WB_STATUS
};

static unsigned row_of(wb_status status)
{
    return (unsigned) status < WB_STATUS_COUNT ? (unsigned) status : (unsigned) WB_E_INTERNAL;
}

const char *wb_status_name(wb_status status)
{
    return statuses[row_of(status)].name;
}

const char *wb_status_class(wb_status status)
{
    return statuses[row_of(status)].class_name;
}

int wb_status_exit_code(wb_status status)
{
    return statuses[row_of(status)].exit_code;
}

const char *wb_status_text(wb_status status)
{
    return statuses[row_of(status)].text;
}
