/* Loading folders: revision_folder, revision_load, and what revision.c reads later */
#define _GNU_SOURCE
#include "folder_fixture.h"
#include "revision/graph.h"

#include <sys/stat.h>
#include <unistd.h>

static bool load_all(const char *const *folders, size_t count, bool checksums, wb_arena *arena,
                     wb_revision_set **ret_set, wb_error *err)
{
    wb_folder_options options = {
        .folders = folders, .folder_count = count, .want_checksums = checksums};
    *err = (wb_error){0};
    return wb_revisions_load(&options, arena, ret_set, err);
}

static wb_revision_set *load(void **state, wb_arena *arena)
{
    wb_error err;
    wb_revision_set *set = NULL;
    const char *folders[] = {*state};
    if (!load_all(folders, 1, true, arena, &set, &err))
        fail_msg("%s: %s", err.file, err.message);
    return set;
}

/* Loading must fail; gives the message without the folder's own name. */
static const char *refusal(void **state, wb_arena *arena, wb_error *err)
{
    wb_revision_set *set = NULL;
    const char *folders[] = {*state};
    assert_false(load_all(folders, 1, false, arena, &set, err));
    assert_true(err->hint[0] != '\0');
    WB_AUTO_BUF(text, 0);
    wb_str rest = wb_str_from(err->message);
    wb_str folder = wb_str_from(*state);
    size_t at = 0;
    while (wb_str_find(rest, folder, &at)) {
        wb_buf_add(&text, rest.ptr, at);
        rest = wb_str_from_offset(rest, at + folder.len);
    }
    wb_buf_add_str(&text, rest);
    return wb_arena_strdup(arena, wb_buf_text(&text));
}

static const char *ids_of(const wb_revision_set *set, wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    for (size_t i = 0; i < set->revisions.count; i++) {
        assert_int_equal(set->revisions.items[i]->index, i);
        wb_buf_printf(&text, "%s%s", i != 0 ? " " : "", set->revisions.items[i]->id);
    }
    return wb_arena_strdup(arena, wb_buf_text(&text));
}

static void loads_in_the_byte_order_of_paths_with_nested_folders(void **state)
{
    WB_SCRATCH(arena);
    put_revision(state, "b.sql", "b");
    put_revision(state, "a/z.sql", "az");
    put_revision(state, "a.sql", "a");
    put_revision(state, "a/b/c.sql", "abc");
    put_revision(state, "B.sql", "B");
    put_revision(state, "\xC3\xA4.sql", "umlaut");
    put(state, ".hidden.sql", "no revision");
    put(state, "_old/x.sql", "no revision");
    put(state, "_x.sql", "no revision");
    put(state, "readme.txt", "no revision");
    wb_revision_set *set = load(state, arena);
    assert_string_equal(ids_of(set, arena), "B a abc az b umlaut");
    assert_string_equal(set->revisions.items[2]->path, in_folder(state, "a/b/c.sql", arena));
}

static void several_folders_come_in_their_given_order(void **state)
{
    WB_SCRATCH(arena);
    put_revision(state, "one/b.sql", "b");
    put_revision(state, "two/a.sql", "a");
    const char *folders[] = {in_folder(state, "two", arena), in_folder(state, "one", arena)};
    wb_revision_set *set = NULL;
    wb_error err;
    assert_true(load_all(folders, 2, false, arena, &set, &err));
    assert_string_equal(ids_of(set, arena), "a b");
    folders[1] = *state;
    assert_false(load_all(folders, 2, false, arena, &set, &err));
    assert_non_null(strstr(err.message, "is given, but lies in"));
    folders[1] = wb_path_join(arena, folders[0], "../two");
    assert_false(load_all(folders, 2, false, arena, &set, &err));
    assert_non_null(strstr(err.message, "is given twice"));
}

static void follows_links_to_files_and_folders(void **state)
{
    WB_SCRATCH(arena);
    put_revision(state, "_store/a.sql", "a");
    put_revision(state, "_store/sub/b.sql", "b");
    assert_int_equal(symlink("_store/a.sql", in_folder(state, "x.sql", arena)), 0);
    assert_int_equal(symlink("_store/sub", in_folder(state, "y", arena)), 0);
    assert_string_equal(ids_of(load(state, arena), arena), "a b");
}

