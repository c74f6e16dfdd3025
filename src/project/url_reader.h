/* What the readers of the forms of a URL share. Internal to this folder.
 *
 * A URL holds a password, so its errors follow one rule: they quote names (of schemes, parameters,
 * hosts that were told apart beyond doubt), never values, and say where the fault is by counting
 * characters. */
#ifndef WB_PROJECT_URL_READER_H
#define WB_PROJECT_URL_READER_H

#include "base/buf.h"
#include "project/url.h"

typedef struct wb_url_reader {
    wb_str text; /* all of it; pieces that are passed around point into it */
    wb_arena *arena;
    wb_url *url;
    WB_LIST(wb_str) secrets; /* pieces of `text` that are never shown, in ascending order */
    const char *hosts;      /* of `host` parameters, which replace those before the path; or NULL */
    const char *host_ports; /* one for each of `hosts` */
    const char *runtime;    /* PostgreSQL: "-c name=value ..." gathered from parameters; or NULL */
    wb_url_parameter on_or_off; /* of a switch such as ssl=true; name NULL where there is none */
    bool seconds;               /* SQLite: a bare `timeout` counts seconds (SQLAlchemy's drivers) */
    bool is_doubtful;           /* a parameter's name may be part of a password: do not quote it */
} wb_url_reader;

/* Fails with "... (character N)", N being where `at` points. */
bool wb_url_fail_at(const wb_url_reader *reader, const char *at, wb_error *err, const char *format,
                    ...) WB_PRINTF(4, 5);
/* Replaces %XX. Fails on a bad or cut sequence, on %00 and, but for a password, on what is no
 * UTF-8. `what` names the piece: "user name". */
bool wb_url_decode(const wb_url_reader *reader, wb_str piece, const char *what,
                   const char **ret_text, wb_error *err);
/* Remembers a piece that must not be shown; empty pieces are no secrets. */
void wb_url_add_secret(wb_url_reader *reader, wb_str piece);

/* What stands behind "scheme://" for a server: user:password@host:port,.../database?parameters. */
bool wb_url_read_server(wb_url_reader *reader, wb_str rest, wb_error *err);
/* host:port,host:port,... of PostgreSQL or the one host of MariaDB. */
bool wb_url_read_hosts(wb_url_reader *reader, wb_str hosts, wb_error *err);
/* The value of a `host` parameter: names, folders, name:port, separated by commas. Several
 * parameters add up, as SQLAlchemy writes them. */
bool wb_url_add_host(wb_url_reader *reader, const char *value, wb_str value_at, wb_error *err);
/* A port list in text form is whole numbers from 1 to 65535; empty ones mean the default. */
bool wb_url_is_port_list(wb_str ports);
/* What stands behind "sqlite:" or "file:". */
bool wb_url_read_sqlite(wb_url_reader *reader, wb_str rest, bool is_file_uri, wb_error *err);
/* libpq's form: host=... dbname='...'. */
bool wb_url_read_keywords(wb_url_reader *reader, wb_error *err);
/* What stands behind '?': name=value&name=value. */
bool wb_url_read_query(wb_url_reader *reader, wb_str query, wb_error *err);
/* Brings what was read into the shape that url.h promises: one port for each host, the socket
 * apart from the host, the gathered options. */
bool wb_url_finish(wb_url_reader *reader, wb_error *err);

/* One parameter, decoded, its value NULL where there is no '=': looked up in the engine's table
 * (url_parameters.c), checked, translated and stored. `name_at` and `value_at` say where they
 * stand. */
bool wb_url_set_parameter(wb_url_reader *reader, const char *name, wb_str name_at,
                          const char *value, wb_str value_at, wb_error *err);
/* Does a parameter of this name hold a secret? Known or not: `dbpassword` does. */
bool wb_url_is_secret_name(const char *name);

#endif
