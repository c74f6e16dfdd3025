/* From a URL, or an application's handle, to what a connection needs. */
#include "base/hash.h"
#include "driver/mariadb/maria_connect.h"

enum { DEFAULT_TIMEOUT_S = 10, MAX_TIMEOUT_S = 3600 };

static const char *const option_names[WB_MARIA_OPTION_COUNT] = {
    [WB_MARIA_SSL_CA] = "ssl_ca",         [WB_MARIA_SSL_CAPATH] = "ssl_capath",
    [WB_MARIA_SSL_CERT] = "ssl_cert",     [WB_MARIA_SSL_KEY] = "ssl_key",
    [WB_MARIA_SSL_CIPHER] = "ssl_cipher",
};

static const struct {
    const char *name;
    wb_maria_tls tls;
} tls_modes[] = {
    {"DISABLED", WB_MARIA_TLS_DISABLED},
    {"PREFERRED", WB_MARIA_TLS_PREFERRED},
    {"REQUIRED", WB_MARIA_TLS_REQUIRED},
    {"VERIFY_CA", WB_MARIA_TLS_VERIFY_CA},
    {"VERIFY_IDENTITY", WB_MARIA_TLS_VERIFY_IDENTITY},
};

static bool set_option(wb_maria_target *target, const wb_url_parameter *parameter)
{
    for (size_t i = 0; i < WB_MARIA_OPTION_COUNT; i++) {
        if (strcmp(parameter->name, option_names[i]) == 0) {
            target->options[i] = wb_arena_strdup(target->arena, parameter->value);
            return true;
        }
    }
    return false;
}

static bool set_tls_mode(wb_maria_target *target, const char *value, wb_error *err)
{
    for (size_t i = 0; i < sizeof(tls_modes) / sizeof(tls_modes[0]); i++) {
        if (wb_str_is_nocase(wb_str_from(value), tls_modes[i].name)) {
            target->tls = tls_modes[i].tls;
            return true;
        }
    }
    wb_fail(err, WB_E_CONFIG, "the URL has an unknown ssl_mode \"%s\"", value);
    return wb_hint(err, "Known are DISABLED, PREFERRED, REQUIRED, VERIFY_CA and VERIFY_IDENTITY.");
}

static bool parse_switch(const wb_url_parameter *parameter, bool *ret_on, wb_error *err)
{
    static const char *const on[] = {"1", "true", "on", "yes"};
    static const char *const off[] = {"0", "false", "off", "no"};
    wb_str value = wb_str_from(parameter->value);
    for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++) {
        *ret_on = wb_str_is_nocase(value, on[i]);
        if (*ret_on || wb_str_is_nocase(value, off[i]))
            return true;
    }
    wb_fail(err, WB_E_CONFIG, "the URL's %s=%s is neither true nor false", parameter->name,
            parameter->value);
    return wb_hint(err, "Write true or false.");
}

static bool parse_timeout(const wb_url_parameter *parameter, unsigned *ret_seconds, wb_error *err)
{
    uint64_t seconds = 0;
    bool is_number = wb_str_to_u64(wb_str_from(parameter->value), &seconds);
    if (is_number && seconds >= 1 && seconds <= MAX_TIMEOUT_S) {
        *ret_seconds = (unsigned) seconds;
        return true;
    }
    wb_fail(err, WB_E_CONFIG, "the URL's %s \"%s\" is not a number of seconds", parameter->name,
            parameter->value);
    return wb_hint(err, "Give a whole number from 1 to %d.", MAX_TIMEOUT_S);
}

/* All texts are UTF-8, so another character set would only spoil them. */
static bool check_charset_name(const char *value, wb_error *err)
{
    static const char *const known[] = {"utf8mb4", "utf8", "utf8mb3"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (wb_str_is_nocase(wb_str_from(value), known[i]))
            return true;
    }
    wb_fail(err, WB_E_CONFIG, "the URL asks for the character set \"%s\"", value);
    return wb_hint(err, "Whimbrel always uses utf8mb4; remove the charset from the URL. Tables may "
                        "have any character set.");
}

