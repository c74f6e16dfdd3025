/* The parameters behind '?', and what is done once all of a URL has been read. */
#include "project/url_reader.h"

static bool read_one(wb_url_reader *reader, wb_str piece, wb_error *err)
{
    size_t equals = piece.len;
    bool has_value = wb_str_find_byte(piece, '=', &equals);
    wb_str name_at = wb_str_sub(piece, 0, equals);
    wb_str value_at = wb_str_from_offset(piece, equals + 1);
    const char *name = NULL;
    const char *value = NULL;
    if (name_at.len == 0) {
        (void) wb_url_fail_at(reader, piece.ptr, err, "a parameter has no name");
        return wb_hint(err, "Parameters are written ?name=value&name=value; write %%26 for an "
                            "ampersand in a value.");
    }
    if (!wb_url_decode(reader, name_at, "name of a parameter", &name, err))
        return false;
    bool is_secret = wb_url_is_secret_name(name);
    if (is_secret)
        wb_url_add_secret(reader, value_at);
    if (has_value && !wb_url_decode(reader, value_at,
                                    is_secret ? "password" : "value of a parameter", &value, err))
        return false;
    return wb_url_set_parameter(reader, name, name_at, value, value_at, err);
}

bool wb_url_read_query(wb_url_reader *reader, wb_str query, wb_error *err)
{
    wb_str piece;
    while (wb_str_split(&query, '&', &piece)) {
        if (piece.len > 0 && !read_one(reader, piece, err))
            return false;
    }
    return true;
}

static size_t count_parts(const char *list)
{
    size_t count = 1;
    for (; *list != '\0'; list++)
        count += *list == ',' ? 1 : 0;
    return count;
}

/* libpq takes one port for all hosts, or one for each. */
static bool finish_ports(wb_url_reader *reader, wb_error *err)
{
    wb_url *url = reader->url;
    if (url->ports == NULL)
        return true;
    if (strspn(url->ports, ",") == strlen(url->ports)) {
        url->ports = NULL;
        return true;
    }
    size_t hosts = url->host != NULL ? count_parts(url->host) : 1;
    size_t ports = count_parts(url->ports);
    if (ports == hosts)
        return true;
    if (ports != 1)
        return wb_fail(err, WB_E_CONFIG, "the URL has %zu ports for %zu hosts", ports, hosts);
    WB_AUTO_BUF(all, 0);
    for (size_t i = 0; i < hosts; i++)
        wb_buf_printf(&all, "%s%s", i == 0 ? "" : ",", url->ports);
    url->ports = wb_str_dup(reader->arena, wb_buf_str(&all));
    return true;
}

/* A `host` parameter replaces the host before the path, which is a mere placeholder in the URLs of
 * some stacks; the port there stays in force unless the parameter has its own. */
static void finish_hosts(wb_url_reader *reader)
{
    if (reader->hosts == NULL)
        return;
    reader->url->host = reader->hosts;
    if (strspn(reader->host_ports, ",") != strlen(reader->host_ports))
        reader->url->ports = reader->host_ports;
}

static bool finish_postgres(wb_url_reader *reader, wb_error *err)
{
    wb_url *url = reader->url;
    if (!finish_ports(reader, err))
        return false;
    if (reader->runtime == NULL)
        return true;
    for (size_t i = 0; i < url->parameters.count; i++) {
        wb_url_parameter *parameter = &url->parameters.items[i];
        if (strcmp(parameter->name, "options") != 0)
            continue;
        parameter->value =
            wb_arena_printf(reader->arena, "%s %s", parameter->value, reader->runtime);
        return true;
    }
    wb_url_parameter options = {"options", reader->runtime};
    WB_LIST_ADD(reader->arena, &url->parameters, options);
    return true;
}

static bool finish_mariadb(wb_url_reader *reader, wb_error *err)
{
    wb_url *url = reader->url;
    if (url->host != NULL && strchr(url->host, ',') != NULL) {
        (void) wb_fail(err, WB_E_CONFIG, "a URL of MariaDB names several hosts");
        return wb_hint(err, "Name the server that takes writes, or put a proxy in front of them.");
    }
    if (url->host != NULL && url->host[0] == '/') {
        if (url->socket == NULL)
            url->socket = url->host;
        url->host = NULL;
    }
    return finish_ports(reader, err);
}

static bool finish_sqlite(wb_url_reader *reader)
{
    wb_url *url = reader->url;
    for (size_t i = 0; i < url->parameters.count; i++) {
        if (strcmp(url->parameters.items[i].name, "mode") != 0 ||
            strcmp(url->parameters.items[i].value, "memory") != 0)
            continue;
        url->database = ":memory:";
        url->parameters.items[i] = url->parameters.items[--url->parameters.count];
        return true;
    }
    return true;
}

bool wb_url_finish(wb_url_reader *reader, wb_error *err)
{
    const wb_url_parameter *on_or_off = &reader->on_or_off;
    finish_hosts(reader);
    if (on_or_off->name != NULL && wb_url_parameter_value(reader->url, on_or_off->name) == NULL)
        WB_LIST_ADD(reader->arena, &reader->url->parameters, *on_or_off);
    switch (reader->url->engine) {
    case WB_ENGINE_SQLITE:
        return finish_sqlite(reader);
    case WB_ENGINE_POSTGRES:
        return finish_postgres(reader, err);
    case WB_ENGINE_MARIADB:
        return finish_mariadb(reader, err);
    }
    return true;
}
