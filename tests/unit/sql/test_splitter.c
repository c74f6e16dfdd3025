/* What holds for all dialects: options, COPY data, client commands, positions, limits, bad bytes.
 */
#include "base/fail.h"
#include "split_support.h"

static void options_are_the_marked_lines_just_before(void **state)
{
    (void) state;
    static const struct {
        const char *script;
        const char *options[3];
    } cases[] = {
        {"-- whimbrel: a:1\nSELECT 1; SELECT 2", {"a:1", ""}},
        {"--whimbrel:a\n-- a comment\n\n  -- \twhimbrel:  b c \r\nSELECT 1", {"a\nb c"}},
        {"SELECT 1; -- whimbrel: behind\nSELECT 2", {"", ""}},
        {"SELECT 1;\n-- whimbrel: x\n;\nSELECT 2", {"", "x"}},
        {"SELECT\n-- whimbrel: inside\n1; SELECT 2", {"", ""}},
        {"-- whimbrel\n-- Whimbrel: x\n-- not whimbrel: x\nSELECT 1", {""}},
        {"/* -- whimbrel: x */ SELECT 1", {""}},
        {"\xEF\xBB\xBF-- whimbrel: x\nSELECT 1", {"x"}},
    };
    for (unsigned dialect = 0; dialect < WB_DIALECT_COUNT; dialect++) {
        wb_splitter_options options = options_for((wb_dialect_id) dialect);
        for (size_t i = 0; i < COUNT_OF(cases) * 2; i++) {
            wb_str script = wb_str_from(cases[i / 2].script);
            piecewise source = {.text = {script}, .piece = i % 2 == 0 ? 1 : 1000};
            wb_splitter *splitter = wb_splitter_new(&options, read_piecewise, &source);
            wb_statement statement;
            wb_error err;
            bool done = false;
            for (unsigned j = 0; cases[i / 2].options[j] != NULL; j++) {
                assert_true(wb_splitter_next(splitter, &statement, &done, &err));
                assert_false(done);
                if (!wb_str_is(statement.options, cases[i / 2].options[j]))
                    fail_msg("\"%.*s\" of %s", WB_STR_ARG(statement.options), script.ptr);
            }
            wb_splitter_free(splitter);
        }
    }
}

/* Reads all data of the statement that was given last. */
static void collect_data(wb_splitter *splitter, wb_buf *data)
{
    wb_error err;
    wb_str piece;
    wb_buf_reset(data);
    do {
        assert_true(wb_splitter_copy_data(splitter, &piece, &err));
        wb_buf_add_str(data, piece);
        assert_true(piece.len == 0 || piece.ptr[piece.len - 1] == '\n' || wb_str_is(piece, "cut"));
    } while (piece.len > 0);
}

static void copy_data_is_given_whole_or_skipped(void **state)
{
    (void) state;
    static const struct {
        const char *script;
        const char *data;
        const char *next; /* the statement behind; NULL for none */
    } cases[] = {
        {"COPY t FROM stdin;\na\tb\nc\td\n\\.\nSELECT 1;", "a\tb\nc\td\n", "SELECT 1"},
        {"copy t (a, \"from\") from STDIN with (format csv);\n'a;b\n\"c\n\\.\nx", "'a;b\n\"c\n",
         "x"},
        {"COPY t FROM stdin; -- data follow\na\n\\.\r\nx", "a\n", "x"},
        {"COPY t FROM stdin;\r\na\r\nb\r\n\\.\r\nx", "a\r\nb\r\n", "x"},
        {"COPY t FROM stdin;\n\\.\nx", "", "x"},
        {"COPY t FROM stdin;\n \\.\n\\.x\n\\\\.\n\\.\nx", " \\.\n\\.x\n\\\\.\n", "x"},
        {"COPY t FROM stdin;\na\nb\n", "a\nb\n", NULL},
        {"COPY t FROM stdin;\na\ncut", "a\ncut", NULL},
        {"COPY t FROM stdin;\na\n\\.", "a\n", NULL},
        {"COPY t FROM stdin", "", NULL},
        {"COPY t FROM stdin;", "", NULL},
        {"COPY t FROM stdin;\n\n\n\\.\n;x", "\n\n", "x"},
    };
    static const size_t pieces[] = {1, 2, 5, 1000};
    wb_splitter_options options = options_for(WB_POSTGRES);
    WB_AUTO_BUF(data, 0);
    for (size_t i = 0; i < COUNT_OF(cases) * COUNT_OF(pieces) * 2; i++) {
        size_t at = i / COUNT_OF(pieces) / 2;
        bool reads = i % 2 == 0;
        piecewise source = {.text = {wb_str_from(cases[at].script)},
                            .piece = pieces[i / 2 % COUNT_OF(pieces)]};
        wb_splitter *splitter = wb_splitter_new(&options, read_piecewise, &source);
        wb_statement statement;
        wb_error err;
        bool done = false;
        assert_true(wb_splitter_next(splitter, &statement, &done, &err));
        assert_int_equal(statement.traits, WB_STMT_COPY_IN | WB_STMT_DML);
        if (reads) {
            collect_data(splitter, &data);
            assert_string_equal(wb_buf_text(&data), cases[at].data);
        }
        assert_true(wb_splitter_next(splitter, &statement, &done, &err));
        assert_int_equal(done, cases[at].next == NULL);
        assert_true(done || wb_str_is(statement.text, cases[at].next));
        wb_str piece;
        assert_true(wb_splitter_copy_data(splitter, &piece, &err)); /* none for this one */
        assert_int_equal(piece.len, 0);
        wb_splitter_free(splitter);
    }
}

