/* The first word of a statement, by which the PostgreSQL driver knows the few that need care. */
#include "driver/driver.h"

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* clang-format on */

#ifdef WB_WITH_POSTGRES

#include "driver/postgres/pq_session.h"

static void the_first_word_is_behind_blanks_and_comments(void **state)
{
    (void) state;
    static const struct {
        const char *sql;
        const char *word;
    } cases[] = {
        {"COPY t FROM STDIN", "COPY"},
        {" \t\r\n commit", "commit"},
        {"end", "end"},
        {"-- a comment\nDISCARD ALL", "DISCARD"},
        {"-- one\n  -- two\nselect(1)", "select"},
        {"/* copy */ VACUUM", "VACUUM"},
        {"/* a /* nested */ b */END", "END"},
        {"/**/copy", "copy"},
        {"/*/ copy */ x", "x"},
        {"/* never closed", ""},
        {"-- only a comment", ""},
        {"(SELECT 1)", ""},
        {"1", ""},
        {"", ""},
        {"   ", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        wb_str word = wb_pq_first_word(wb_str_from(cases[i].sql));
        if (!wb_str_is(word, cases[i].word))
            fail_msg("%s: '%.*s'", cases[i].sql, WB_STR_ARG(word));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_word_is_behind_blanks_and_comments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

enum { SKIPPED = 77 };

int main(void)
{
    return SKIPPED;
}

#endif