/* What needs a second look once all parameters are known. */
typedef struct given {
    bool tls_mode;
    bool verify;
} given;

static bool fail_unknown(const char *name, wb_error *err)
{
    wb_fail(err, WB_E_CONFIG, "the URL has a parameter \"%s\" that MariaDB's driver does not know",
            name);
    return wb_hint(err, "Known are ssl_mode, ssl_verify_cert, ssl_ca, ssl_capath, ssl_cert, "
                        "ssl_key, ssl_cipher, connect_timeout, charset and socket.");
}

static bool set_parameter(wb_maria_target *target, const wb_url_parameter *parameter, given *seen,
                          wb_error *err)
{
    wb_str name = wb_str_from(parameter->name);
    if (set_option(target, parameter))
        return true;
    if (wb_str_is(name, "ssl_mode")) {
        seen->tls_mode = true;
        return set_tls_mode(target, parameter->value, err);
    }
    if (wb_str_is(name, "ssl_verify_cert"))
        return parse_switch(parameter, &seen->verify, err);
    if (wb_str_is(name, "connect_timeout"))
        return parse_timeout(parameter, &target->timeout_s, err);
    if (wb_str_is(name, "charset"))
        return check_charset_name(parameter->value, err);
    return fail_unknown(parameter->name, err);
}

/* Whoever names an authority wants it to count; otherwise TLS is used where the server has it. On a
 * socket there is nobody in between. */
static bool settle_tls(wb_maria_target *target, const given *seen, wb_error *err)
{
    bool has_authority =
        target->options[WB_MARIA_SSL_CA] != NULL || target->options[WB_MARIA_SSL_CAPATH] != NULL;
    if (!seen->tls_mode) {
        bool is_local = target->socket != NULL || target->host == NULL;
        target->tls = is_local ? WB_MARIA_TLS_DISABLED : WB_MARIA_TLS_PREFERRED;
        if (target->options[WB_MARIA_SSL_CERT] != NULL)
            target->tls = WB_MARIA_TLS_REQUIRED;
        if (has_authority)
            target->tls = WB_MARIA_TLS_VERIFY_CA;
    }
    if (seen->verify && seen->tls_mode && target->tls == WB_MARIA_TLS_DISABLED) {
        wb_fail(err, WB_E_CONFIG, "the URL asks for ssl_verify_cert and for ssl_mode=DISABLED");
        return wb_hint(err, "Remove one of them.");
    }
    if (seen->verify)
        target->tls = WB_MARIA_TLS_VERIFY_IDENTITY;
    if (target->tls == WB_MARIA_TLS_VERIFY_CA && !has_authority) {
        wb_fail(err, WB_E_CONFIG, "the URL has ssl_mode=VERIFY_CA but no authority");
        return wb_hint(err, "Add ssl_ca=/path/of/ca.pem, or use ssl_mode=VERIFY_IDENTITY, which "
                            "trusts the system's authorities.");
    }
    return true;
}

static bool set_port(wb_maria_target *target, const char *ports, wb_error *err)
{
    uint64_t port = 0;
    if (ports == NULL || ports[0] == '\0')
        return true;
    if (!wb_str_to_u64(wb_str_from(ports), &port) || port == 0 || port > UINT16_MAX) {
        wb_fail(err, WB_E_CONFIG, "the URL's port \"%s\" is not a number from 1 to 65535", ports);
        return wb_hint(err, "Name one host and one port.");
    }
    target->port = (unsigned) port;
    return true;
}

