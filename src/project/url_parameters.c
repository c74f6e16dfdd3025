/* One parameter of a URL: found in the engine's table, checked, translated, stored. */
#include "base/suggest.h"
#include "project/url_reader.h"
#include "project/url_rules.h"

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name);
    size_t end_length = strlen(end);
    return length >= end_length && wb_url_is_same_word(name + length - end_length, end);
}

bool wb_url_is_secret_name(const char *name)
{
    static const char *const ends[] = {"password", "passwd", "pwd", "pass", "secret", "token"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (ends_with(name, ends[i]))
            return true;
    }
    return false;
}

static bool fail_unknown_parameter(const wb_url_reader *reader, const wb_url_rule_set *set,
                                   const char *name, wb_str name_at, wb_error *err)
{
    if (reader->is_doubtful) {
        (void) wb_url_fail_at(reader, name_at.ptr, err, "a parameter of the URL is not known");
        return wb_hint(err, "If this is a part of the password: percent-encode it in a URL, and "
                            "put it in single quotes in the keyword form.");
    }
    const char **known = WB_NEW_ARRAY(reader->arena, const char *, set->count);
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (set->rules[i].action != WB_URL_IGNORE)
            known[count++] = set->rules[i].name;
    }
    (void) wb_url_fail_at(reader, name_at.ptr, err, "the parameter \"%s\" is not known for %s",
                          name, set->engine);
    const char *near = wb_suggest(reader->arena, wb_str_from(name), known, count);
    return wb_hint(err, "%s",
                   near != NULL ? near : "The guide \"configuration\" lists all parameters.");
}

static bool fail_parameter_value(const wb_url_reader *reader, const char *name, wb_str value_at,
                                 const char *wanted, wb_error *err)
{
    return wb_url_fail_at(reader, value_at.ptr, err, "the parameter \"%s\" is not %s", name,
                          wanted);
}

/* `told` is what the driver calls it, `name` what the URL does. */
static bool fail_twice(const wb_url_reader *reader, const char *told, const char *name,
                       wb_str name_at, wb_error *err)
{
    (void) wb_url_fail_at(reader, name_at.ptr, err,
                          "the parameter \"%s\" contradicts one before it", name);
    return wb_hint(err, "Give \"%s\" once.", told);
}

static bool add_parameter(wb_url_reader *reader, const char *told, const char *name,
                          const char *value, wb_str name_at, wb_error *err)
{
    const char *before = wb_url_parameter_value(reader->url, told);
    if (before != NULL)
        return strcmp(before, value) == 0 || fail_twice(reader, told, name, name_at, err);
    wb_url_parameter parameter = {told, value};
    WB_LIST_ADD(reader->arena, &reader->url->parameters, parameter);
    return true;
}

/* ssl=true beside sslmode=verify-full says nothing new; wb_url_finish adds it where it does. */
static bool add_switch(wb_url_reader *reader, const char *told, const char *name, const char *value,
                       wb_str name_at, wb_error *err)
{
    wb_url_parameter *before = &reader->on_or_off;
    if (before->name != NULL && strcmp(before->value, value) != 0)
        return fail_twice(reader, told, name, name_at, err);
    *before = (wb_url_parameter){told, value};
    return true;
}

static bool set_choice(wb_url_reader *reader, const wb_url_rule *rule, const char *value,
                       wb_str name_at, wb_str value_at, wb_error *err)
{
    for (const wb_url_choice *one = rule->choices; one->word != NULL; one++) {
        if (!wb_url_is_same_word(one->word, value))
            continue;
        if (one->told == NULL)
            return true;
        if (one->is_switch)
            return add_switch(reader, rule->told, rule->name, one->told, name_at, err);
        return add_parameter(reader, rule->told, rule->name, one->told, name_at, err);
    }
    (void) fail_parameter_value(reader, rule->name, value_at, "one of the words that it may be",
                                err);
    WB_AUTO_BUF(words, 0);
    for (const wb_url_choice *one = rule->choices; one->word != NULL; one++)
        wb_buf_printf(&words, "%s%s", words.len > 0 ? ", " : "", one->word);
    return wb_hint(err, "Write one of: %s.", wb_buf_text(&words));
}

/* A bare timeout is in milliseconds, but SQLAlchemy hands it to Python's module, which counts
 * seconds, with a fraction if need be. */
static bool set_busy(wb_url_reader *reader, const wb_url_rule *rule, const char *value,
                     wb_str name_at, wb_str value_at, wb_error *err)
{
    wb_str whole = wb_str_from(value);
    uint64_t fraction = 0;
    size_t dot = 0;
    if (reader->seconds && wb_str_find_byte(whole, '.', &dot)) {
        wb_str digits = wb_str_sub(whole, dot + 1, 3);
        if (digits.len > 0 && !wb_str_to_u64(digits, &fraction))
            return fail_parameter_value(reader, rule->name, value_at, "a number of seconds", err);
        for (size_t i = digits.len; i < 3; i++)
            fraction *= 10;
        whole = wb_str_sub(whole, 0, dot);
    }
    uint64_t number = 0;
    if (!wb_str_to_u64(whole, &number) || number > INT32_MAX / 1000)
        return fail_parameter_value(reader, rule->name, value_at, "a whole number that makes sense",
                                    err);
    uint64_t wait_ms = reader->seconds ? number * 1000 + fraction : number;
    const char *text = wb_arena_printf(reader->arena, "%llu", (unsigned long long) wait_ms);
    return add_parameter(reader, rule->told, rule->name, text, name_at, err);
}

