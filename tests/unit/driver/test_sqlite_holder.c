/* Who locks a file, by the system's list of locks. */
#include "../../support/test.h"
#include "driver/sqlite/sqlite_holder.h"

static const char list[] = "1: POSIX  ADVISORY  READ 70 08:01:131 1073741826 1073742335\n"
                           "2: POSIX  ADVISORY  WRITE 71 08:02:131 1073741825 1073741825\n"
                           "3: FLOCK  ADVISORY  WRITE 72 08:01:131 0 EOF\n"
                           "4: OFDLCK ADVISORY  WRITE -1 08:01:131 0 EOF\n"
                           "5: POSIX  ADVISORY  WRITE 0 08:01:131 1073741825 1073741825\n"
                           "6: POSIX  ADVISORY  WRITE 73 08:01:131 1073741825 1073741825\n"
                           "6: -> POSIX  ADVISORY  WRITE 74 08:01:131 1073741825 1073741825\n"
                           "7: POSIX  ADVISORY  WRITE 75 fe:1f:9 0 EOF\n"
                           "8: nonsense\n\n";

static void the_process_with_the_lock_is_found(void **state)
{
    (void) state;
    static const struct {
        wb_lock_query query;
        uint64_t process;
    } cases[] = {
        {{8, 1, 131, 1073741824, 1073741825, true, 0}, 73},
        {{8, 1, 131, 1073741824, 1073741825, true, 73}, 0},
        {{8, 1, 131, 1073741824, 1073742335, false, 0}, 70},
        {{8, 1, 131, 1073741824, 1073742335, true, 0}, 73},
        {{8, 1, 131, 120, 122, true, 0}, 0},
        {{8, 2, 131, 1073741824, 1073741825, true, 0}, 71},
        {{8, 1, 13, 1073741824, 1073741825, true, 0}, 0},
        {{254, 31, 9, 1073741824, 1073741825, true, 0}, 75},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(wb_lock_list_find(wb_str_from(list), &cases[i].query), cases[i].process);
}

static void a_list_that_cannot_be_read_names_nobody(void **state)
{
    (void) state;
    static const char *const lists[] = {
        "",
        "1: POSIX",
        "1: POSIX  ADVISORY  WRITE x 08:01:131 1 2",
        "1: POSIX  ADVISORY  WRITE 7 08:01 1 2",
        "1: POSIX  ADVISORY  WRITE 7 08:01:131 one 2",
        "1: POSIX  ADVISORY  WRITE 7 08:01:131 1 1111111111111111111111111111",
    };
    const wb_lock_query query = {.major = 8, .minor = 1, .inode = 131, .last = UINT64_MAX};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        assert_int_equal(wb_lock_list_find(wb_str_from(lists[i]), &query), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_process_with_the_lock_is_found),
        cmocka_unit_test(a_list_that_cannot_be_read_names_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