static void large_copy_data_comes_in_bounded_pieces(void **state)
{
    (void) state;
    wb_buf script;
    wb_buf_init(&script, 0);
    wb_buf_puts(&script, "COPY t FROM stdin;\n");
    for (unsigned i = 0; i < 200000; i++)
        wb_buf_printf(&script, "%u\tsome text\n", i);
    wb_buf_puts(&script, "\\.\n");
    wb_text_source source = {wb_buf_str(&script)};
    wb_splitter_options options = options_for(WB_POSTGRES);
    wb_splitter *splitter = wb_splitter_new(&options, wb_read_text, &source);
    wb_statement statement;
    wb_error err;
    bool done = false;
    assert_true(wb_splitter_next(splitter, &statement, &done, &err));
    size_t total = 0;
    wb_str piece;
    do {
        assert_true(wb_splitter_copy_data(splitter, &piece, &err));
        assert_true(piece.len <= (size_t) 256 * 1024);
        total += piece.len;
    } while (piece.len > 0);
    assert_int_equal(total, script.len - strlen("COPY t FROM stdin;\n\\.\n"));
    wb_splitter_free(splitter);
    wb_buf_clear(&script);
}

static void harmless_psql_commands_are_passed_over(void **state)
{
    (void) state;
    static const split_case cases[] = {
        {"\\restrict Abc1;\nSELECT 1;\n\\unrestrict Abc1\n", {"SELECT 1"}},
        {"\\set ON_ERROR_STOP on\n\\pset pager off\n\\timing\nSELECT 1", {"SELECT 1"}},
        {"\\echo 'it''s \\\\ ; here' ; no\nSELECT 1", {"SELECT 1"}},
        {"\\echo a \\\\ SELECT 1; SELECT 2", {"SELECT 1", "SELECT 2"}},
        {"\\a \\t \\x\nSELECT 1", {"SELECT 1"}},
        {"\\encoding UTF8\n\\encoding\nSELECT 1", {"SELECT 1"}},
        {"\\unset ECHO\r\nSELECT 1;\\echo done\nSELECT 2", {"SELECT 1", "SELECT 2"}},
        {"-- \\connect x\n/* \\i a */ SELECT '\\i a', $$\n\\i a$$",
         {"SELECT '\\i a', $$\n\\i a$$"}},
    };
    wb_splitter_options options = options_for(WB_POSTGRES);
    check_splits(&options, cases, COUNT_OF(cases));
}