static bool set_count(wb_url_reader *reader, const wb_url_rule *rule, const char *value,
                      wb_str name_at, wb_str value_at, wb_error *err)
{
    uint64_t number = 0;
    if (!wb_str_to_u64(wb_str_from(value), &number) || number > INT32_MAX)
        return fail_parameter_value(reader, rule->name, value_at, "a whole number", err);
    if (rule->action == WB_URL_MILLIS)
        number = (number + 999) / 1000;
    const char *text = wb_arena_printf(reader->arena, "%llu", (unsigned long long) number);
    return add_parameter(reader, rule->told, rule->name, text, name_at, err);
}

static bool needs_quotes(const char *name)
{
    if (wb_is_digit(name[0]))
        return true;
    for (; *name != '\0'; name++) {
        bool is_lower = *name >= 'a' && *name <= 'z';
        if (!is_lower && !wb_is_digit(*name) && *name != '_')
            return true;
    }
    return false;
}

/* `name` as an identifier of SQL. */
static const char *identifier(const char *name, wb_arena *arena)
{
    if (!needs_quotes(name))
        return name;
    WB_AUTO_BUF(text, 0);
    wb_buf_putc(&text, '"');
    for (; *name != '\0'; name++)
        wb_buf_puts(&text, *name == '"' ? "\"\"" : (const char[]){*name, '\0'});
    wb_buf_putc(&text, '"');
    return wb_str_dup(arena, wb_buf_str(&text));
}

/* Adds "-c name=value", in which libpq wants a backslash before blanks and backslashes. */
static void add_option(wb_url_reader *reader, const char *name, const char *value)
{
    WB_AUTO_BUF(text, 0);
    if (reader->runtime != NULL)
        wb_buf_printf(&text, "%s ", reader->runtime);
    wb_buf_printf(&text, "-c %s=", name);
    for (; *value != '\0'; value++) {
        if (*value == '\\' || wb_is_space(*value))
            wb_buf_putc(&text, '\\');
        wb_buf_putc(&text, *value);
    }
    reader->runtime = wb_str_dup(reader->arena, wb_buf_str(&text));
}

static bool set_field(wb_url_reader *reader, const wb_url_rule *rule, const char *value,
                      wb_str value_at, wb_error *err)
{
    wb_url *url = reader->url;
    switch (rule->action) {
    case WB_URL_USER:
        url->user = value;
        return true;
    case WB_URL_PASSWORD:
        url->password = value;
        return true;
    case WB_URL_DATABASE:
        url->database = value;
        return true;
    case WB_URL_SOCKET:
        url->socket = value;
        return true;
    case WB_URL_HOST:
        return wb_url_add_host(reader, value, value_at, err);
    case WB_URL_PORT:
        if (!wb_url_is_port_list(wb_str_from(value)))
            return fail_parameter_value(reader, rule->name, value_at, "a number from 1 to 65535",
                                        err);
        url->ports = value;
        return true;
    case WB_URL_PASS:
    case WB_URL_COUNT:
    case WB_URL_MILLIS:
    case WB_URL_BUSY:
    case WB_URL_CHOICE:
    case WB_URL_OPTIONS:
    case WB_URL_SCHEMA:
    case WB_URL_IGNORE:
        break;
    }
    return true;
}

static bool apply(wb_url_reader *reader, const wb_url_rule *rule, const char *value, wb_str name_at,
                  wb_str value_at, wb_error *err)
{
    switch (rule->action) {
    case WB_URL_PASS:
        return add_parameter(reader, rule->told, rule->name, value, name_at, err);
    case WB_URL_COUNT:
    case WB_URL_MILLIS:
        return set_count(reader, rule, value, name_at, value_at, err);
    case WB_URL_BUSY:
        return set_busy(reader, rule, value, name_at, value_at, err);
    case WB_URL_CHOICE:
        return set_choice(reader, rule, value, name_at, value_at, err);
    case WB_URL_OPTIONS:
        add_option(reader, rule->told, value);
        return true;
    case WB_URL_SCHEMA:
        add_option(reader, rule->told, identifier(value, reader->arena));
        return true;
    case WB_URL_IGNORE:
        return true;
    case WB_URL_USER:
    case WB_URL_PASSWORD:
    case WB_URL_HOST:
    case WB_URL_PORT:
    case WB_URL_DATABASE:
    case WB_URL_SOCKET:
        break;
    }
    return set_field(reader, rule, value, value_at, err);
}

bool wb_url_set_parameter(wb_url_reader *reader, const char *name, wb_str name_at,
                          const char *value, wb_str value_at, wb_error *err)
{
    const wb_url_rule_set *set = wb_url_rules(reader->url->engine);
    const wb_url_rule *rule = wb_url_find_rule(set, name);
    bool is_private = wb_str_has_prefix(wb_str_from(name), WB_STR("x-"));
    if (is_private) /* what golang-migrate tells itself */
        return true;
    if (rule == NULL)
        return fail_unknown_parameter(reader, set, name, name_at, err);
    if (value == NULL && rule->action != WB_URL_CHOICE && rule->action != WB_URL_IGNORE)
        return fail_parameter_value(reader, rule->name, name_at, "given a value", err);
    if (value == NULL)
        value = "true";   /* "?ssl" */
    if (value[0] == '\0') /* to libpq and others an empty value is none */
        return true;
    return apply(reader, rule, value, name_at, value_at, err);
}