static void an_empty_folder_has_no_revisions_and_a_missing_one_only_on_request(void **state)
{
    WB_SCRATCH(arena);
    assert_int_equal(load(state, arena)->revisions.count, 0);
    const char *folders[] = {in_folder(state, "nothing", arena)};
    wb_revision_set *set = NULL;
    wb_error err;
    assert_false(load_all(folders, 1, false, arena, &set, &err));
    assert_int_equal(err.status, WB_E_IO);
    assert_non_null(strstr(err.hint, "whimbrel init"));
    wb_folder_options options = {.folders = folders, .folder_count = 1, .allow_missing = true};
    assert_true(wb_revisions_load(&options, arena, &set, &err));
    assert_int_equal(set->revisions.count, 0);
    put(state, "file", "x");
    folders[0] = in_folder(state, "file", arena);
    assert_false(wb_revisions_load(&options, arena, &set, &err));
    assert_non_null(strstr(err.message, "is not a folder"));
}

static void refuses_what_only_looks_like_a_revision(void **state)
{
    WB_SCRATCH(arena);
    wb_error err;
    const char *folder = in_folder(state, "x.sql", arena);
    assert_int_equal(mkdir(folder, 0777), 0);
    assert_string_equal(refusal(state, arena, &err),
                        "\"/x.sql\" is a folder, though it is named like a revision file");
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(mkfifo(folder, 0666), 0);
    assert_string_equal(refusal(state, arena, &err), "\"/x.sql\" is neither a file nor a folder");
    assert_int_equal(unlink(folder), 0);
    assert_int_equal(symlink("nowhere", folder), 0);
    assert_string_equal(refusal(state, arena, &err),
                        "cannot follow the link \"/x.sql\": No such file or directory");
    assert_int_equal(unlink(folder), 0);
    assert_int_equal(symlink("x.sql", folder), 0);
    assert_non_null(strstr(refusal(state, arena, &err), "cannot follow the link \"/x.sql\": "));
    assert_int_equal(unlink(folder), 0);
    put_revision(state, "x.SQL", "x");
    assert_string_equal(refusal(state, arena, &err), "\"/x.SQL\" ends in capital letters");
}

static void a_link_to_a_folder_above_is_a_circle(void **state)
{
    WB_SCRATCH(arena);
    wb_error err;
    put_revision(state, "a/b/x.sql", "x");
    assert_int_equal(symlink("../../a", in_folder(state, "a/b/up", arena)), 0);
    assert_string_equal(refusal(state, arena, &err),
                        "\"/a/b/up\" leads back to a folder that it lies in");
}

static void two_files_with_one_id_are_both_named(void **state)
{
    WB_SCRATCH(arena);
    wb_error err;
    put_revision(state, "a.sql", "same");
    put(state, "b.sql", "-- Two\n--\n-- revision: same\n-- migrate:up\n");
    assert_string_equal(refusal(state, arena, &err), "two files have the revision id \"same\"");
    assert_string_equal(err.file, in_folder(state, "b.sql", arena));
    assert_int_equal(err.line, 3);
    assert_string_equal(err.detail, wb_arena_printf(arena, "The other file is \"%s\", line 1.",
                                                    in_folder(state, "a.sql", arena)));
}

static void a_file_that_may_not_be_read_is_named(void **state)
{
    if (geteuid() == 0)
        skip(); /* root reads everything */
    WB_SCRATCH(arena);
    wb_error err;
    put_revision(state, "a.sql", "a");
    assert_int_equal(chmod(in_folder(state, "a.sql", arena), 0), 0);
    assert_string_equal(refusal(state, arena, &err), "cannot open \"/a.sql\": Permission denied");
    assert_string_equal(err.file, in_folder(state, "a.sql", arena));
}

static void faults_name_the_file_that_has_them(void **state)
{
    WB_SCRATCH(arena);
    wb_error err;
    put_revision(state, "a.sql", "a");
    put(state, "sub/b.sql", "-- revision: b\nSELECT 1;\n");
    assert_string_equal(refusal(state, arena, &err), "there is SQL before the first marker");
    assert_string_equal(err.file, in_folder(state, "sub/b.sql", arena));
    assert_int_equal(err.line, 2);
}

/* A revision with a body of about `size` bytes and a down section behind it. */
static wb_str large_text(size_t size, wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    wb_buf_puts(&text, "-- revision: large\n-- migrate:up\n");
    while (text.len < size)
        wb_buf_printf(&text, "INSERT INTO t VALUES (%zu, '\xE2\x82\xAC');\n", text.len);
    wb_buf_puts(&text, "-- migrate:down\nDROP\n");
    return wb_str_make(wb_str_dup(arena, wb_buf_str(&text)), text.len);
}

