/* user:password@host:port,host:port/database?parameters, for PostgreSQL and MariaDB.
 *
 * Passwords that were not percent-encoded are the usual trouble. RFC 3986 ends the host part at the
 * first '/', '?' or '#'; SQLAlchemy lets a password run up to the '@'. Where the two readings
 * differ, the first one has a "port" that is no number, and no sense: then the second is taken, if
 * there is one '@' only. Where the first one could also be meant, the URL is refused. */
#include "project/url_reader.h"

typedef struct parts {
    wb_str user;
    wb_str password;
    wb_str hosts;
    wb_str rest; /* begins with '/' or '?', or is empty */
    bool has_user;
    bool has_password;
} parts;

static bool find_last(wb_str text, char byte, size_t *ret_offset)
{
    for (size_t i = text.len; i > 0; i--) {
        if (text.ptr[i - 1] == byte) {
            *ret_offset = i - 1;
            return true;
        }
    }
    return false;
}

static bool is_port(wb_str text)
{
    uint64_t number = 0;
    return wb_str_to_u64(text, &number) && number >= 1 && number <= 65535;
}

bool wb_url_is_port_list(wb_str ports)
{
    wb_str port;
    while (wb_str_split(&ports, ',', &port)) {
        if (port.len > 0 && !is_port(port))
            return false;
    }
    return true;
}

/* Can `hosts` be read as hosts with ports, at least one of them? */
static bool has_ports(wb_str hosts)
{
    wb_str one;
    bool found = false;
    while (wb_str_split(&hosts, ',', &one)) {
        size_t colon = 0;
        if (!wb_str_find_byte(one, ':', &colon))
            continue;
        wb_str port = wb_str_from_offset(one, colon + 1);
        if (port.len > 0 && !is_port(port))
            return false;
        found = found || port.len > 0;
    }
    return found;
}

static size_t authority_length(wb_str text)
{
    size_t i = 0;
    while (i < text.len && text.ptr[i] != '/' && text.ptr[i] != '?' && text.ptr[i] != '#')
        i++;
    return i;
}

static void split_user(parts *found, wb_str userinfo)
{
    size_t colon = 0;
    found->has_user = true;
    found->user = userinfo;
    if (wb_str_find_byte(userinfo, ':', &colon)) {
        found->has_password = true;
        found->user = wb_str_sub(userinfo, 0, colon);
        found->password = wb_str_from_offset(userinfo, colon + 1);
    }
}

static bool fail_doubtful(const wb_url_reader *reader, wb_str text, wb_error *err)
{
    (void) wb_url_fail_at(reader, text.ptr, err,
                          "it is not clear where the password ends and the host begins");
    return wb_hint(err, "Write %%2F for a slash, %%3F for a question mark, %%23 for a hash sign "
                        "and %%40 for an at sign in the user name and the password.");
}

/* `text` has no '@' up to where its host part seems to end, but has one later. */
static bool split_unencoded(wb_url_reader *reader, wb_str text, size_t length, parts *found,
                            wb_error *err)
{
    size_t colon = 0;
    size_t first = 0;
    size_t last = 0;
    (void) wb_str_find_byte(text, '@', &first);
    (void) find_last(text, '@', &last);
    wb_str hosts = wb_str_sub(text, 0, length);
    bool has_colon = wb_str_find_byte(hosts, ':', &colon) && text.ptr[0] != '[';
    bool is_ported = has_colon && has_ports(hosts);
    wb_str before = wb_str_sub(text, 0, first);
    size_t mark = 0;
    if (has_colon && !is_ported && first == last) {
        split_user(found, before);
        wb_str rest = wb_str_from_offset(text, first + 1);
        size_t hosts_length = authority_length(rest);
        found->hosts = wb_str_sub(rest, 0, hosts_length);
        found->rest = wb_str_from_offset(rest, hosts_length);
        return true;
    }
    /* An '@' in a parameter is fine; one in the path behind a port is not. */
    if (has_colon && (!is_ported || !wb_str_find_byte(before, '?', &mark)))
        return fail_doubtful(reader, text, err);
    reader->is_doubtful = has_colon;
    found->hosts = hosts;
    found->rest = wb_str_from_offset(text, length);
    return true;
}

