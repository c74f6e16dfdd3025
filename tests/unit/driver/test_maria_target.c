/* From a URL to what a connection needs. No server. */
#include "../../support/test.h"
#include "driver/mariadb/maria_connect.h"

static bool read_target(const char *text, const wb_connect_options *options,
                        wb_maria_target *target, wb_error *err)
{
    static const wb_connect_options none = {0};
    WB_SCRATCH(arena);
    wb_url url;
    return wb_url_parse(text, arena, &url, err) &&
           wb_maria_target_from_url(&url, options != NULL ? options : &none, target, err);
}

static void a_url_is_read_whole(void **state)
{
    (void) state;
    wb_maria_target target = {0};
    wb_error err = {0};
    if (!read_target("mysql://me:p%40ss@db.example:3307/app?ssl_ca=/ca.pem&ssl_cert=/c.pem&"
                     "ssl_key=/k.pem&ssl_cipher=X&connect_timeout=7&charset=utf8mb4",
                     NULL, &target, &err))
        fail_msg("%s", err.message);
    assert_string_equal(target.host, "db.example");
    assert_int_equal(target.port, 3307);
    assert_string_equal(target.user, "me");
    assert_string_equal(target.password, "p@ss");
    assert_string_equal(target.database, "app");
    assert_null(target.socket);
    assert_string_equal(target.options[WB_MARIA_SSL_CA], "/ca.pem");
    assert_string_equal(target.options[WB_MARIA_SSL_CERT], "/c.pem");
    assert_string_equal(target.options[WB_MARIA_SSL_KEY], "/k.pem");
    assert_string_equal(target.options[WB_MARIA_SSL_CIPHER], "X");
    assert_int_equal(target.timeout_s, 7);
    assert_string_equal(target.name, "whimbrel");
    wb_maria_target_clear(&target);
}

static void tls_follows_from_what_is_given(void **state)
{
    (void) state;
    static const struct {
        const char *url;
        wb_maria_tls tls;
    } cases[] = {
        {"mysql://h/d", WB_MARIA_TLS_PREFERRED},
        {"mysql:///d?socket=/s", WB_MARIA_TLS_DISABLED},
        {"mysql:///d", WB_MARIA_TLS_DISABLED},
        {"mysql://h/d?ssl_mode=DISABLED", WB_MARIA_TLS_DISABLED},
        {"mysql://h/d?ssl_mode=required", WB_MARIA_TLS_REQUIRED},
        {"mysql://h/d?ssl_ca=/c", WB_MARIA_TLS_VERIFY_CA},
        {"mysql://h/d?ssl_capath=/c", WB_MARIA_TLS_VERIFY_CA},
        {"mysql://h/d?ssl_cert=/c", WB_MARIA_TLS_REQUIRED},
        {"mysql://h/d?ssl_mode=verify_ca&ssl_ca=/c", WB_MARIA_TLS_VERIFY_CA},
        {"mysql://h/d?ssl_mode=verify_identity", WB_MARIA_TLS_VERIFY_IDENTITY},
        {"mysql://h/d?ssl_verify_cert=true", WB_MARIA_TLS_VERIFY_IDENTITY},
        {"mysql://h/d?ssl_verify_cert=true&ssl_ca=/c", WB_MARIA_TLS_VERIFY_IDENTITY},
        {"mysql://h/d?ssl_verify_cert=false&ssl_mode=required", WB_MARIA_TLS_REQUIRED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_maria_target target = {0};
        wb_error err = {0};
        if (!read_target(cases[i].url, NULL, &target, &err))
            fail_msg("%s: %s", cases[i].url, err.message);
        if (target.tls != cases[i].tls)
            fail_msg("%s", cases[i].url);
        wb_maria_target_clear(&target);
    }
}

static void contradictions_are_refused(void **state)
{
    (void) state;
    static const char *const urls[] = {
        "mysql://h/d?ssl_mode=verify_ca",
        "mysql://h/d?ssl_mode=disabled&ssl_verify_cert=true",
        "mysql://h/d?connect_timeout=0",
        "mysql://h/d?connect_timeout=99999",
    };
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        wb_maria_target target = {0};
        wb_error err = {0};
        if (read_target(urls[i], NULL, &target, &err))
            fail_msg("%s was taken", urls[i]);
        assert_int_equal(err.status, WB_E_CONFIG);
        assert_true(err.hint[0] != '\0');
        assert_null(target.arena);
    }
}

static void the_callers_timeout_counts_and_is_rounded_up(void **state)
{
    (void) state;
    static const struct {
        const char *url;
        unsigned timeout_ms;
        unsigned timeout_s;
    } cases[] = {
        {"mysql://h/d", 0, 10},
        {"mysql://h/d", 1, 1},
        {"mysql://h/d", 2500, 3},
        {"mysql://h/d?connect_timeout=7", 0, 7},
        {"mysql://h/d?connect_timeout=7", 3000, 3},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_maria_target target = {0};
        wb_error err = {0};
        const wb_connect_options options = {.timeout_ms = cases[i].timeout_ms};
        assert_true(read_target(cases[i].url, &options, &target, &err));
        assert_int_equal(target.timeout_s, cases[i].timeout_s);
        wb_maria_target_clear(&target);
    }
}

static void a_copy_lives_on_its_own(void **state)
{
    (void) state;
    wb_maria_target target = {0};
    wb_maria_target copy = {0};
    wb_error err = {0};
    assert_true(read_target("mysql://u:secret@h/d?ssl_ca=/ca", NULL, &target, &err));
    wb_maria_target_copy(&target, &copy);
    wb_maria_target_clear(&target);
    assert_string_equal(copy.password, "secret");
    assert_string_equal(copy.host, "h");
    assert_string_equal(copy.options[WB_MARIA_SSL_CA], "/ca");
    wb_maria_target_clear(&copy);
    assert_null(copy.password);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_is_read_whole),
        cmocka_unit_test(tls_follows_from_what_is_given),
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(the_callers_timeout_counts_and_is_rounded_up),
        cmocka_unit_test(a_copy_lives_on_its_own),
    };
    return RUN_TESTS(tests);
}
