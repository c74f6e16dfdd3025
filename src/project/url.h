/* Database URLs, in the forms of all common stacks, as one plain struct. */
#ifndef WB_PROJECT_URL_H
#define WB_PROJECT_URL_H

#include "base/fail.h"
#include "base/list.h"

typedef enum wb_engine { WB_ENGINE_SQLITE, WB_ENGINE_POSTGRES, WB_ENGINE_MARIADB } wb_engine;

/* What a driver may meet; all else is translated to these, ignored, or refused:
 *
 * SQLite: mode (ro, rw, rwc), cache (shared, private), immutable, nolock (true, false), timeout
 *   (how long to wait for a lock, milliseconds), vfs.
 * PostgreSQL: the names of libpq's parameters but for host, port, user, password and dbname, which
 *   have fields of their own. search_path and settings of the server arrive inside `options`, as
 *   "-c name=value". libpq must be called with expand_dbname 0.
 * MariaDB: ssl_mode (disabled, preferred, required, verify_ca, verify_identity), ssl_ca,
 *   ssl_capath, ssl_cert, ssl_key, ssl_cipher, ssl_verify_cert (true, false), charset (always
 *   utf8mb4), connect_timeout (seconds). */
typedef struct wb_url_parameter {
    const char *name;  /* as the driver knows it, such as "sslmode"; each at most once */
    const char *value; /* percent-decoded, checked, in the driver's words; never empty */
} wb_url_parameter;

typedef struct wb_url {
    wb_engine engine;
    const char *scheme;   /* as written, such as "postgresql+asyncpg"; "postgresql" for keywords */
    const char *user;     /* NULL where not given */
    const char *password; /* NULL where not given; never printed */
    /* Host names, or folders of unix sockets, in the order in which they are tried (PostgreSQL
     * takes several); NULL where not given. IPv6 without its brackets. */
    const char *host;     /* comma-separated where there are several */
    const char *ports;    /* one for each host, comma-separated, empty for the default; NULL for the
                             default of all; "5433" without a host is for the default host */
    const char *socket;   /* MariaDB: path of the unix socket; NULL where not given */
    const char *database; /* SQLite: the file's path, or ":memory:"; NULL where not given */
    WB_LIST(wb_url_parameter) parameters; /* what the engine's client library is told */
    const char *masked; /* the URL as it may be shown: every secret replaced by *** */
} wb_url;

/* Reads a URL: sqlite:path, sqlite:///path, sqlite3:, file:, postgres://, postgresql+driver://,
 * mysql://, mariadb+driver://, each also behind "jdbc:", and libpq's keyword form (host=...
 * dbname=...). docs/guide/configuration.md lists them all. The arena owns the result. Fails with
 * CONFIG. Errors never quote a secret. */
bool wb_url_parse(const char *text, wb_arena *arena, wb_url *ret_url, wb_error *err);
/* The value of a parameter, NULL where not given. */
const char *wb_url_parameter_value(const wb_url *url, const char *name);
/* `text` itself, or, for a SQLite file with a relative path, a URL with the same parameters whose
 * path begins at `folder`. Fails as wb_url_parse. */
bool wb_url_resolve(const char *text, const char *folder, wb_arena *arena, const char **ret_text,
                    wb_error *err);
/* `text` with everything that looks like a password in a URL, a key=value list or SQL replaced by
 * ***. For text of other origin, such as a client library's messages. In doubt it hides too much.
 */
const char *wb_mask_secrets(const char *text, wb_arena *arena);

#endif
