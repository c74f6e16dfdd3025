/* Statements that are waited for: rows, values, errors. */
#include "conformance.h"

#include <stdio.h>
#include <stdlib.h>

enum { MEGABYTE = 1024 * 1024 };

static void rows_come_in_order_with_nulls_and_unicode(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    WB_AUTO_BUF(rows, 0);
    wb_error err;
    wb_str sql = WB_STR("SELECT 1, NULL, 'gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\xa6' UNION ALL "
                        "SELECT 2, '', 'x' ORDER BY 1");
    wb_test_succeeded(wb_session_query(session, sql, NULL, 0, wb_test_add_row, &rows, &err), &err);
    assert_string_equal(wb_buf_text(&rows), "1|NULL|gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\xa6;2||x;");
}

static bool check_names(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    bool *was_called = arg;
    *was_called = true;
    assert_int_equal(row->count, 2);
    assert_string_equal(row->names[0], "first");
    assert_string_equal(row->names[1], "second one");
    assert_int_equal(wb_row_int(row, 0), 7);
    assert_true(wb_row_is_null(row, 1));
    assert_true(wb_row_is_null(row, 2)); /* there is no such column */
    assert_string_equal(wb_row_text(row, 1), "");
    return true;
}

static void rows_have_names(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    WB_AUTO_BUF(sql, 0);
    wb_buf_puts(&sql, "SELECT 7 AS first, NULL AS ");
    wb_sql_identifier(&sql, session->dialect, WB_STR("second one"));
    bool was_called = false;
    wb_error err;
    wb_test_succeeded(
        wb_session_query(session, wb_buf_str(&sql), NULL, 0, check_names, &was_called, &err), &err);
    assert_true(was_called);
}

static void a_statement_that_gives_no_rows_calls_back_never(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    WB_AUTO_BUF(rows, 0);
    wb_error err;
    wb_test_succeeded(wb_session_query(session,
                                       WB_STR("SELECT 1 FROM (SELECT 1 AS a) b WHERE a = 2"), NULL,
                                       0, wb_test_add_row, &rows, &err),
                      &err);
    assert_string_equal(wb_buf_text(&rows), "");
}

static bool check_megabyte(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    unsigned *count = arg;
    ++*count;
    assert_int_equal(row->cells[1].len, MEGABYTE);
    assert_int_equal(strlen(row->cells[1].ptr), MEGABYTE);
    assert_int_equal(row->cells[1].ptr[MEGABYTE - 1], 'm');
    return true;
}

static void cells_of_a_megabyte_go_in_and_come_out(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    wb_error err;
    wb_test_exec(session, "DROP TABLE IF EXISTS large");
    wb_test_succeeded(wb_session_execf(session, &err, "CREATE TABLE large (id INTEGER, body %s)",
                                       engine->long_text),
                      &err);
    char *text = malloc(MEGABYTE);
    assert_non_null(text);
    memset(text, 'm', MEGABYTE);
    WB_AUTO_BUF(buf, 0);
    wb_str sql = wb_test_placeholders(session, "INSERT INTO large VALUES (?, ?)", &buf);
    for (int i = 0; i < 3; i++) {
        const wb_value args[] = {wb_value_int(i), wb_value_str(wb_str_make(text, MEGABYTE))};
        wb_test_succeeded(wb_session_query(session, sql, args, 2, NULL, NULL, &err), &err);
    }
    free(text);
    unsigned count = 0;
    wb_test_succeeded(wb_session_query(session, WB_STR("SELECT id, body FROM large ORDER BY id"),
                                       NULL, 0, check_megabyte, &count, &err),
                      &err);
    assert_int_equal(count, 3);
    wb_test_exec(session, "DROP TABLE large");
}

/* 250,000 rows, made by the server from 500. */
static const char many_rows[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) "
    "SELECT a.i, b.i FROM n a CROSS JOIN n b";

static bool count_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) row;
    (void) err;
    unsigned *count = arg;
    ++*count;
    return true;
}