static void other_client_commands_are_refused(void **state)
{
    (void) state;
    static const split_fault faults[] = {
        {"SELECT 1;\n\\connect other\n", 2, 1, "the psql command \"\\connect\" cannot be run"},
        {"\\c other", 1, 1, "\"\\c\""},
        {"  \\i more.sql", 1, 3, "\"\\i\""},
        {"\\copy t from 'a.csv'", 1, 1, "\"\\copy\""},
        {"\\set name value", 1, 1, "\"\\set\""},
        {"\\encoding LATIN1", 1, 1, "\"\\encoding\""},
        {"\\if true", 1, 1, "\"\\if\""},
        {"\\!ls", 1, 1, "\"\\!\""},
        {"\\dt", 1, 1, "\"\\dt\""},
        {"\\", 1, 1, "\"\\\""},
        {"\\.", 1, 1, "\"\\.\""},
        {"\\x \\i more.sql", 1, 4, "\"\\i\""},
        {"SELECT 1 \\gset\n", 1, 10, "the psql command \"\\gset\" cannot be run"},
        {"SELECT 1,\n\\echo a", 2, 1, "\"\\echo\""},
        {"COPY t FROM stdin; SELECT 1;\na\n\\.\n", 1, 20, "must begin on the next line"},
    };
    wb_splitter_options options = options_for(WB_POSTGRES);
    check_faults(&options, faults, COUNT_OF(faults));
}

static void positions_count_from_where_the_source_begins(void **state)
{
    (void) state;
    wb_splitter_options options = options_for(WB_SQLITE);
    options.start = (wb_position){.offset = 100, .line = 7, .column = 5};
    wb_text_source source = {WB_STR(" x; y;\n z")};
    wb_splitter *splitter = wb_splitter_new(&options, wb_read_text, &source);
    static const wb_position places[] = {{101, 7, 6}, {104, 7, 9}, {108, 8, 2}};
    wb_statement statement;
    wb_error err;
    bool done = false;
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        assert_true(wb_splitter_next(splitter, &statement, &done, &err));
        assert_int_equal(statement.at.offset, places[i].offset);
        assert_int_equal(statement.at.line, places[i].line);
        assert_int_equal(statement.at.column, places[i].column);
    }
    wb_splitter_free(splitter);

    split_to_error(&options, WB_STR(" x; 'y"), 1, &err);
    assert_int_equal(err.line, 7);
    assert_int_equal(err.column, 9);
    assert_string_equal(err.file, "script.sql");
}

static void bad_bytes_are_refused_where_they_stand(void **state)
{
    (void) state;
    static const struct {
        wb_str script;
        unsigned column;
    } cases[] = {
        {{"x; y\0z", 6}, 5},           {{"x; 'a\xFF'", 7}, 6},       {{"-- \xC3(\n x", 8}, 4},
        {{"/* \xE2\x82 */ x", 9}, 4},  {{"x \xC3", 3}, 3},           {{"x \xED\xA0\x80", 5}, 3},
        {{"\xC3\xA9 \xC0\x80", 5}, 3}, {{"\xFF\xFE\x53\x00", 4}, 1},
    };
    static const size_t pieces[] = {1, 2, 1000};
    for (unsigned dialect = 0; dialect < WB_DIALECT_COUNT; dialect++) {
        wb_splitter_options options = options_for((wb_dialect_id) dialect);
        for (size_t i = 0; i < COUNT_OF(cases) * COUNT_OF(pieces); i++) {
            wb_error err;
            size_t at = i / COUNT_OF(pieces);
            split_to_error(&options, cases[at].script, pieces[i % COUNT_OF(pieces)], &err);
            assert_int_equal(err.status, WB_E_ENCODING);
            assert_int_equal(err.line, 1);
            assert_int_equal(err.column, cases[at].column);
        }
    }
}

static void statements_before_a_fault_are_given(void **state)
{
    (void) state;
    wb_text_source source = {wb_str_make("SELECT 1;\nSELECT \xFF", 18)};
    wb_splitter_options options = options_for(WB_POSTGRES);
    wb_splitter *splitter = wb_splitter_new(&options, wb_read_text, &source);
    wb_statement statement;
    wb_error err;
    bool done = false;
    assert_true(wb_splitter_next(splitter, &statement, &done, &err));
    assert_true(wb_str_is(statement.text, "SELECT 1"));
    assert_false(wb_splitter_next(splitter, &statement, &done, &err));
    assert_int_equal(err.line, 2);
    assert_string_equal(err.excerpt, "SELECT "); /* the bad byte itself is not shown */
    wb_splitter_free(splitter);
}

