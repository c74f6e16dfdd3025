/* Names and texts of new revisions: revision_naming, revision_slug, revision_write */
#define _GNU_SOURCE /* setenv */
#include "base/clock.h"
#include "base/random.h"
#include "folder_fixture.h"
#include "revision/revision.h"

enum { EPOCH_2025 = 1761329232 }; /* 2025-10-24 18:07:12 UTC */

static void slugs_are_words_cut_at_a_word(void **state)
{
    (void) state;
    static const struct {
        const char *message;
        unsigned length;
        const char *slug;
    } cases[] = {
        {"Create users table", 40, "create_users_table"},
        {"  Add: index (on users.name)!  ", 40, "add_index_on_users_name"},
        {"Create users table", 14, "create_users"},
        {"Create users table", 12, "create_users"},
        {"Create users table", 11, "create"},
        {"Supercalifragilistic", 5, "super"},
        {"one Supercalifragilistic", 6, "one"},
        {"\xC3\xA4\xC3\xA4\xC3\xA4", 3, "\xC3\xA4"},
        {"Gr\xC3\xB6\xC3\x9F"
         "e 1",
         40,
         "gr\xC3\xB6\xC3\x9F"
         "e_1"},
        {"", 40, ""},
        {"!!!", 40, ""},
        {"x", 0, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_SCRATCH(arena);
        assert_string_equal(wb_slug(cases[i].message, cases[i].length, arena), cases[i].slug);
    }
}

static void file_names_follow_the_template(void **state)
{
    (void) state;
    static const struct {
        const char *template;
        const char *message;
        const char *name;
    } cases[] = {
        {WB_REVISION_TEMPLATE, "Add users", "20251024_1807-b8a1_add_users.sql"},
        {WB_REVISION_TEMPLATE, "", "20251024_1807-b8a1.sql"},
        {"{seq}_{slug}.sql", "A", "7_a.sql"},
        {"{seq:3}-{slug}.sql", "A", "007-a.sql"},
        {"%Y/%m/{revision}-{slug}.sql", "A", "2025/10/b8a1-a.sql"},
        {"%y%j%H%M%S%%{revision}.sql", "A", "25297180712%b8a1.sql"},
        {"{revision}.sql", "A", "b8a1.sql"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_SCRATCH(arena);
        wb_error err = {0};
        const char *name = NULL;
        wb_new_revision revision = {.id = "b8a1",
                                    .message = cases[i].message,
                                    .file_template = cases[i].template,
                                    .sequence = 7};
        if (!wb_revision_file_name(&revision, (int64_t) EPOCH_2025 * 1000000, arena, &name, &err))
            fail_msg("%s", err.message);
        assert_string_equal(name, cases[i].name);
    }
}

static void templates_that_cannot_work_are_refused(void **state)
{
    (void) state;
    static const struct {
        const char *template;
        const char *message;
    } cases[] = {
        {"{slug}.sql", "has neither {revision} nor {seq}"},
        {"{revision}", "does not end in \".sql\""},
        {"../{revision}.sql", "leaves its folder"},
        {"a/../../{revision}.sql", "leaves its folder"},
        {"./{revision}.sql", "leaves its folder"},
        {"/tmp/{revision}.sql", "has an empty part"},
        {"a//{revision}.sql", "has an empty part"},
        {"_{revision}.sql", "would be passed over"},
        {".x/{revision}.sql", "would be passed over"},
        {"a\\{revision}.sql", "a control character or a backslash"},
        {"a\n{revision}.sql", "a control character or a backslash"},
        {"\xFF{revision}.sql", "is not valid UTF-8"},
        {"{revision}"
         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx."
         "sql",
         "longer than 255 bytes"},
        {"%Q{revision}.sql", "unknown field \"%Q\""},
        {"{revision}.sql%", "unknown field \"%\""},
        {"{rev}.sql", "unknown field \"{rev}\""},
        {"{}.sql", "unknown field \"{}\""},
        {"{seq:0}.sql", "unknown field \"{seq:0}\""},
        {"{seq:99}.sql", "unknown field \"{seq:99}\""},
        {"{revision", "unknown field \"{revision\""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_SCRATCH(arena);
        wb_error err = {0};
        const char *name = NULL;
        wb_new_revision revision = {
            .id = "b8a1", .message = "", .file_template = cases[i].template};
        if (wb_revision_file_name(&revision, 0, arena, &name, &err))
            fail_msg("accepted: %s", cases[i].template);
        if (strstr(err.message, cases[i].message) == NULL)
            fail_msg("%s: %s", cases[i].template, err.message);
        assert_true(err.hint[0] != '\0');
    }
}

static void names_use_local_time_on_request(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_error err = {0};
    const char *name = NULL;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    assert_int_equal(setenv("TZ", "XXX-02:30", 1), 0);
    wb_new_revision revision = {
        .id = "a", .message = "", .file_template = "%H%M{revision}.sql", .local_time = true};
    assert_true(
        wb_revision_file_name(&revision, (int64_t) EPOCH_2025 * 1000000, arena, &name, &err));
    assert_string_equal(name, "2037a.sql");
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    assert_int_equal(unsetenv("TZ"), 0);
}

static const char *written(void **state, wb_new_revision *revision, wb_arena *arena)
{
    wb_error err = {0};
    wb_str text;
    const char *path = NULL;
    const char *id = NULL;
    revision->folder = in_folder(state, "new/folder", arena);
    if (!wb_revision_write(revision, arena, &path, &id, &err))
        fail_msg("%s", err.message);
    assert_true(wb_file_read(path, 1U << 20, arena, &text, &err));
    assert_int_equal(remove(path), 0);
    return text.ptr;
}

static void writes_the_header_of_the_design(void **state)
{
    WB_SCRATCH(arena);
    wb_clock_fix((int64_t) EPOCH_2025 * 1000000);
    const char *revises[] = {"2963c4558295", "aaaa"};
    const char *depends_on[] = {"auth"};
    wb_new_revision revision = {.id = "b8a169f37b24",
                                .message = "Create users table",
                                .revises = revises,
                                .revises_count = 2,
                                .depends_on = depends_on,
                                .depends_on_count = 1,
                                .up_sql = "CREATE TABLE users (id int);\n",
                                .down_sql = "DROP TABLE users;"};
    assert_string_equal(written(state, &revision, arena), "-- Create users table\n"
                                                          "--\n"
                                                          "-- revision: b8a169f37b24\n"
                                                          "-- revises: 2963c4558295, aaaa\n"
                                                          "-- branch_labels:\n"
                                                          "-- depends_on: auth\n"
                                                          "-- create_date: 2025-10-24T18:07:12Z\n"
                                                          "\n"
                                                          "-- migrate:up\n"
                                                          "CREATE TABLE users (id int);\n"
                                                          "\n"
                                                          "-- migrate:down\n"
                                                          "DROP TABLE users;\n");
    wb_clock_fix(-1);
}

static void messages_of_any_kind_come_back_as_they_were(void **state)
{
    static const struct {
        const char *message;
        const char *read;
    } cases[] = {
        {"", ""},
        {"two\nlines\tof it ", "two lines of it"},
        {"revises: nothing", "revises: nothing"},
        {"migrate:up the users", "migrate:up the users"},
        {"Migrate: down", "Migrate: down"},
        {"migrate up", "migrate up"},
        {"- a list", "- a list"},
        {"Note: x", "Note: x"},
        {"100 %s sure", "100 %s sure"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_SCRATCH(arena);
        wb_error err = {0};
        wb_revision *read = NULL;
        wb_new_revision revision = {.message = cases[i].message};
        const char *text = written(state, &revision, arena);
        assert_true(wb_revision_parse(wb_str_from(text), "x.sql", arena, &read, &err));
        assert_string_equal(read->message, cases[i].read);
        assert_int_equal(strlen(read->id), 12);
        assert_int_equal(read->sections.count, 2);
    }
}

static void refuses_to_write_what_could_not_be_read(void **state)
{
    static const char *const bad_names[] = {"a b"};
    static const char *const empty_names[] = {""};
    static const struct {
        wb_new_revision revision;
        const char *message;
    } cases[] = {
        {{.id = "a-b"}, "\"a-b\" is not a revision id"},
        {{.id = "head"}, "\"head\" cannot be used as revision id"},
        {{.id = "a", .up_sql = "x\n-- migrate:down\ny"},
         "there is a second \"migrate:down\" section for all engines"},
        {{.id = "a", .up_sql = "-- migrate:up engine:sqlite\n"},
         "the SQL of the new revision holds a marker line"},
        {{.id = "a", .down_sql = "\xFF"}, "the byte 0xFF is not valid UTF-8"},
        {{.id = "a", .revises = bad_names, .revises_count = 1},
         "the header of the new revision cannot be written"},
        {{.id = "a", .branch_labels = empty_names, .branch_label_count = 1},
         "the header of the new revision cannot be written"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_SCRATCH(arena);
        wb_error err = {0};
        const char *path = NULL;
        const char *id = NULL;
        wb_new_revision revision = cases[i].revision;
        revision.folder = in_folder(state, "new", arena);
        assert_false(wb_revision_write(&revision, arena, &path, &id, &err));
        assert_string_equal(err.message, cases[i].message);
        assert_false(wb_file_exists(revision.folder));
    }
}

static void never_replaces_a_file(void **state)
{
    WB_SCRATCH(arena);
    wb_error err = {0};
    const char *path = NULL;
    const char *id = NULL;
    wb_new_revision revision = {
        .id = "a", .message = "x", .folder = *state, .file_template = "{revision}.sql"};
    assert_true(wb_revision_write(&revision, arena, &path, &id, &err));
    assert_string_equal(path, in_folder(state, "a.sql", arena));
    assert_string_equal(id, "a");
    assert_false(wb_revision_write(&revision, arena, &path, &id, &err));
    assert_non_null(strstr(err.message, "exists already"));
}

static void random_ids_have_twelve_hex_digits(void **state)
{
    WB_SCRATCH(arena);
    wb_random_fix(5);
    wb_error err = {0};
    const char *path = NULL;
    const char *first = NULL;
    const char *second = NULL;
    wb_new_revision revision = {.message = "x", .folder = *state};
    assert_true(wb_revision_write(&revision, arena, &path, &first, &err));
    assert_true(wb_revision_write(&revision, arena, &path, &second, &err));
    assert_string_not_equal(first, second);
    assert_int_equal(strspn(first, "0123456789abcdef"), 12);
    assert_int_equal(strlen(first), 12);
    wb_random_fix(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slugs_are_words_cut_at_a_word),
        cmocka_unit_test(file_names_follow_the_template),
        cmocka_unit_test(templates_that_cannot_work_are_refused),
        cmocka_unit_test(names_use_local_time_on_request),
        FOLDER_TEST(writes_the_header_of_the_design),
        FOLDER_TEST(messages_of_any_kind_come_back_as_they_were),
        FOLDER_TEST(refuses_to_write_what_could_not_be_read),
        FOLDER_TEST(never_replaces_a_file),
        FOLDER_TEST(random_ids_have_twelve_hex_digits),
    };
    return RUN_TESTS(tests);
}
