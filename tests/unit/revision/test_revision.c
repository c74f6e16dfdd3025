/* One revision file: revision, revision_header, revision_marker, revision_scan, revision_slug */
#include "../../support/test.h"
#include "revision/revision.h"
#include "revision/revision_scan.h"

static bool parse(const char *text, wb_arena *arena, wb_revision **ret_revision, wb_error *err)
{
    *err = (wb_error){0};
    return wb_revision_parse(wb_str_from(text), "m/0001_x.sql", arena, ret_revision, err);
}

static wb_revision *parsed(const char *text, wb_arena *arena)
{
    wb_error err;
    wb_revision *revision = NULL;
    if (!parse(text, arena, &revision, &err))
        fail_msg("%u:%u: %s", err.line, err.column, err.message);
    return revision;
}

static void reads_the_file_of_the_design_as_written(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    static const char text[] =
        "-- Create users table\n--\n-- revision: b8a169f37b24\n"
        "-- revises: 2963c4558295\n-- branch_labels: auth\n-- depends_on:\n"
        "-- create_date: 2025-10-24T18:07:12Z\n\n-- migrate:up\n"
        "CREATE TABLE users (id int);\n\n-- migrate:down\nDROP TABLE users;\n";
    wb_revision *revision = parsed(text, arena);
    assert_string_equal(revision->id, "b8a169f37b24");
    assert_int_equal(revision->id_line, 3);
    assert_string_equal(revision->message, "Create users table");
    assert_string_equal(revision->slug, "create_users_table");
    assert_string_equal(revision->path, "m/0001_x.sql");
    assert_string_equal(revision->create_date, "2025-10-24T18:07:12Z");
    assert_int_equal(revision->revises.count, 1);
    assert_string_equal(revision->revises.items[0].text, "2963c4558295");
    assert_int_equal(revision->revises.items[0].line, 4);
    assert_int_equal(revision->revises.items[0].column, 13);
    assert_string_equal(revision->branch_labels.items[0].text, "auth");
    assert_int_equal(revision->depends_on.count, 0);
    assert_int_equal(revision->size_bytes, strlen(text));
    assert_int_equal(revision->sections.count, 2);
    const wb_section *up = &revision->sections.items[0];
    assert_int_equal(up->start.line, 10);
    assert_int_equal(up->start.offset, strstr(text, "CREATE") - text);
    assert_int_equal(up->length, strlen("CREATE TABLE users (id int);\n\n"));
    assert_int_equal(up->lock_timeout_ms, -1);
    assert_false(up->no_transaction);
    const wb_section *down = &revision->sections.items[1];
    assert_int_equal(down->direction, WB_DOWN);
    assert_int_equal(down->length, strlen("DROP TABLE users;\n"));
}