static bool split_parts(wb_url_reader *reader, wb_str text, parts *found, wb_error *err)
{
    *found = (parts){.hosts = text};
    size_t length = authority_length(text);
    wb_str authority = wb_str_sub(text, 0, length);
    size_t at = 0;
    if (find_last(authority, '@', &at)) {
        split_user(found, wb_str_sub(authority, 0, at));
        found->hosts = wb_str_from_offset(authority, at + 1);
        found->rest = wb_str_from_offset(text, length);
        return true;
    }
    if (wb_str_find_byte(text, '@', &at))
        return split_unencoded(reader, text, length, found, err);
    found->hosts = authority;
    found->rest = wb_str_from_offset(text, length);
    return true;
}

/* Splits "[::1]:5432" or "name:5432" and takes the brackets away. The port is empty where there is
 * none. Never quotes: without an '@', what stands behind the colon may be a password. */
static bool split_host(const wb_url_reader *reader, wb_str text, wb_str *ret_host, wb_str *ret_port,
                       wb_error *err)
{
    wb_str tail;
    size_t end = 0;
    if (text.len > 0 && text.ptr[0] == '[') {
        if (!wb_str_find_byte(text, ']', &end) || end < 3)
            return wb_url_fail_at(reader, text.ptr, err,
                                  "the brackets around an IPv6 address "
                                  "are not complete");
        *ret_host = wb_str_sub(text, 1, end - 1);
        tail = wb_str_from_offset(text, end + 1);
        if (tail.len > 0 && tail.ptr[0] != ':')
            return wb_url_fail_at(reader, tail.ptr, err, "a \":\" is missing behind the brackets");
    } else {
        end = text.len;
        (void) wb_str_find_byte(text, ':', &end);
        *ret_host = wb_str_sub(text, 0, end);
        tail = wb_str_from_offset(text, end);
    }
    *ret_port = wb_str_from_offset(tail, 1);
    if (ret_port->len == 0 || is_port(*ret_port))
        return true;
    (void) wb_url_fail_at(reader, tail.ptr, err, "the port is not a number from 1 to 65535");
    if (wb_str_find_byte(*ret_port, ':', &end))
        return wb_hint(err, "Write an IPv6 address in brackets: [::1]:5432");
    return wb_hint(err, "A URL is scheme://user:password@host:port/database; where it has a "
                        "password, \"@\" must stand behind it.");
}

static bool check_host(const wb_url_reader *reader, const char *host, wb_str piece, wb_error *err)
{
    if (host[0] == '/')
        return true;
    for (const char *c = host; *c != '\0'; c++) {
        if (strchr(" ,()<>\"'\\/[]|^`{}", *c) == NULL)
            continue;
        (void) wb_url_fail_at(reader, piece.ptr, err,
                              "the host has a character that no host name "
                              "has");
        return wb_hint(err, "A unix socket is given as ?host=/folder for PostgreSQL and as "
                            "?socket=/path for MariaDB.");
    }
    return true;
}

bool wb_url_read_hosts(wb_url_reader *reader, wb_str hosts, wb_error *err)
{
    WB_AUTO_BUF(names, 0);
    WB_AUTO_BUF(ports, 0);
    const char *separator = "";
    wb_str rest = hosts;
    wb_str one;
    while (wb_str_split(&rest, ',', &one)) {
        wb_str name = {0};
        wb_str port = {0};
        const char *host = NULL;
        if (!split_host(reader, one, &name, &port, err) ||
            !wb_url_decode(reader, name, "host", &host, err) || !check_host(reader, host, one, err))
            return false;
        wb_buf_printf(&names, "%s%s", separator, host);
        wb_buf_printf(&ports, "%s%.*s", separator, WB_STR_ARG(port));
        separator = ",";
    }
    if (names.len > 0)
        reader->url->host = wb_str_dup(reader->arena, wb_buf_str(&names));
    if (ports.len > 0)
        reader->url->ports = wb_str_dup(reader->arena, wb_buf_str(&ports));
    return true;
}

/* A `host` parameter differs from the host before the path: IPv6 needs no brackets there, and a
 * folder of sockets stands as it is. */
