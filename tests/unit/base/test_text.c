/* str, utf8, clock, hash, random */
#include "../../support/test.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/str.h"
#include "base/utf8.h"

static void split_gives_empty_parts_too(void **state)
{
    (void) state;
    wb_str rest = WB_STR("a,,b");
    wb_str part;
    assert_true(wb_str_split(&rest, ',', &part) && wb_str_is(part, "a"));
    assert_true(wb_str_split(&rest, ',', &part) && wb_str_is(part, ""));
    assert_true(wb_str_split(&rest, ',', &part) && wb_str_is(part, "b"));
    assert_false(wb_str_split(&rest, ',', &part));
    rest = WB_STR("a,");
    assert_true(wb_str_split(&rest, ',', &part) && wb_str_is(part, "a"));
    assert_true(wb_str_split(&rest, ',', &part) && wb_str_is(part, ""));
    assert_false(wb_str_split(&rest, ',', &part));
}

static void lines_end_at_lf_or_crlf(void **state)
{
    (void) state;
    wb_str rest = WB_STR("one\r\n\ntwo");
    wb_str line;
    assert_true(wb_str_next_line(&rest, &line) && wb_str_is(line, "one"));
    assert_true(wb_str_next_line(&rest, &line) && wb_str_is(line, ""));
    assert_true(wb_str_next_line(&rest, &line) && wb_str_is(line, "two"));
    assert_false(wb_str_next_line(&rest, &line));
}

static void words_and_trim_pass_over_white_space(void **state)
{
    (void) state;
    wb_str rest = WB_STR(" \tone  two\n");
    wb_str word;
    assert_true(wb_str_next_word(&rest, &word) && wb_str_is(word, "one"));
    assert_true(wb_str_next_word(&rest, &word) && wb_str_is(word, "two"));
    assert_false(wb_str_next_word(&rest, &word));
    assert_true(wb_str_is(wb_str_trim(WB_STR(" \r\n x \t")), "x"));
    assert_int_equal(wb_str_trim(WB_STR("  ")).len, 0);
}

static void numbers_are_whole_and_bounded(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        bool ok;
        uint64_t number;
    } cases[] = {
        {"0", true, 0},
        {"007", true, 7},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"1 ", false, 0},
        {"1x", false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        uint64_t number = 0;
        assert_int_equal(wb_str_to_u64(wb_str_from(cases[i].text), &number), cases[i].ok);
        assert_int_equal(number, cases[i].number);
    }
}

static void compare_orders_by_bytes_shorter_first(void **state)
{
    (void) state;
    assert_true(wb_str_compare(WB_STR("a"), WB_STR("ab")) < 0);
    assert_true(wb_str_compare(WB_STR("b"), WB_STR("ab")) > 0);
    assert_int_equal(wb_str_compare(WB_STR(""), WB_STR("")), 0);
    assert_true(wb_str_is_equal_nocase(WB_STR("SeLect"), WB_STR("select")));
    assert_true(wb_str_has_prefix(WB_STR("abc"), WB_STR("ab")));
    assert_false(wb_str_has_suffix(WB_STR("abc"), WB_STR("xabc")));
}

static void utf8_is_checked_strictly(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        size_t length;
        bool ok;
        size_t bad;
    } cases[] = {
        {"plain", 5, true, 0},
        {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x90\xA6", 9, true, 0},
        {"a\xFFz", 3, false, 1},
        {"\xC0\x80", 2, false, 0},         /* overlong */
        {"\xE0\x80\x80", 3, false, 0},     /* overlong */
        {"ab\xED\xA0\x80", 5, false, 2},   /* surrogate */
        {"\xF4\x90\x80\x80", 4, false, 0}, /* past the last code point */
        {"x\xE2\x82", 3, false, 1},        /* cut off */
        {"\x80", 1, false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t bad = 0;
        assert_int_equal(wb_utf8_is_valid(wb_str_make(cases[i].text, cases[i].length), &bad),
                         cases[i].ok);
        assert_int_equal(bad, cases[i].bad);
    }
}

static void utf8_counts_characters_and_columns(void **state)
{
    (void) state;
    wb_str text = WB_STR("\xC3\xA4\xE4\xBD\xA0"
                         "e\xCC\x81"); /* a-umlaut, a wide one, e + accent */
    assert_int_equal(wb_utf8_count(text), 4);
    assert_int_equal(wb_utf8_width(text), 4);
    assert_int_equal(wb_utf8_offset(text, 1), 2);
    assert_int_equal(wb_utf8_offset(text, 2), 5);
    assert_int_equal(wb_utf8_offset(text, 99), text.len);
    assert_int_equal(wb_utf8_floor(text, 3), 2);
}

static void time_is_written_and_read_back(void **state)
{
    (void) state;
    char text[WB_TIME_TEXT];
    int64_t time_us = 0;
    wb_time_format(1761329232000000, text);
    assert_string_equal(text, "2025-10-24T18:07:12Z");
    assert_true(wb_time_parse(WB_STR("2025-10-24 18:07:12.250+00"), &time_us));
    assert_int_equal(time_us, 1761329232250000);
    assert_true(wb_time_parse(WB_STR("1970-01-01T00:00:00Z"), &time_us));
    assert_int_equal(time_us, 0);
    static const char *const wrong[] = {"",
                                        "2025-10-24",
                                        "2025-13-01T00:00:00Z",
                                        "2025-10-24T18:07:12+02",
                                        "2025-10-24T18:07:12.Z",
                                        "2025-10-24T25:00:00Z"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(wb_time_parse(wb_str_from(wrong[i]), &time_us));
}

static void clock_can_be_fixed(void **state)
{
    (void) state;
    wb_clock_fix(5);
    assert_int_equal(wb_clock_now_us(), 5);
    wb_clock_fix(-1);
    assert_true(wb_clock_now_us() > 1700000000000000);
}

static void sha256_is_that_of_the_standard(void **state)
{
    (void) state;
    char hex[WB_SHA256_HEX];
    wb_sha256 hash;
    wb_sha256_init(&hash);
    wb_sha256_add(&hash, WB_STR("a"));
    wb_sha256_add(&hash, WB_STR("bc"));
    wb_sha256_hex(&hash, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(wb_hash_u64(WB_STR("abc")), 0xba7816bf8f01cfeaU);
}

static void random_stream_repeats_when_fixed(void **state)
{
    (void) state;
    char first[13];
    char second[13];
    char third[13];
    wb_random_fix(42);
    wb_random_hex(first, 12);
    wb_random_fix(42);
    wb_random_hex(second, 12);
    wb_random_hex(third, 12);
    wb_random_fix(0);
    assert_string_equal(first, second);
    assert_string_not_equal(first, third);
    for (int i = 0; i < 100; i++)
        assert_true(wb_random_below(7) < 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_gives_empty_parts_too),
        cmocka_unit_test(lines_end_at_lf_or_crlf),
        cmocka_unit_test(words_and_trim_pass_over_white_space),
        cmocka_unit_test(numbers_are_whole_and_bounded),
        cmocka_unit_test(compare_orders_by_bytes_shorter_first),
        cmocka_unit_test(utf8_is_checked_strictly),
        cmocka_unit_test(utf8_counts_characters_and_columns),
        cmocka_unit_test(time_is_written_and_read_back),
        cmocka_unit_test(clock_can_be_fixed),
        cmocka_unit_test(sha256_is_that_of_the_standard),
        cmocka_unit_test(random_stream_repeats_when_fixed),
    };
    return RUN_TESTS(tests);
}
