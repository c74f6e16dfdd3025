/* The wrappers, on a driver that only writes down what it is asked. */
#include "driver/driver.h"

#include <stdio.h>

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* clang-format on */

typedef struct script_session {
    wb_session base;
    wb_buf calls;       /* "submit:BEGIN;collect;" */
    const char *broken; /* the call that fails */
    bool is_open;       /* a transaction */
} script_session;

static bool note(wb_session *session, const char *call, wb_str sql, wb_error *err)
{
    script_session *script = (script_session *) session;
    wb_buf_printf(&script->calls, sql.len > 0 ? "%s:%.*s;" : "%s;", call, WB_STR_ARG(sql));
    bool is_broken = script->broken != NULL && strcmp(script->broken, call) == 0;
    return !is_broken || wb_fail(err, WB_E_CONSTRAINT, "%s failed", call);
}

static bool script_submit(wb_session *session, const wb_request *request, wb_error *err)
{
    return note(session, "submit", request->sql, err);
}

static bool script_query(wb_session *session, const wb_request *request, wb_error *err)
{
    return note(session, "query", request->sql, err);
}

static bool script_collect(wb_session *session, wb_error *err)
{
    return note(session, "collect", WB_STR(""), err);
}

static bool script_in_transaction(const wb_session *session)
{
    return ((const script_session *) session)->is_open;
}

static const wb_driver waiting_driver = {
    .name = "script",
    .submit = script_submit,
    .collect = script_collect,
    .query = script_query,
    .in_transaction = script_in_transaction,
};

static const wb_driver plain_driver = {
    .name = "plain",
    .submit = script_submit,
    .collect = script_collect,
};

static script_session start(const wb_driver *driver, wb_dialect_id dialect)
{
    script_session session = {
        .base = {.driver = driver, .dialect = wb_dialect_of(dialect)},
        .is_open = true,
    };
    wb_buf_init(&session.calls, 0);
    return session;
}

/* Checks what the driver was asked, and forgets it. */
static void check_calls(script_session *session, const char *expected)
{
    assert_string_equal(wb_buf_text(&session->calls), expected);
    wb_buf_clear(&session->calls);
}

static void a_query_collects_what_is_queued_first(void **state)
{
    (void) state;
    wb_error err;
    script_session session = start(&waiting_driver, WB_POSTGRES);
    assert_true(wb_session_exec(&session.base, WB_STR("A"), &err));
    check_calls(&session, "collect;query:A;");
    session.broken = "collect";
    assert_false(wb_session_exec(&session.base, WB_STR("A"), &err));
    assert_string_equal(err.message, "collect failed");
    check_calls(&session, "collect;");
}

static void a_driver_without_queries_submits_and_collects(void **state)
{
    (void) state;
    wb_error err;
    script_session session = start(&plain_driver, WB_MARIADB);
    assert_true(wb_session_execf(&session.base, &err, "A %d", 7));
    check_calls(&session, "collect;submit:A 7;collect;");
}

static void transactions_are_plain_sql(void **state)
{
    (void) state;
    static const struct {
        wb_dialect_id dialect;
        const char *calls;
    } cases[] = {
        {WB_SQLITE, "submit:BEGIN;submit:BEGIN IMMEDIATE;submit:SAVEPOINT \"a\"\"b`\";"
                    "submit:RELEASE SAVEPOINT \"a\"\"b`\";submit:COMMIT;collect;"},
        {WB_POSTGRES, "submit:BEGIN;submit:BEGIN;submit:SAVEPOINT \"a\"\"b`\";"
                      "submit:RELEASE SAVEPOINT \"a\"\"b`\";submit:COMMIT;collect;"},
        {WB_MARIADB, "submit:BEGIN;submit:BEGIN;submit:SAVEPOINT `a\"b```;"
                     "submit:RELEASE SAVEPOINT `a\"b```;submit:COMMIT;collect;"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        wb_error err;
        script_session session = start(&waiting_driver, cases[i].dialect);
        assert_true(wb_session_begin(&session.base, &err));
        assert_true(wb_session_begin_write(&session.base, &err));
        assert_true(wb_session_savepoint(&session.base, "a\"b`", &err));
        assert_true(wb_session_release(&session.base, "a\"b`", &err));
        assert_true(wb_session_commit(&session.base, &err));
        check_calls(&session, cases[i].calls);
    }
}

static void rollback_ignores_the_failure_of_what_was_queued(void **state)
{
    (void) state;
    wb_error err = {.status = WB_E_OK};
    script_session session = start(&waiting_driver, WB_POSTGRES);
    assert_true(wb_session_rollback(&session.base, &err));
    check_calls(&session, "collect;collect;query:ROLLBACK;");
    session.is_open = false;
    session.broken = "collect";
    assert_true(wb_session_rollback(&session.base, &err));
    check_calls(&session, "collect;");
    assert_int_equal(err.status, WB_E_OK);
}

static void a_lost_or_cancelled_session_runs_nothing_more(void **state)
{
    (void) state;
    for (int i = 0; i < 2; i++) {
        wb_error err;
        script_session session = start(&waiting_driver, WB_POSTGRES);
        wb_status expected = i == 0 ? WB_E_LOST : WB_E_CANCELLED;
        if (i == 0)
            session.base.lost = true;
        else
            wb_session_cancel(&session.base);
        assert_false(wb_session_exec(&session.base, WB_STR("A"), &err));
        assert_int_equal(err.status, expected);
        assert_false(wb_session_submit_sql(&session.base, WB_STR("A"), &err));
        assert_int_equal(err.status, expected);
        assert_false(wb_session_rollback(&session.base, &err));
        assert_int_equal(err.status, expected);
        assert_null(strstr(wb_buf_text(&session.calls), ":"));
        wb_buf_clear(&session.calls);
        wb_session_uncancel(&session.base);
        assert_int_equal(wb_session_exec(&session.base, WB_STR("A"), &err), i == 1);
        wb_buf_clear(&session.calls);
    }
}

static void placeholders_are_those_of_the_engine(void **state)
{
    (void) state;
    static const char *const expected[] = {
        [WB_SQLITE] = "?,?", [WB_POSTGRES] = "$1,$12", [WB_MARIADB] = "?,?"};
    for (int dialect = 0; dialect < WB_DIALECT_COUNT; dialect++) {
        script_session session = start(&plain_driver, (wb_dialect_id) dialect);
        WB_AUTO_BUF(sql, 0);
        wb_session_placeholder(&session.base, 1, &sql);
        wb_buf_putc(&sql, ',');
        wb_session_placeholder(&session.base, 12, &sql);
        assert_string_equal(wb_buf_text(&sql), expected[dialect]);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_collects_what_is_queued_first),
        cmocka_unit_test(a_driver_without_queries_submits_and_collects),
        cmocka_unit_test(transactions_are_plain_sql),
        cmocka_unit_test(rollback_ignores_the_failure_of_what_was_queued),
        cmocka_unit_test(a_lost_or_cancelled_session_runs_nothing_more),
        cmocka_unit_test(placeholders_are_those_of_the_engine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