static void split_host_value(wb_str one, wb_str *ret_name, wb_str *ret_port)
{
    size_t colon = 0;
    size_t last = 0;
    *ret_name = one;
    *ret_port = wb_str_make("", 0);
    bool is_path = one.len > 0 && (one.ptr[0] == '/' || one.ptr[0] == '@');
    if (is_path || !find_last(one, ':', &last))
        return;
    (void) wb_str_find_byte(one, ':', &colon);
    bool has_bracket = one.ptr[0] == '[';
    bool is_bare_ipv6 = !has_bracket && colon != last;
    bool ends_in_bracket = one.ptr[one.len - 1] == ']';
    if (!is_bare_ipv6 && !ends_in_bracket) {
        *ret_name = wb_str_sub(one, 0, last);
        *ret_port = wb_str_from_offset(one, last + 1);
    }
    if (has_bracket && ret_name->len > 2 && ret_name->ptr[ret_name->len - 1] == ']')
        *ret_name = wb_str_sub(*ret_name, 1, ret_name->len - 2);
}

bool wb_url_add_host(wb_url_reader *reader, const char *value, wb_str value_at, wb_error *err)
{
    WB_AUTO_BUF(names, 0);
    WB_AUTO_BUF(ports, 0);
    const char *separator = reader->hosts != NULL ? "," : "";
    wb_buf_puts(&names, reader->hosts != NULL ? reader->hosts : "");
    wb_buf_puts(&ports, reader->hosts != NULL ? reader->host_ports : "");
    wb_str rest = wb_str_from(value);
    wb_str one;
    while (wb_str_split(&rest, ',', &one)) {
        wb_str name;
        wb_str port;
        split_host_value(one, &name, &port);
        if (port.len > 0 && !is_port(port))
            return wb_url_fail_at(reader, value_at.ptr, err,
                                  "the port in the parameter \"host\" is not a number from 1 to "
                                  "65535");
        if (!check_host(reader, wb_str_dup(reader->arena, name), value_at, err))
            return false;
        wb_buf_printf(&names, "%s%.*s", separator, WB_STR_ARG(name));
        wb_buf_printf(&ports, "%s%.*s", separator, WB_STR_ARG(port));
        separator = ",";
    }
    reader->hosts = wb_str_dup(reader->arena, wb_buf_str(&names));
    reader->host_ports = wb_str_dup(reader->arena, wb_buf_str(&ports));
    return true;
}

/* What ends the URL early elsewhere would be part of a name here: neither is what was meant. */
static bool check_path(const wb_url_reader *reader, wb_str rest, wb_str path, wb_error *err)
{
    size_t at = 0;
    if (wb_str_find_byte(rest, '#', &at)) {
        (void) wb_url_fail_at(reader, rest.ptr + at, err, "the URL has a \"#\"");
        return wb_hint(err, "Write %%23 where it is part of a name or a value.");
    }
    if (wb_str_find_byte(path, '/', &at)) {
        (void) wb_url_fail_at(reader, path.ptr + at, err, "the database name has a \"/\"");
        return wb_hint(err, "Remove what stands behind the name, or write %%2F for a slash in it.");
    }
    return true;
}

static bool read_path_database(wb_url_reader *reader, wb_str rest, wb_error *err)
{
    size_t mark = rest.len;
    (void) wb_str_find_byte(rest, '?', &mark);
    wb_str path = wb_str_sub(rest, 1, mark > 0 ? mark - 1 : 0);
    if (!check_path(reader, rest, path, err))
        return false;
    if (path.len > 0 && !wb_url_decode(reader, path, "database name", &reader->url->database, err))
        return false;
    return wb_url_read_query(reader, wb_str_from_offset(rest, mark + 1), err);
}

bool wb_url_read_server(wb_url_reader *reader, wb_str rest, wb_error *err)
{
    parts found;
    if (!split_parts(reader, rest, &found, err))
        return false;
    if (found.has_password) {
        wb_url_add_secret(reader, found.password);
        if (!wb_url_decode(reader, found.password, "password", &reader->url->password, err))
            return false;
    }
    if (found.user.len > 0 &&
        !wb_url_decode(reader, found.user, "user name", &reader->url->user, err))
        return false;
    return wb_url_read_hosts(reader, found.hosts, err) &&
           read_path_database(reader, found.rest, err);
}
