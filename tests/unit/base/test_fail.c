/* fail and file */
#define _GNU_SOURCE
#include "../../support/test.h"
#include "base/fail.h"
#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void error_collects_context_and_drops_what_does_not_fit(void **state)
{
    (void) state;
    wb_error err;
    assert_false(wb_fail(&err, WB_E_QUERY, "cannot do \"%s\"", "it"));
    assert_string_equal(err.message, "cannot do \"it\"");
    for (int i = 0; i < 20; i++)
        assert_false(wb_while(&err, "level %d", i));
    assert_int_equal(err.contexts, WB_ERROR_CONTEXTS);
    assert_string_equal(err.context[7], "level 7");
}

static void long_messages_are_cut_not_overrun(void **state)
{
    (void) state;
    wb_error err;
    char text[5000];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    wb_fail(&err, WB_E_QUERY, "%s", text);
    assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
    wb_fail_errno(&err, ENOSPC, "%s", text);
    assert_int_equal(err.status, WB_E_NO_SPACE);
}

static void every_status_has_a_name_a_class_and_a_text(void **state)
{
    (void) state;
    for (int status = 0; status < WB_STATUS_COUNT; status++) {
        assert_true(wb_status_name((wb_status) status)[0] != '\0');
        assert_true(wb_status_class((wb_status) status)[0] != '\0');
        assert_true(wb_status_text((wb_status) status)[0] != '\0');
        assert_true(wb_status_exit_code((wb_status) status) <= 5);
    }
    assert_string_equal(wb_status_name((wb_status) 9999), "INTERNAL");
}

static void show_points_at_the_character_in_its_line(void **state)
{
    (void) state;
    wb_error err = {0};
    wb_str text = WB_STR("select\n  \xC3\xA4, nope\nfrom t");
    wb_show(&err, text, 14, 10, 5);
    assert_int_equal(err.line, 11);
    assert_int_equal(err.column, 7);
    assert_int_equal(err.caret, 7);
    assert_string_equal(err.excerpt, "  \xC3\xA4, nope");
    wb_show(&err, text, 3, 10, 5);
    assert_int_equal(err.line, 10);
    assert_int_equal(err.column, 8); /* the text begins at column 5 */
    assert_int_equal(err.caret, 4);
    wb_show(&err, text, 9999, 1, 1);
    assert_int_equal(err.line, 3);
}

static void show_cuts_a_long_line_around_the_fault(void **state)
{
    (void) state;
    wb_error err = {0};
    char text[4000];
    memset(text, 'a', sizeof(text));
    text[2000] = '!';
    wb_show(&err, wb_str_make(text, sizeof(text)), 2000, 1, 1);
    assert_int_equal(err.column, 2001);
    assert_int_equal(err.excerpt[err.caret - 1], '!');
    assert_true(strlen(err.excerpt) <= 120);
}

static char folder[64];

static int make_folder(void **state)
{
    (void) state;
    (void) snprintf(folder, sizeof(folder), "/tmp/wb-test-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void) state;
    WB_SCRATCH(tmp);
    static const char *const names[] = {"file",      "a/b/c",     "a/b", "a",
                                        "find/deep", "find/mark", "find"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        (void) remove(wb_path_join(tmp, folder, names[i]));
    return rmdir(folder);
}

static void file_is_written_whole_and_never_replaces_unasked(void **state)
{
    (void) state;
    WB_SCRATCH(tmp);
    wb_error err;
    wb_str text;
    const char *path = wb_path_join(tmp, folder, "file");
    assert_true(wb_file_write(path, WB_STR("one"), false, &err));
    assert_false(wb_file_write(path, WB_STR("two"), false, &err));
    assert_int_equal(err.status, WB_E_IO);
    assert_true(wb_file_read(path, 100, tmp, &text, &err));
    assert_true(wb_str_is(text, "one"));
    assert_true(wb_file_write(path, WB_STR("three"), true, &err));
    assert_true(wb_file_read(path, 100, tmp, &text, &err));
    assert_true(wb_str_is(text, "three"));
    assert_false(wb_file_read(path, 4, tmp, &text, &err));
    assert_non_null(strstr(err.message, "larger than 4 bytes"));
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_nlink, 1);
}

static void missing_file_and_folder_are_named(void **state)
{
    (void) state;
    WB_SCRATCH(tmp);
    wb_error err;
    wb_str text;
    assert_false(wb_file_read("/nowhere/at/all", 100, tmp, &text, &err));
    assert_string_equal(err.message, "cannot open \"/nowhere/at/all\": No such file or directory");
    assert_false(wb_file_write("/nowhere/file", WB_STR(""), false, &err));
    assert_non_null(strstr(err.message, "\"/nowhere\""));
}

static void folders_are_made_with_those_above(void **state)
{
    (void) state;
    WB_SCRATCH(tmp);
    wb_error err;
    const char *deep = wb_path_join(tmp, folder, "a/b/c");
    assert_true(wb_file_make_directory(deep, &err));
    assert_true(wb_file_is_directory(deep));
    assert_true(wb_file_make_directory(deep, &err));
    assert_false(wb_file_make_directory("/dev/null/x", &err));
}

static void file_is_found_upwards(void **state)
{
    (void) state;
    WB_SCRATCH(tmp);
    wb_error err;
    const char *deep = wb_path_join(tmp, folder, "find/deep");
    assert_true(wb_file_make_directory(deep, &err));
    const char *mark = wb_path_join(tmp, folder, "find/mark");
    assert_true(wb_file_write(mark, WB_STR(""), false, &err));
    char *found = NULL;
    assert_true(wb_path_find_upwards(tmp, deep, "mark", &found, &err));
    assert_string_equal(found, mark);
    assert_true(wb_path_find_upwards(tmp, deep, "no-such-file-anywhere", &found, &err));
    assert_null(found);
    assert_true(wb_path_find_upwards(tmp, "/no/such/folder", "mark", &found, &err));
    assert_null(found);
}

static void paths_are_joined_and_cut(void **state)
{
    (void) state;
    WB_SCRATCH(tmp);
    assert_string_equal(wb_path_join(tmp, "a/", "b"), "a/b");
    assert_string_equal(wb_path_join(tmp, "a", "/b"), "/b");
    assert_string_equal(wb_path_join(tmp, ".", "b"), "b");
    assert_string_equal(wb_path_join(tmp, "a", "."), "a");
    assert_string_equal(wb_path_parent(tmp, "a/b/c"), "a/b");
    assert_string_equal(wb_path_parent(tmp, "/c"), "/");
    assert_string_equal(wb_path_parent(tmp, "c"), ".");
    assert_string_equal(wb_path_base("a/b/c"), "c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_collects_context_and_drops_what_does_not_fit),
        cmocka_unit_test(long_messages_are_cut_not_overrun),
        cmocka_unit_test(every_status_has_a_name_a_class_and_a_text),
        cmocka_unit_test(show_points_at_the_character_in_its_line),
        cmocka_unit_test(show_cuts_a_long_line_around_the_fault),
        cmocka_unit_test_setup_teardown(file_is_written_whole_and_never_replaces_unasked,
                                        make_folder, remove_folder),
        cmocka_unit_test(missing_file_and_folder_are_named),
        cmocka_unit_test_setup_teardown(folders_are_made_with_those_above, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(file_is_found_upwards, make_folder, remove_folder),
        cmocka_unit_test(paths_are_joined_and_cut),
    };
    return RUN_TESTS(tests);
}
