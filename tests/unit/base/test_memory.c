/* arena, buf, list, map */
#include "../../support/test.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"

static void arena_keeps_every_allocation_apart_and_aligned(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    enum { COUNT = 2000 };
    unsigned char *parts[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i % 97 + 1;
        parts[i] = wb_arena_alloc(arena, size);
        assert_int_equal((uintptr_t) parts[i] % _Alignof(max_align_t), 0);
        memset(parts[i], (int) (i % 251), size);
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < i % 97 + 1; k++)
            assert_int_equal(parts[i][k], i % 251);
    }
}

static void arena_takes_large_pieces_without_losing_the_room_of_the_newest_block(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    (void) wb_arena_alloc(arena, 16);
    size_t before = wb_arena_size_bytes(arena);
    char *large = wb_arena_alloc(arena, 1000000);
    memset(large, 1, 1000000);
    (void) wb_arena_alloc(arena, 16);
    assert_true(wb_arena_size_bytes(arena) <= before + 1000000 + 64);
}

static void arena_memory_is_linear_in_what_is_asked(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    for (size_t i = 0; i < 100000; i++)
        (void) wb_arena_alloc(arena, 32);
    assert_true(wb_arena_size_bytes(arena) < 100000 * 32 * 2);
}

static void cleared_arena_reuses_its_first_block(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    for (size_t round = 0; round < 1000; round++) {
        (void) wb_arena_alloc(arena, 1000);
        wb_arena_clear(arena);
    }
    assert_true(wb_arena_size_bytes(arena) <= 64 * 1024);
}

static void arena_printf_formats_and_null_stays_null(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    assert_string_equal(wb_arena_printf(arena, "%s-%d", "a", 7), "a-7");
    assert_null(wb_arena_strdup(arena, NULL));
    assert_string_equal(wb_arena_strndup(arena, "abcdef", 3), "abc");
}

static void buffer_grows_and_stays_terminated(void **state)
{
    (void) state;
    WB_AUTO_BUF(buf, 0);
    assert_string_equal(wb_buf_text(&buf), "");
    for (int i = 0; i < 1000; i++)
        wb_buf_printf(&buf, "%d,", i);
    assert_int_equal(strlen(buf.ptr), buf.len);
    assert_memory_equal(buf.ptr + buf.len - 4, "999,", 4);
}

static void buffer_stops_at_its_maximum_and_says_so(void **state)
{
    (void) state;
    WB_AUTO_BUF(buf, 5);
    wb_buf_puts(&buf, "abc");
    assert_false(buf.overflow);
    wb_buf_puts(&buf, "def");
    assert_true(buf.overflow);
    assert_string_equal(buf.ptr, "abc");
    wb_buf_puts(&buf, "de");
    assert_string_equal(buf.ptr, "abcde");
    wb_buf_reset(&buf);
    assert_false(buf.overflow);
}

static void buffer_consumes_from_its_front(void **state)
{
    (void) state;
    WB_AUTO_BUF(buf, 0);
    wb_buf_puts(&buf, "abcdef");
    wb_buf_consume(&buf, 2);
    assert_string_equal(buf.ptr, "cdef");
    wb_buf_consume(&buf, 100);
    assert_string_equal(buf.ptr, "");
}

static void list_keeps_order_over_growth(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_LIST(int) numbers = {0};
    for (int i = 0; i < 1000; i++)
        WB_LIST_ADD(arena, &numbers, i);
    assert_int_equal(numbers.count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers.items[i], i);
}

static void map_finds_what_was_set_and_nothing_else(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_map *map = wb_map_new();
    int values[1000];
    for (int i = 0; i < 1000; i++)
        assert_null(wb_map_set(map, wb_str_from(wb_arena_printf(arena, "key%d", i)), &values[i]));
    assert_int_equal(wb_map_count(map), 1000);
    assert_ptr_equal(wb_map_get(map, WB_STR("key77")), &values[77]);
    assert_null(wb_map_get(map, WB_STR("key1000")));
    assert_false(wb_map_has(map, WB_STR("key")));
    assert_ptr_equal(wb_map_set(map, WB_STR("key77"), &values[0]), &values[77]);
    assert_int_equal(wb_map_count(map), 1000);
    wb_map_free(map);
    wb_map_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_keeps_every_allocation_apart_and_aligned),
        cmocka_unit_test(arena_takes_large_pieces_without_losing_the_room_of_the_newest_block),
        cmocka_unit_test(arena_memory_is_linear_in_what_is_asked),
        cmocka_unit_test(cleared_arena_reuses_its_first_block),
        cmocka_unit_test(arena_printf_formats_and_null_stays_null),
        cmocka_unit_test(buffer_grows_and_stays_terminated),
        cmocka_unit_test(buffer_stops_at_its_maximum_and_says_so),
        cmocka_unit_test(buffer_consumes_from_its_front),
        cmocka_unit_test(list_keeps_order_over_growth),
        cmocka_unit_test(map_finds_what_was_set_and_nothing_else),
    };
    return RUN_TESTS(tests);
}
