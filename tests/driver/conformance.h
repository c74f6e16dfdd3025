/* The duties of src/driver/driver.h as tests, run against every engine: the shared part of the
 * test_driver_<engine> programs. What differs between engines is data, in wb_tested_engine.
 *
 * Without a server a program ends with 77 (skipped), or fails where WB_REQUIRE, a comma-separated
 * list, names the engine. */
#ifndef WB_TESTS_DRIVER_CONFORMANCE_H
#define WB_TESTS_DRIVER_CONFORMANCE_H

#include "driver/driver.h"

/* clang-format off */
/* cmocka.h wants the others before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* clang-format on */

/* A statement that must fail, and how. */
typedef struct wb_tested_error {
    const char *sql;
    wb_status status;
    const char *sqlstate; /* NULL: not looked at */
    const char *at;       /* the text that the error points at; NULL: nothing is expected */
} wb_tested_error;

typedef struct wb_tested_engine {
    const char *name;
    wb_engine engine;
    const char *url_variable; /* environment; NULL: a new file */
    const char *url;          /* set by wb_conformance_run */
    unsigned can;             /* WB_CAN_... that a session must have, and no others */
    const char *long_text;    /* type of a column that takes a megabyte of text */
    const char *sleep_sql;    /* takes at least 5 s; can be cancelled */
    const char *nap_sql;      /* takes 0.3 s, so that answers are late; NULL: nothing can */
    const char *own_id_sql;   /* gives the id of the session at the server; NULL: there is none */
    const char *kill_before;  /* this, the id, and `kill_after`: ends the session with that id */
    const char *kill_after;
    const char *scheme; /* of a URL for another address; NULL: no network */
    const wb_tested_error *errors;
    size_t error_count;
    const struct CMUnitTest *own_tests; /* that only this engine has */
    size_t own_test_count;
} wb_tested_engine;

/* Runs the suite; gives the exit code. */
int wb_conformance_run(wb_tested_engine *engine);

/* The parts of the suite. Each test gets the wb_tested_engine as its state. */
const struct CMUnitTest *wb_conformance_connect_tests(size_t *ret_count);
const struct CMUnitTest *wb_conformance_rows_tests(size_t *ret_count);
const struct CMUnitTest *wb_conformance_transaction_tests(size_t *ret_count);
const struct CMUnitTest *wb_conformance_queue_tests(size_t *ret_count);
const struct CMUnitTest *wb_conformance_cancel_tests(size_t *ret_count);
const struct CMUnitTest *wb_conformance_lock_tests(size_t *ret_count);

/* What tests share. Each of these fails the test where it does not succeed. */

const wb_tested_engine *wb_engine_of(void **state);
wb_session *wb_test_open(const wb_tested_engine *engine);
/* A session at another URL, which must be refused; gives the error. */
void wb_test_open_fails(const char *url, const wb_connect_options *options, wb_error *ret_error);
void wb_test_succeeded(bool ok, const wb_error *err);
void wb_test_exec(wb_session *session, const char *sql);
/* Drops the table and makes it again as (id INTEGER PRIMARY KEY, name TEXT). */
void wb_test_table(wb_session *session, const char *table);
/* The only cell of a query, as a number. */
int64_t wb_test_number(wb_session *session, const char *sql);
/* Queues an INSERT of (id, 'row') into the table made by wb_test_table. */
bool wb_test_submit_insert(wb_session *session, const char *table, int64_t id, wb_answer_fn *answer,
                           void *arg, wb_error *err);
/* Replaces each "?" in `sql` by the placeholder of the engine. */
wb_str wb_test_placeholders(const wb_session *session, const char *sql, wb_buf *buf);
/* Takes a port of this machine; where it is `listening` it takes connections but never says a word,
 * otherwise it refuses them. The caller closes the file. */
int wb_test_bind_port(bool listening, unsigned *ret_port);
/* Adds a row as "a|NULL|c;" to the wb_buf that is `arg`. */
bool wb_test_add_row(void *arg, const wb_row *row, wb_error *err);

#endif