static void many_rows_are_streamed(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    unsigned count = 0;
    wb_error err;
    wb_test_succeeded(
        wb_session_query(session, wb_str_from(many_rows), NULL, 0, count_row, &count, &err), &err);
    assert_int_equal(count, 250000);
}

static bool stop_at_third(void *arg, const wb_row *row, wb_error *err)
{
    (void) row;
    unsigned *count = arg;
    if (++*count < 3)
        return true;
    wb_fail(err, WB_E_LEDGER, "the third row is odd");
    return wb_hint(err, "Look at it.");
}

static void a_row_callback_stops_a_query_with_its_own_error(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    unsigned count = 0;
    wb_error err;
    assert_false(
        wb_session_query(session, wb_str_from(many_rows), NULL, 0, stop_at_third, &count, &err));
    assert_int_equal(count, 3);
    assert_int_equal(err.status, WB_E_LEDGER);
    assert_string_equal(err.message, "the third row is odd");
    assert_string_equal(err.hint, "Look at it.");
    assert_int_equal(session->error_offset, SIZE_MAX);
    assert_int_equal(wb_test_number(session, "SELECT 5"), 5);
}

static void rows_that_nobody_wants_are_dropped(void **state)
{
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_exec(session, many_rows);
    assert_int_equal(wb_test_number(session, "SELECT 6"), 6);
}

static void values_of_every_kind_come_back_as_they_went(void **state)
{
    static const struct {
        wb_value value;
        const char *text; /* NULL for a NULL value */
    } cases[] = {
        {{.kind = WB_NULL}, NULL},
        {{.kind = WB_INT, .number = 0}, "0"},
        {{.kind = WB_INT, .number = INT64_MAX}, "9223372036854775807"},
        {{.kind = WB_INT, .number = INT64_MIN}, "-9223372036854775808"},
        {{.kind = WB_TEXT, .text = {"", 0}}, ""},
        {{.kind = WB_TEXT, .text = {NULL, 0}}, ""},
        {{.kind = WB_TEXT, .text = {"only this, not that", 9}}, "only this"},
        {{.kind = WB_TEXT, .text = {"o'clock \"x\" `y`", 15}}, "o'clock \"x\" `y`"},
        {{.kind = WB_TEXT, .text = {"back\\slash \\' \\n", 16}}, "back\\slash \\' \\n"},
        {{.kind = WB_TEXT, .text = {"$1 ? :a %s -- /* ;\n", 19}}, "$1 ? :a %s -- /* ;\n"},
        {{.kind = WB_TEXT, .text = {"\xe6\x97\xa5\xe6\x9c\xac", 6}}, "\xe6\x97\xa5\xe6\x9c\xac"},
    };
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_exec(session, "DROP TABLE IF EXISTS vals");
    wb_test_exec(session, "CREATE TABLE vals (id INTEGER, num BIGINT, txt TEXT)");
    WB_AUTO_BUF(insert, 0);
    WB_AUTO_BUF(rows, 0);
    WB_AUTO_BUF(expected, 0);
    wb_str sql = wb_test_placeholders(session, "INSERT INTO vals VALUES (?, ?, ?)", &insert);
    wb_error err;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool is_text = cases[i].value.kind == WB_TEXT;
        const wb_value args[] = {wb_value_int((int64_t) i),
                                 is_text ? wb_value_null() : cases[i].value,
                                 is_text ? cases[i].value : wb_value_null()};
        wb_test_succeeded(wb_session_query(session, sql, args, 3, NULL, NULL, &err), &err);
        const char *text = cases[i].text != NULL ? cases[i].text : "NULL";
        wb_buf_printf(&expected, "%s|", is_text ? "NULL" : text);
        wb_buf_printf(&expected, "%s;", is_text ? text : "NULL");
    }
    wb_test_succeeded(wb_session_query(session, WB_STR("SELECT num, txt FROM vals ORDER BY id"),
                                       NULL, 0, wb_test_add_row, &rows, &err),
                      &err);
    assert_string_equal(wb_buf_text(&rows), wb_buf_text(&expected));
    wb_test_exec(session, "DROP TABLE vals");
}

static void take_affected(void *arg, const wb_answer *answer)
{
    uint64_t *rows = arg;
    assert_null(answer->error);
    *rows = answer->rows_affected;
}