static void large_files_give_their_sections_when_asked(void **state)
{
    static const size_t sizes[] = {65536 - 40, 65536 - 22, 65536, 65536 * 3 + 17, 2000000};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        WB_SCRATCH(arena);
        wb_str text = large_text(sizes[i], arena);
        put_bytes(state, "large.sql", text);
        wb_error err;
        wb_revision_set *set = NULL;
        const char *folders[] = {*state};
        assert_true(load_all(folders, 1, false, arena, &set, &err));
        wb_revision *revision = set->revisions.items[0];
        assert_int_equal(revision->sections_known, text.len < 65536);
        char before[WB_SHA256_HEX];
        char after[WB_SHA256_HEX];
        const wb_dialect *sqlite = wb_dialect_of(WB_SQLITE);
        assert_true(wb_revision_normal_checksum(revision, sqlite, before, &err));
        assert_true(wb_revision_sections(revision, arena, &err));
        assert_true(wb_revision_normal_checksum(revision, sqlite, after, &err));
        assert_string_equal(before, after);
        assert_int_equal(revision->sections.count, 2);
        assert_int_equal(revision->size_bytes, text.len);
        const wb_section *down = wb_revision_section(revision, WB_DOWN, WB_SQLITE);
        assert_int_equal(down->length, 5);
        assert_memory_equal(text.ptr + down->start.offset, "DROP\n", 5);
        wb_revision *with_checksum = load(state, arena)->revisions.items[0];
        assert_true(with_checksum->sections_known);
        assert_int_equal(with_checksum->sections.items[1].start.offset, down->start.offset);
        assert_int_equal(with_checksum->sections.items[1].start.line, down->start.line);
    }
}

static void faults_far_down_a_large_file_are_found(void **state)
{
    WB_SCRATCH(arena);
    wb_str text = large_text(200000, arena);
    char *bytes = wb_str_dup(arena, text);
    bytes[150000] = '\xFF';
    put_bytes(state, "large.sql", wb_str_make(bytes, text.len));
    wb_error err;
    wb_revision_set *set = NULL;
    const char *folders[] = {*state};
    assert_true(load_all(folders, 1, false, arena, &set, &err));
    assert_false(wb_revision_sections(set->revisions.items[0], arena, &err));
    assert_int_equal(err.status, WB_E_ENCODING);
    assert_true(err.line > 3000);
    assert_false(load_all(folders, 1, true, arena, &set, &err));
    assert_int_equal(err.status, WB_E_ENCODING);
}

static void a_header_longer_than_the_first_piece_is_refused(void **state)
{
    WB_SCRATCH(arena);
    wb_error err;
    char *dashes = wb_arena_alloc(arena, 70001);
    memset(dashes, '-', 70000);
    dashes[70000] = '\0';
    put(state, "a.sql", wb_arena_printf(arena, "-- revision: a\n%s\n-- migrate:up\n", dashes));
    assert_string_equal(refusal(state, arena, &err),
                        "there is no \"-- migrate:up\" in the first 64 KiB");
}

static void the_raw_checksum_is_the_sha256_of_the_file(void **state)
{
    WB_SCRATCH(arena);
    put(state, "a.sql", "-- revision: a\n-- migrate:up\nSELECT 1;\n");
    wb_revision *revision = load(state, arena)->revisions.items[0];
    wb_sha256 hash;
    char expected[WB_SHA256_HEX];
    wb_sha256_init(&hash);
    wb_sha256_add(&hash, WB_STR("-- revision: a\n-- migrate:up\nSELECT 1;\n"));
    wb_sha256_hex(&hash, expected);
    assert_string_equal(revision->checksum, expected);
    put(state, "a.sql", "-- revision: a\n-- migrate:up\nSELECT 2;\n");
    wb_error err = {0};
    assert_true(wb_revision_checksum(revision, &err));
    assert_string_not_equal(revision->checksum, expected);
    assert_int_equal(unlink(revision->path), 0);
    assert_false(wb_revision_checksum(revision, &err));
    assert_int_equal(err.status, WB_E_IO);
}

static const char *normal_checksum(void **state, const char *body, wb_dialect_id engine,
                                   wb_arena *arena)
{
    put(state, "a.sql", wb_arena_printf(arena, "-- revision: a\n%s", body));
    wb_revision *revision = load(state, arena)->revisions.items[0];
    wb_error err = {0};
    char *hex = wb_arena_alloc(arena, WB_SHA256_HEX);
    if (!wb_revision_normal_checksum(revision, wb_dialect_of(engine), hex, &err))
        fail_msg("%s", err.message);
    return hex;
}