static void takes_headers_in_every_sensible_form(void **state)
{
    (void) state;
    static const struct {
        const char *header;
        const char *message;
        size_t revises;
        size_t depends_on;
    } cases[] = {
        {"-- revision: 001\n", "", 0, 0},
        {"--revision:001\n--revises:   \n", "", 0, 0},
        {"-- revision: 001\n-- revises: None\n", "", 0, 0},
        {"-- Add things\n-- revision: 001\n-- revises: a, b\n", "Add things", 2, 0},
        {"-- revises: a b\n-- depends_on: c,d , e\n-- revision: 001\n", "", 2, 3},
        {"-- depends_on: auth@002\n-- revision: 001\n", "", 0, 1},
        {"-- Note: the first line is always the message\n--\n-- revision: 001\n",
         "Note: the first line is always the message", 0, 0},
        {"-- M\n\n-- revision: 001\n\n-- Explanation: of why.\n-- Two lines of it.\n", "M", 0, 0},
        {"-- revision: 001\n-- message: revises: is a word\n", "revises: is a word", 0, 0},
        {"\n\n--\n------\n-- M\n-- revision: 001\n", "M", 0, 0},
        {"\xEF\xBB\xBF-- M\n--\n-- revision: 001\n", "M", 0, 0},
        {"-- M\r\n--\r\n-- revision: 001\r\n-- revises: a\r\n", "M", 1, 0},
        {"-- Gr\xC3\xB6\xC3\x9F"
         "e \xE2\x82\xAC\n--\n-- revision: 001\n",
         "Gr\xC3\xB6\xC3\x9F"
         "e \xE2\x82\xAC",
         0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_SCRATCH(arena);
        const char *text = wb_arena_printf(arena, "%s-- migrate:up\nSELECT 1;\n", cases[i].header);
        wb_revision *revision = parsed(text, arena);
        assert_string_equal(revision->id, "001");
        assert_string_equal(revision->message, cases[i].message);
        assert_int_equal(revision->revises.count, cases[i].revises);
        assert_int_equal(revision->depends_on.count, cases[i].depends_on);
        const wb_section *up = wb_revision_section(revision, WB_UP, WB_SQLITE);
        assert_memory_equal(text + up->start.offset, "SELECT 1;\n", up->length);
    }
}

#define HEAD "-- revision: 001\n"
#define UP   "-- migrate:up\n"

static void refuses_faulty_files_with_place_and_advice(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *message;
        unsigned line;
        unsigned column;
        const char *hint; /* a part of it */
    } cases[] = {
        {"", "the file is empty", 1, 0, "\"whimbrel revision\""},
        {"\n\n", "the header has no \"revision\" key", 3, 0, "-- revision: 2963c4558295"},
        {HEAD, "the file has no \"-- migrate:up\" section", 2, 0, "above the SQL"},
        {HEAD "-- migrate:down\nDROP", "the file has no \"-- migrate:up\" section", 3, 0, "above"},
        {UP "x", "the header has no \"revision\" key", 1, 0, "above the first marker"},
        {"-- revison: 001\n" UP, "the header has no \"revision\" key", 1, 4, "may be meant"},
        {"-- M\n--\n-- Revision: 001\n" UP, "the header has no \"revision\" key", 3, 4,
         "may be meant"},
        {HEAD "-- revise: a\n" UP, "unknown key \"revise\"", 2, 4, "Did you mean \"revises\"?"},
        {"-- M\n" HEAD "-- Note: x\n" UP, "unknown key \"Note\"", 3, 4, "\"-- key: value\""},
        {HEAD "-- replaces: a\n" UP, "unknown key \"replaces\"", 2, 4, "key: value"},
        {HEAD "-- revises a\n" UP, "this line stands among the keys but is none", 2, 4,
         "empty line"},
        {HEAD HEAD UP, "the key \"revision\" stands twice in the header", 2, 4, "one line"},
        {"-- revision:\n" UP, "the key \"revision\" has no value", 1, 4, "hex digits"},
        {"-- revision: a-b\n" UP, "\"a-b\" is not a revision id", 1, 14, "letters"},
        {"-- revision: a b\n" UP, "\"a b\" is not a revision id", 1, 14, "letters"},
        {"-- revision: head\n" UP, "\"head\" cannot be used as revision id", 1, 14, "heads"},
        {"-- revision: "
         "a1234567890123456789012345678901234567890123456789012345678901234\n" UP,
         "the revision id is 65 characters long, the limit is 64", 1, 14, "Shorten"},
        {HEAD "-- revises: base\n" UP, "\"base\" cannot be used as revision id", 2, 13,
         "leave the value empty"},
        {HEAD "-- revises: a, b, a\n" UP, "revises names \"a\" twice", 2, 19, "once"},
        {HEAD "-- branch_labels: a+b\n" UP, "\"a+b\" is not a branch label", 2, 19, "letters"},
        {HEAD "-- depends_on: x@\n" UP, "\"\" is not a revision id or branch label", 2, 18,
         "letters"},
        {HEAD "-- variables: a b-c\n" UP, "\"b-c\" is not a variable name", 2, 17, "letters"},
        {HEAD "SELECT 1;\n" UP, "there is SQL before the first marker", 2, 1, "-- migrate:up"},
        {"SELECT 1;\n", "there is SQL before the first marker", 1, 1, "-- migrate:up"},
        {HEAD UP "x\n" UP, "there is a second \"migrate:up\" section for all engines", 4, 1,
         "Join"},
        {HEAD "-- migrate:up engine:pg\n-- migrate:up engine:postgres\n",
         "there is a second \"migrate:up\" section for postgres", 3, 1, "engine:name"},
        {HEAD "-- migrate:sideways\n", "\"migrate:sideways\" is not a direction", 2, 12, "up"},
        {HEAD "-- migrate: up\n", "\"migrate:\" is not a direction", 2, 12, "up"},
        {HEAD "--migrate:up\n", "this line looks like a marker but is none", 2, 1, "begin"},
        {HEAD UP "  -- migrate:down\n", "this line looks like a marker but is none", 3, 1, "begin"},
        {HEAD UP "-- Migrate: Down transaction:false\n",
         "this line looks like a marker but is none", 3, 1, "begin"},
        {HEAD "-- migrate:up transactions:false\n", "unknown marker option \"transactions:false\"",
         2, 15, "Did you mean \"transaction\"?"},
        {HEAD "-- migrate:up transaction:no\n",
         "\"no\" is not a value of the marker option \"transaction\"", 2, 15, "true or false"},
        {HEAD "-- migrate:up lock_timeout:5\n",
         "\"5\" is not a value of the marker option \"lock_timeout\"", 2, 15, "5s"},
        {HEAD "-- migrate:up engine:oracle\n",
         "\"oracle\" is not a value of the marker option \"engine\"", 2, 15, "sqlite"},
        {HEAD "-- migrate:up engine:sqlite engine:pg\n",
         "the marker has the option \"engine\" twice", 2, 29, "one"},
        {HEAD UP "a\xC3(", "the byte 0xC3 is not valid UTF-8", 3, 2, "UTF-8"},
        {HEAD UP "\xC3\xA4\xC3\xA4\xFF", "the byte 0xFF is not valid UTF-8", 3, 3, "UTF-16"},
        {HEAD UP "ends in half a character \xE2\x82", "the byte 0xE2 is not valid UTF-8", 3, 26,
         "UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_SCRATCH(arena);
        wb_error err;
        wb_revision *revision = NULL;
        if (parse(cases[i].text, arena, &revision, &err))
            fail_msg("accepted: %s", cases[i].text);
        assert_string_equal(err.message, cases[i].message);
        assert_string_equal(err.file, "m/0001_x.sql");
        if (err.line != cases[i].line || err.column != cases[i].column)
            fail_msg("%s: at %u:%u, not %u:%u", err.message, err.line, err.column, cases[i].line,
                     cases[i].column);
        if (strstr(err.hint, cases[i].hint) == NULL)
            fail_msg("%s: the hint is: %s", err.message, err.hint);
    }
}

static void refuses_a_nul_byte_where_it_stands(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    static const char text[] = HEAD UP "SELECT\n'a\0b'";
    wb_error err = {0};
    wb_revision *revision = NULL;
    assert_false(
        wb_revision_parse(wb_str_make(text, sizeof(text) - 1), "x.sql", arena, &revision, &err));
    assert_int_equal(err.status, WB_E_ENCODING);
    assert_string_equal(err.message, "the file has a NUL byte");
    assert_int_equal(err.line, 4);
    assert_int_equal(err.column, 3);
}

static void plain_comments_in_the_body_are_no_markers(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    static const char text[] =
        HEAD UP "-- migrate up everyone who is left\n-- migrated:up\n"
                "-- migrate\n-- up\nSELECT '-- migrate:down';\n"
                "/* -- migrate:down */\n- migrate:up\n-- migration:up\n-- migrate upward\n";
    wb_revision *revision = parsed(text, arena);
    assert_int_equal(revision->sections.count, 1);
}

static void reads_marker_options(void **state)
{
    (void) state;
    static const struct {
        const char *options;
        bool no_transaction;
        int64_t lock_timeout_ms;
        const char *engine;
    } cases[] = {
        {"", false, -1, NULL},
        {" transaction:false", true, -1, NULL},
        {" transaction:true  ", false, -1, NULL},
        {"\tlock_timeout:500ms engine:pg", false, 500, "postgres"},
        {" engine:sqlite3 lock_timeout:0 transaction:false\r", true, 0, "sqlite"},
        {" lock_timeout:5s engine:mysql", false, 5000, "mariadb"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_SCRATCH(arena);
        wb_revision *revision =
            parsed(wb_arena_printf(arena, HEAD "-- migrate:up%s\nx", cases[i].options), arena);
        const wb_section *up = &revision->sections.items[0];
        assert_int_equal(up->no_transaction, cases[i].no_transaction);
        assert_int_equal(up->lock_timeout_ms, cases[i].lock_timeout_ms);
        assert_true((up->dialect == NULL) == (cases[i].engine == NULL));
        if (up->dialect != NULL)
            assert_string_equal(up->dialect->name, cases[i].engine);
    }
}

static void a_section_for_one_engine_goes_before_one_for_all(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_revision *revision = parsed(HEAD "-- migrate:down\nd\n-- migrate:up\na\n"
                                        "-- migrate:up engine:sqlite\ns\n",
                                   arena);
    assert_ptr_equal(wb_revision_section(revision, WB_UP, WB_SQLITE), &revision->sections.items[2]);
    assert_ptr_equal(wb_revision_section(revision, WB_UP, WB_MARIADB),
                     &revision->sections.items[1]);
    assert_ptr_equal(wb_revision_section(revision, WB_DOWN, WB_SQLITE),
                     &revision->sections.items[0]);
    wb_revision *only = parsed(HEAD "-- migrate:up engine:sqlite\ns\n", arena);
    assert_null(wb_revision_section(only, WB_UP, WB_POSTGRES));
    assert_null(wb_revision_section(only, WB_DOWN, WB_SQLITE));
}

/* Scans a text in pieces; gives false with the error where it is refused. */
static bool scan_in_pieces(wb_str text, size_t size, wb_revision *revision, wb_arena *arena,
                           wb_error *err)
{
    wb_scan scan;
    wb_scan_init(&scan, "x.sql", revision, false, arena, arena);
    size_t start = 0;
    for (size_t end = size; start < text.len; end += size) {
        wb_str piece = wb_str_sub(text, start, end - start);
        if (start + piece.len < text.len)
            piece.len -= wb_scan_unfinished(piece);
        if (!wb_scan_feed(&scan, piece, err))
            return false;
        start += piece.len;
    }
    return wb_scan_finish(&scan, err);
}

static void pieces_of_any_size_give_the_same_sections_and_errors(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "-- \xC3\xA4\xC3\xB6\n" HEAD "-- migrate:up transaction:false\r\n\xF0\x9F\x90\xA6;\n\n"
        "-- migrate:down\nx",
        HEAD UP "\n\n-- migrate:down",
        HEAD UP "a\n\xE2\x82\xAC\xE2\x82 b\n",
        HEAD UP "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC -- \xE2\x82",
        HEAD UP "x\n   -- migrate:up\n",
        "\x80\x80\x80\x80\x80\x80",
        HEAD UP "x\n\nSELECT 1\n-- migrate:up\n",
        "",
        "\xEF\xBB\xBF" HEAD UP "x",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        WB_SCRATCH(arena);
        wb_str text = wb_str_from(texts[i]);
        wb_revision whole = {0};
        wb_error whole_err = {0};
        bool is_good = scan_in_pieces(text, text.len + 1, &whole, arena, &whole_err);
        for (size_t size = 4; size < 40; size++) {
            wb_revision revision = {0};
            wb_error err = {0};
            assert_int_equal(scan_in_pieces(text, size, &revision, arena, &err), is_good);
            assert_string_equal(err.message, whole_err.message);
            assert_int_equal(err.line, whole_err.line);
            assert_int_equal(err.column, whole_err.column);
            assert_int_equal(revision.sections.count, whole.sections.count);
            for (size_t k = 0; k < whole.sections.count; k++) {
                assert_int_equal(revision.sections.items[k].start.offset,
                                 whole.sections.items[k].start.offset);
                assert_int_equal(revision.sections.items[k].start.line,
                                 whole.sections.items[k].start.line);
                assert_int_equal(revision.sections.items[k].length, whole.sections.items[k].length);
            }
        }
    }
}

static void a_line_that_is_longer_than_any_marker_is_no_marker_unless_it_says_so(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    char *blanks = wb_arena_alloc(arena, 100001);
    memset(blanks, ' ', 100000);
    blanks[100000] = '\0';
    wb_error err = {0};
    wb_revision *revision = NULL;
    assert_true(parse(wb_arena_printf(arena, HEAD UP "--%s\nx\n", blanks), arena, &revision, &err));
    assert_int_equal(revision->sections.count, 1);
    assert_false(
        parse(wb_arena_printf(arena, HEAD UP "-- migrate:down%stransaction:false\n", blanks), arena,
              &revision, &err));
    assert_string_equal(err.message, "the marker line is longer than 512 bytes");
}

static void ids_are_letters_digits_and_underscores(void **state)
{
    (void) state;
    static const char *const good[] = {"0", "a", "Z_9", "001", "b8a169f37b24"};
    static const char *const bad[] = {"", "a-b", "a.b", "a b", "a@b", "\xC3\xA4", "a+", "a:"};
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(wb_revision_id_is_valid(wb_str_from(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(wb_revision_id_is_valid(wb_str_from(bad[i])));
    char text[WB_REVISION_ID_MAX + 2];
    memset(text, 'a', sizeof(text));
    assert_true(wb_revision_id_is_valid(wb_str_make(text, WB_REVISION_ID_MAX)));
    assert_false(wb_revision_id_is_valid(wb_str_make(text, WB_REVISION_ID_MAX + 1)));
}

static void the_slug_is_what_stands_behind_the_id_in_the_file_name(void **state)
{
    (void) state;
    static const struct {
        const char *path;
        const char *slug;
    } cases[] = {
        {"m/20251024_1807-001_add_users.sql", "add_users"},
        {"m/001-Add-Users.sql", "Add-Users"},
        {"m/other.sql", "hello_world"},
        {"m/001.sql", "hello_world"},
        {"001/x.sql", "hello_world"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WB_SCRATCH(arena);
        wb_error err = {0};
        wb_revision *revision = NULL;
        assert_true(wb_revision_parse(WB_STR("-- Hello, World!\n--\n" HEAD UP), cases[i].path,
                                      arena, &revision, &err));
        assert_string_equal(revision->slug, cases[i].slug);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_file_of_the_design_as_written),
        cmocka_unit_test(takes_headers_in_every_sensible_form),
        cmocka_unit_test(refuses_faulty_files_with_place_and_advice),
        cmocka_unit_test(refuses_a_nul_byte_where_it_stands),
        cmocka_unit_test(plain_comments_in_the_body_are_no_markers),
        cmocka_unit_test(reads_marker_options),
        cmocka_unit_test(a_section_for_one_engine_goes_before_one_for_all),
        cmocka_unit_test(pieces_of_any_size_give_the_same_sections_and_errors),
        cmocka_unit_test(a_line_that_is_longer_than_any_marker_is_no_marker_unless_it_says_so),
        cmocka_unit_test(ids_are_letters_digits_and_underscores),
        cmocka_unit_test(the_slug_is_what_stands_behind_the_id_in_the_file_name),
    };
    return RUN_TESTS(tests);
}