static void answers_count_the_rows_that_changed(void **state)
{
    static const struct {
        const char *sql;
        uint64_t rows;
    } cases[] = {
        {"INSERT INTO counted VALUES (1, 'a'), (2, 'b'), (3, 'c')", 3},
        {"UPDATE counted SET name = 'z' WHERE id > 1", 2},
        {"SELECT * FROM counted", 0},
        {"CREATE INDEX counted_id ON counted (id)", 0},
        {"DELETE FROM counted WHERE id = 9", 0},
        {"DELETE FROM counted", 3},
    };
    WB_AUTO_SESSION(session);
    session = wb_test_open(wb_engine_of(state));
    wb_test_table(session, "counted");
    wb_error err;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t rows = 99;
        const wb_request request = {
            .sql = wb_str_from(cases[i].sql), .answer = take_affected, .arg = &rows};
        wb_test_succeeded(
            wb_session_submit(session, &request, &err) && wb_session_collect(session, &err), &err);
        if (rows != cases[i].rows)
            fail_msg("%s: %llu rows", cases[i].sql, (unsigned long long) rows);
    }
    wb_test_exec(session, "DROP TABLE counted");
}

static void check_error(wb_session *session, const wb_tested_error *expected)
{
    wb_error err;
    if (wb_session_exec(session, wb_str_from(expected->sql), &err))
        fail_msg("succeeded: %s", expected->sql);
    if (err.status != expected->status)
        fail_msg("%s: %s, not %s: %s", expected->sql, wb_status_name(err.status),
                 wb_status_name(expected->status), err.message);
    assert_string_not_equal(err.message, "");
    if (expected->sqlstate != NULL)
        assert_string_equal(err.sqlstate, expected->sqlstate);
    if (expected->at == NULL)
        return;
    const char *found = strstr(expected->sql, expected->at);
    assert_non_null(found);
    if (session->error_offset != (size_t) (found - expected->sql))
        fail_msg("%s: at %zu, not %zu", expected->sql, session->error_offset,
                 (size_t) (found - expected->sql));
}

static void errors_have_their_status_their_code_and_their_place(void **state)
{
    const wb_tested_engine *engine = wb_engine_of(state);
    WB_AUTO_SESSION(session);
    session = wb_test_open(engine);
    wb_test_exec(session, "DROP TABLE IF EXISTS child");
    wb_test_exec(session, "DROP TABLE IF EXISTS parent");
    wb_test_exec(session, "CREATE TABLE parent (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, "
                          "CONSTRAINT n_positive CHECK (n > 0))");
    wb_test_exec(session, "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER, "
                          "FOREIGN KEY (parent) REFERENCES parent (id))");
    wb_test_exec(session, "INSERT INTO parent VALUES (1, 1)");
    wb_test_exec(session, "INSERT INTO child VALUES (1, 1)");
    for (size_t i = 0; i < engine->error_count; i++)
        check_error(session, &engine->errors[i]);
    assert_int_equal(wb_test_number(session, "SELECT count(*) FROM parent"), 1);
    wb_test_exec(session, "DROP TABLE child");
    wb_test_exec(session, "DROP TABLE parent");
}

const struct CMUnitTest *wb_conformance_rows_tests(size_t *ret_count)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_order_with_nulls_and_unicode),
        cmocka_unit_test(rows_have_names),
        cmocka_unit_test(a_statement_that_gives_no_rows_calls_back_never),
        cmocka_unit_test(cells_of_a_megabyte_go_in_and_come_out),
        cmocka_unit_test(many_rows_are_streamed),
        cmocka_unit_test(a_row_callback_stops_a_query_with_its_own_error),
        cmocka_unit_test(rows_that_nobody_wants_are_dropped),
        cmocka_unit_test(values_of_every_kind_come_back_as_they_went),
        cmocka_unit_test(answers_count_the_rows_that_changed),
        cmocka_unit_test(errors_have_their_status_their_code_and_their_place),
    };
    *ret_count = sizeof(tests) / sizeof(tests[0]);
    return tests;
}