static void a_statement_over_the_maximum_is_refused_at_its_start(void **state)
{
    (void) state;
    wb_splitter_options options = options_for(WB_POSTGRES);
    options.max_statement_bytes = 10;
    static const split_case within[] = {
        {"-- a long comment outside\n0123456789; 'a b c d ';", {"0123456789", "'a b c d '"}},
        {"/* a long comment outside */ 0123456789", {"0123456789"}},
    };
    check_splits(&options, within, COUNT_OF(within));
    static const split_fault over[] = {
        {"x;\n 01234567890;", 2, 2, "a statement is longer than 10 bytes"},
        {"x;\n 0123 /* 01234567890 */ 1;", 2, 2, "a statement is longer than 10 bytes"},
        {"x;\n 'abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz",
         2, 2, "a statement is longer than 10 bytes"},
    };
    check_faults(&options, over, COUNT_OF(over));
}

static bool read_and_fail(void *source, char *bytes, size_t size, size_t *ret_read, wb_error *err)
{
    wb_text_source *text = source;
    if (text->rest.len == 0)
        return wb_fail(err, WB_E_IO, "the disk is gone");
    return wb_read_text(source, bytes, size, ret_read, err);
}

static void a_failing_source_fails_the_splitter(void **state)
{
    (void) state;
    static const char *const scripts[] = {"",          "SELECT 1",
                                          "SELECT 'a", "/* a",
                                          "-- a",      "SELECT 1\\",
                                          "\\echo",    "-- whimbrel: x",
                                          "$a",        "E",
                                          "a.",        "1e",
                                          "(",         "CREATE TRIGGER t BEGIN",
                                          ".",         "DELIMITER ",
                                          "--",        "x\n.y"};
    for (unsigned dialect = 0; dialect < WB_DIALECT_COUNT; dialect++) {
        wb_splitter_options options = options_for((wb_dialect_id) dialect);
        for (size_t i = 0; i < COUNT_OF(scripts); i++) {
            wb_text_source source = {wb_str_from(scripts[i])};
            wb_splitter *splitter = wb_splitter_new(&options, read_and_fail, &source);
            wb_statement statement;
            wb_error err;
            bool done = false;
            assert_false(wb_splitter_next(splitter, &statement, &done, &err));
            if (strcmp(err.message, "the disk is gone") != 0)
                fail_msg("%s: %s", scripts[i], err.message);
            wb_splitter_free(splitter);
        }
    }
}

static void an_unclosed_comment_longer_than_the_window_shows_its_line(void **state)
{
    (void) state;
    wb_buf script;
    wb_buf_init(&script, 0);
    wb_buf_puts(&script, "SELECT 1;\n  /* never closed\n");
    for (unsigned i = 0; i < 20000; i++)
        wb_buf_puts(&script, "one more line of it\n");
    wb_splitter_options options = options_for(WB_POSTGRES);
    static const size_t pieces[] = {100, 1000000};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        wb_error err;
        split_to_error(&options, wb_buf_str(&script), pieces[i], &err);
        assert_string_equal(err.message, "this comment is never closed");
        assert_int_equal(err.line, 2);
        assert_int_equal(err.column, 3);
        assert_non_null(strstr(err.excerpt, "/* never closed"));
        assert_string_equal(err.excerpt + err.caret - 1, "/* never closed");
    }
    wb_buf_clear(&script);
}

static void freeing_nothing_is_fine(void **state)
{
    (void) state;
    wb_splitter_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_the_marked_lines_just_before),
        cmocka_unit_test(copy_data_is_given_whole_or_skipped),
        cmocka_unit_test(large_copy_data_comes_in_bounded_pieces),
        cmocka_unit_test(harmless_psql_commands_are_passed_over),
        cmocka_unit_test(other_client_commands_are_refused),
        cmocka_unit_test(positions_count_from_where_the_source_begins),
        cmocka_unit_test(bad_bytes_are_refused_where_they_stand),
        cmocka_unit_test(statements_before_a_fault_are_given),
        cmocka_unit_test(a_statement_over_the_maximum_is_refused_at_its_start),
        cmocka_unit_test(a_failing_source_fails_the_splitter),
        cmocka_unit_test(an_unclosed_comment_longer_than_the_window_shows_its_line),
        cmocka_unit_test(freeing_nothing_is_fine),
    };
    return RUN_TESTS(tests);
}
