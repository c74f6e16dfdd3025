#include "project/url.h"

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

static void hides_what_looks_like_a_password(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *masked;
    } cases[] = {
        /* URLs */
        {"postgres://bob:geheim@h/d", "postgres://bob:***@h/d"},
        {"at postgres://bob:geheim@h:1/d failed", "at postgres://bob:***@h:1/d failed"},
        {"a://u:x@h, b://v:y@h", "a://u:***@h, b://v:***@h"},
        {"a://u:x@h,b://v:y@h", "a://u:***@h,b://v:***@h"},
        {"postgres://u:p@ss@h/d", "postgres://u:***@h/d"},
        {"postgres://u:p/a?s#s@h/d", "postgres://u:***@h/d"},
        {"postgres://u:two words@h/d", "postgres://u:***@h/d"},
        {"postgres://u:it's@h/d", "postgres://u:***@h/d"},
        {"postgres://:geheim@h/d", "postgres://:***@h/d"},
        {"postgres://u:geheim", "postgres://u:***"},
        {"postgres://u:geheim/d", "postgres://u:***/d"},
        {"postgres://h:5432/d", "postgres://h:5432/d"},
        {"postgres://a:1,b:2/d", "postgres://a:***/d"},
        {"postgres://u@h/d", "postgres://u@h/d"},
        {"postgres://u:@h/d", "postgres://u:@h/d"},
        {"postgres://[::1]:5432/d", "postgres://[::1]:5432/d"},
        {"postgres://h/d?password=geheim&sslmode=x", "postgres://h/d?password=***&sslmode=x"},
        {"postgres://h/d?a=b&sslpassword=geheim", "postgres://h/d?a=b&sslpassword=***"},
        {"url: \"postgres://u:geheim@h/d\"", "url: \"postgres://u:***@h/d\""},
        {"${X:-postgres://u:geheim@h/d}", "${X:-postgres://u:***@h/d}"},
        /* key=value */
        {"host=h password=geheim user=u", "host=h password=*** user=u"},
        {"host=h password='a b' user=u", "host=h password=*** user=u"},
        {"password='it\\'s' user=u", "password=*** user=u"},
        {"password = 'it''s' user=u", "password = *** user=u"},
        {"password=a\\ b user=u", "password=*** user=u"},
        {"pwd=geheim;x", "pwd=***"},
        {"PGPASSWORD=geheim psql", "PGPASSWORD=*** psql"},
        {"DB_PASSWORD: geheim", "DB_PASSWORD: ***"},
        {"{\"password\": \"geheim\"}", "{\"password\": ***}"},
        {"--password=geheim", "--password=***"},
        {"API_TOKEN=geheim", "API_TOKEN=***"},
        {"password='geheim", "password=***"},
        {"password=", "password="},
        /* SQL */
        {"CREATE ROLE r PASSWORD 'geheim' LOGIN", "CREATE ROLE r PASSWORD *** LOGIN"},
        {"ALTER USER u WITH ENCRYPTED PASSWORD E'ge\\'heim'",
         "ALTER USER u WITH ENCRYPTED PASSWORD E***"},
        {"ALTER USER u PASSWORD $x$geheim$x$;", "ALTER USER u PASSWORD ***;"},
        {"ALTER USER u PASSWORD $x$geheim", "ALTER USER u PASSWORD ***"},
        {"CREATE USER 'b'@'%' IDENTIFIED BY 'geheim' REQUIRE SSL",
         "CREATE USER 'b'@'%' IDENTIFIED BY *** REQUIRE SSL"},
        {"identified by password '*AB'", "identified by password ***"},
        {"IDENTIFIED VIA a USING 'x' OR b USING PASSWORD('geheim')",
         "IDENTIFIED VIA a USING *** OR b USING PASSWORD(***)"},
        {"IDENTIFIED WITH mysql_native_password AS '*AB'",
         "IDENTIFIED WITH mysql_native_password AS ***"},
        {"SET PASSWORD FOR u = PASSWORD('geheim')", "SET PASSWORD FOR u = PASSWORD(***)"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        assert_string_equal(wb_mask_secrets(cases[i].text, arena), cases[i].masked);
    }
}

static void leaves_ordinary_text_alone(void **state)
{
    (void) state;
    static const char *const texts[] = {
        "",
        "nothing to see",
        "FATAL: password authentication failed for user \"bob\"",
        "Access denied for user 'bob'@'h' (using password: YES)",
        "fe_sendauth: no password supplied",
        "unrecognized token: \"'abc\"",
        "syntax error at or near token 'x'",
        "see https://example.org/a:b",
        "12:30 is bob@example.org's time",
        "passfile=/home/me/.pgpass",
        "CREATE TABLE users (password TEXT NOT NULL, token TEXT)",
        "a:// b:// c://",
        "identified",
        "ALTER USER u PASSWORD $1",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        WB_SCRATCH(arena);
        assert_string_equal(wb_mask_secrets(texts[i], arena), texts[i]);
    }
}

static void finds_nothing_more_in_what_it_has_masked(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    const char *once = wb_mask_secrets("postgres://u:x@h password='y' pwd=z", arena);
    assert_string_equal(once, "postgres://u:***@h password=*** pwd=***");
    assert_string_equal(wb_mask_secrets(once, arena), once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hides_what_looks_like_a_password),
        cmocka_unit_test(leaves_ordinary_text_alone),
        cmocka_unit_test(finds_nothing_more_in_what_it_has_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
