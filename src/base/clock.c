#define _GNU_SOURCE /* timegm */
#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

enum { US_PER_S = 1000000 };

static int64_t fixed_us = -1;

void wb_clock_fix(int64_t now_us)
{
    fixed_us = now_us;
}

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;
    (void) clock_gettime(clock, &now);
    return (int64_t) now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

int64_t wb_clock_now_us(void)
{
    return fixed_us >= 0 ? fixed_us : read_clock(CLOCK_REALTIME);
}

int64_t wb_clock_monotonic_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void wb_clock_sleep_ms(unsigned duration_ms)
{
    struct timespec left = {.tv_sec = duration_ms / 1000,
                            .tv_nsec = (long) (duration_ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

void wb_time_format(int64_t time_us, char ret_text[WB_TIME_TEXT])
{
    time_t seconds = (time_t) (time_us / US_PER_S);
    if (time_us % US_PER_S < 0)
        seconds--;
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(ret_text, WB_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        (void) snprintf(ret_text, WB_TIME_TEXT, "?");
}

static bool take_number(wb_str *text, size_t digits, int *ret_number)
{
    uint64_t number = 0;
    if (text->len < digits || !wb_str_to_u64(wb_str_sub(*text, 0, digits), &number))
        return false;
    *text = wb_str_from_offset(*text, digits);
    *ret_number = (int) number;
    return true;
}

static bool take_char(wb_str *text, const char *allowed)
{
    if (text->len == 0 || strchr(allowed, text->ptr[0]) == NULL || text->ptr[0] == '\0')
        return false;
    *text = wb_str_from_offset(*text, 1);
    return true;
}

/* Takes ".123456" into microseconds; nothing there is fine. */
static bool take_fraction(wb_str *text, int64_t *ret_us)
{
    *ret_us = 0;
    if (!take_char(text, "."))
        return true;
    int64_t unit = US_PER_S;
    size_t digits = 0;
    for (; digits < text->len && wb_is_digit(text->ptr[digits]); digits++) {
        unit /= 10;
        *ret_us += unit * (text->ptr[digits] - '0');
    }
    *text = wb_str_from_offset(*text, digits);
    return digits > 0;
}

bool wb_time_parse(wb_str text, int64_t *ret_time_us)
{
    struct tm parts = {0};
    int64_t fraction_us = 0;
    bool ok = take_number(&text, 4, &parts.tm_year) && take_char(&text, "-") &&
              take_number(&text, 2, &parts.tm_mon) && take_char(&text, "-") &&
              take_number(&text, 2, &parts.tm_mday) && take_char(&text, "T ") &&
              take_number(&text, 2, &parts.tm_hour) && take_char(&text, ":") &&
              take_number(&text, 2, &parts.tm_min) && take_char(&text, ":") &&
              take_number(&text, 2, &parts.tm_sec) && take_fraction(&text, &fraction_us);
    if (!ok || parts.tm_mon < 1 || parts.tm_mon > 12 || parts.tm_mday < 1 || parts.tm_mday > 31 ||
        parts.tm_hour > 23 || parts.tm_min > 59 || parts.tm_sec > 60)
        return false;
    if (text.len != 0 && !wb_str_is(text, "Z") && !wb_str_is(text, "+00") &&
        !wb_str_is(text, "+00:00"))
        return false;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    *ret_time_us = (int64_t) timegm(&parts) * US_PER_S + fraction_us;
    return true;
}