bool wb_maria_target_from_url(const wb_url *url, const wb_connect_options *options,
                              wb_maria_target *ret_target, wb_error *err)
{
    wb_arena *arena = wb_arena_new();
    wb_maria_target *target = ret_target;
    *target = (wb_maria_target){.arena = arena, .timeout_s = DEFAULT_TIMEOUT_S};
    target->host = wb_arena_strdup(arena, url->host);
    target->user = wb_arena_strdup(arena, url->user);
    target->password = wb_arena_strdup(arena, url->password);
    target->database = wb_arena_strdup(arena, url->database);
    target->socket = wb_arena_strdup(arena, url->socket);
    target->name = wb_arena_strdup(arena, options->name != NULL ? options->name : "whimbrel");
    given seen = {0};
    bool is_fine = set_port(target, url->ports, err);
    for (size_t i = 0; is_fine && i < url->parameters.count; i++)
        is_fine = set_parameter(target, &url->parameters.items[i], &seen, err);
    if (is_fine && settle_tls(target, &seen, err)) {
        if (options->timeout_ms != 0)
            target->timeout_s = options->timeout_ms / 1000 + (options->timeout_ms % 1000 != 0);
        return true;
    }
    wb_maria_target_clear(target);
    return false;
}

void wb_maria_target_from_handle(const MYSQL *handle, wb_maria_target *ret_target)
{
    const struct st_mysql_options *options = &handle->options;
    wb_arena *arena = wb_arena_new();
    *ret_target = (wb_maria_target){
        .arena = arena,
        .host = wb_arena_strdup(arena, handle->host),
        .user = wb_arena_strdup(arena, handle->user),
        .password = wb_arena_strdup(arena, handle->passwd),
        .database = wb_arena_strdup(arena, handle->db),
        .socket = wb_arena_strdup(arena, handle->unix_socket),
        .port = handle->port,
        .tls = options->use_ssl ? WB_MARIA_TLS_REQUIRED : WB_MARIA_TLS_DISABLED,
        .options = {[WB_MARIA_SSL_CA] = wb_arena_strdup(arena, options->ssl_ca),
                    [WB_MARIA_SSL_CAPATH] = wb_arena_strdup(arena, options->ssl_capath),
                    [WB_MARIA_SSL_CERT] = wb_arena_strdup(arena, options->ssl_cert),
                    [WB_MARIA_SSL_KEY] = wb_arena_strdup(arena, options->ssl_key),
                    [WB_MARIA_SSL_CIPHER] = wb_arena_strdup(arena, options->ssl_cipher)},
        .timeout_s = DEFAULT_TIMEOUT_S,
        .name = "whimbrel",
    };
    if (options->use_ssl && (handle->client_flag & CLIENT_SSL_VERIFY_SERVER_CERT) != 0)
        ret_target->tls = WB_MARIA_TLS_VERIFY_IDENTITY;
    else if (options->ssl_ca != NULL || options->ssl_capath != NULL)
        ret_target->tls = WB_MARIA_TLS_VERIFY_CA;
}

void wb_maria_target_copy(const wb_maria_target *target, wb_maria_target *ret_copy)
{
    wb_arena *arena = wb_arena_new();
    *ret_copy = *target;
    ret_copy->arena = arena;
    ret_copy->host = wb_arena_strdup(arena, target->host);
    ret_copy->user = wb_arena_strdup(arena, target->user);
    ret_copy->password = wb_arena_strdup(arena, target->password);
    ret_copy->database = wb_arena_strdup(arena, target->database);
    ret_copy->socket = wb_arena_strdup(arena, target->socket);
    ret_copy->name = wb_arena_strdup(arena, target->name);
    for (size_t i = 0; i < WB_MARIA_OPTION_COUNT; i++)
        ret_copy->options[i] = wb_arena_strdup(arena, target->options[i]);
}

void wb_maria_target_clear(wb_maria_target *target)
{
    if (target->password != NULL)
        wb_wipe(target->password, strlen(target->password));
    wb_arena_free(target->arena);
    *target = (wb_maria_target){0};
}