static void the_normal_checksum_sees_tokens_and_sections_only(void **state)
{
    WB_SCRATCH(arena);
    const char *first = normal_checksum(state, "-- migrate:up\nSELECT 1;\n", WB_SQLITE, arena);
    static const char *const same[] = {
        "-- migrate:up\r\nSELECT  1 ;\r\n",
        "-- migrate:up\n-- a comment\nSELECT /* or two */\n1;\n\n\n",
        "-- migrate:up engine:postgres\nSELECT 2;\n-- migrate:up engine:sqlite\nSELECT 1;\n",
    };
    static const char *const other[] = {
        "-- migrate:up\nSELECT 2;\n",
        "-- migrate:up\nSELECT '1';\n",
        "-- migrate:up\nSELECT 1;\n-- migrate:down\n",
        "-- migrate:up\n\n-- migrate:down\nSELECT 1;\n",
    };
    for (size_t i = 0; i < COUNT_OF(same); i++)
        assert_string_equal(normal_checksum(state, same[i], WB_SQLITE, arena), first);
    for (size_t i = 0; i < COUNT_OF(other); i++)
        assert_string_not_equal(normal_checksum(state, other[i], WB_SQLITE, arena), first);
}

static void the_normal_checksum_fails_where_the_section_cannot_be_read_or_split(void **state)
{
    WB_SCRATCH(arena);
    wb_error err = {0};
    char hex[WB_SHA256_HEX];
    put(state, "a.sql", "-- revision: a\n-- migrate:up\nSELECT 'open;\n");
    wb_revision *revision = load(state, arena)->revisions.items[0];
    assert_false(wb_revision_normal_checksum(revision, wb_dialect_of(WB_SQLITE), hex, &err));
    assert_int_equal(err.status, WB_E_SYNTAX);
    assert_string_equal(err.file, revision->path);
    assert_int_equal(err.line, 3);
    assert_int_equal(unlink(revision->path), 0);
    assert_false(wb_revision_normal_checksum(revision, wb_dialect_of(WB_SQLITE), hex, &err));
    assert_int_equal(err.status, WB_E_IO);
    revision->sections_known = false;
    assert_false(wb_revision_sections(revision, arena, &err));
    assert_int_equal(err.status, WB_E_IO);
}

static void a_loaded_folder_makes_a_graph(void **state)
{
    WB_SCRATCH(arena);
    wb_error err = {0};
    wb_graph *graph = NULL;
    put_revision(state, "1.sql", "one");
    put(state, "2.sql", "-- Two\n--\n-- revision: two\n-- revises: on\n\n-- migrate:up\n");
    assert_false(wb_graph_build(load(state, arena), arena, &graph, &err));
    assert_string_equal(err.file, in_folder(state, "2.sql", arena));
    assert_int_equal(err.line, 4);
    assert_int_equal(err.column, 13);
    put(state, "2.sql", "-- Two\n--\n-- revision: two\n-- revises: one\n\n-- migrate:up\n");
    assert_true(wb_graph_build(load(state, arena), arena, &graph, &err));
    assert_int_equal(wb_graph_count(graph), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(loads_in_the_byte_order_of_paths_with_nested_folders),
        FOLDER_TEST(several_folders_come_in_their_given_order),
        FOLDER_TEST(follows_links_to_files_and_folders),
        FOLDER_TEST(an_empty_folder_has_no_revisions_and_a_missing_one_only_on_request),
        FOLDER_TEST(refuses_what_only_looks_like_a_revision),
        FOLDER_TEST(a_link_to_a_folder_above_is_a_circle),
        FOLDER_TEST(two_files_with_one_id_are_both_named),
        FOLDER_TEST(a_file_that_may_not_be_read_is_named),
        FOLDER_TEST(faults_name_the_file_that_has_them),
        FOLDER_TEST(large_files_give_their_sections_when_asked),
        FOLDER_TEST(faults_far_down_a_large_file_are_found),
        FOLDER_TEST(a_header_longer_than_the_first_piece_is_refused),
        FOLDER_TEST(the_raw_checksum_is_the_sha256_of_the_file),
        FOLDER_TEST(the_normal_checksum_sees_tokens_and_sections_only),
        FOLDER_TEST(the_normal_checksum_fails_where_the_section_cannot_be_read_or_split),
        FOLDER_TEST(a_loaded_folder_makes_a_graph),
    };
    return RUN_TESTS(tests);
}
